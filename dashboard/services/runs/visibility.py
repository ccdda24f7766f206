"""How well a run is seen at the moment of a request, and the tag of its live part."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import quote
from zlib import crc32

from dashboard import __version__
from dashboard.domain.run.usual import Usual
from dashboard.domain.run.visibility import Visibility
from dashboard.models import Run
from dashboard.presentation.run.segments import growth
from dashboard.presentation.run.time_left import time_left
from dashboard.services import database_health
from dashboard.services.comfydeploy import gate, load
from dashboard.services.files import file_queue
from dashboard.services.runs import usual
from dashboard.services.runs.refresh import looked_interval

KEEP_INTERVAL = 5.0
ABOUT_ONE_RUN = frozenset({"not-found", "forbidden", "bad-answer"})


def visibility_of(run: Run, now: datetime) -> Visibility:
    given_up = bool(run.trouble) and run.next_refresh_at is None and not run.finished
    interval = None if given_up else looked_interval(run, now)
    keeping = interval is None and file_queue.is_awaited(run, now)
    interval = KEEP_INTERVAL if keeping else interval
    visibility = Visibility(
        now=now,
        observed_at=run.observed_at,
        trouble=run.trouble,
        trouble_since=run.trouble_since,
        retry_at=run.next_refresh_at if run.trouble else None,
        interval=interval,
        stale=run.live and interval is not None and _overdue(run, now) > interval + 5,
        given_up=given_up,
        keeping=keeping,
        storage=None if interval is None else database_health.trouble(),
        shared=_shared(now) if run.live else None,
    )
    return visibility if interval is None or keeping else _stopped(visibility, now)


def _overdue(run: Run, now: datetime) -> float:
    """Seconds past the moment at which the run should have been asked for again."""
    return (now - run.next_refresh_at).total_seconds() if run.next_refresh_at else 0.0


def _shared(now: datetime) -> tuple[int, float] | None:
    """What all live runs share, where it is too little for the usual pace."""
    found = load.current(now)
    return (found.runs, found.rate) if found.stretch > 1 else None


def _stopped(visibility: Visibility, now: datetime) -> Visibility:
    """The same while asking is stopped for everybody; what is about this run stays."""
    stop = gate.current_stop(now)
    if stop is None:
        return visibility
    if visibility.trouble in ABOUT_ONE_RUN:
        later = [moment for moment in (visibility.retry_at, stop.until) if moment]
        return replace(visibility, retry_at=max(later, default=None))
    return replace(
        visibility,
        trouble=stop.reason,
        trouble_since=stop.since,
        retry_at=stop.until,
        everybody=True,
    )


def poll_seconds(visibility: Visibility) -> int | None:
    return None if visibility.interval is None else max(2, round(visibility.interval))


def tag_of(run: Run, visibility: Visibility) -> str:
    """Changes whenever the live part would: versions, trouble, time left, a bar that has grown."""
    retry = int(visibility.retry_at.timestamp()) if visibility.retry_at else 0
    parts = (
        f"v{run.shown_version}",
        _outputs_tag(run),
        f"p{poll_seconds(visibility) or 0}",
        f"t{visibility.trouble or ''}{retry}",
        "all"
        if visibility.everybody
        else f"s{visibility.shared[0]}"
        if visibility.shared
        else "own",
        f"l{_said_of_past(run, visibility):08x}",
        f"g{growth(run, visibility)}",
        "unstored" if visibility.storage else "stale" if visibility.stale else "fresh",
        __version__,
    )
    return quote(".".join(parts))


def _outputs_tag(run: Run) -> str:
    """Changes with the outputs, and with what is kept of them: that lies beside the answers."""
    return f"o{run.outputs_version}-{run.extras_version}"


def live_usual(run: Run, visibility: Visibility) -> Usual | None:
    """What runs like a live one took; nothing is read for one that we do not see."""
    return usual.usual_for(run, visibility) if run.live and not visibility.lost else None


def _said_of_past(run: Run, visibility: Visibility) -> int:
    """The words of the time left, which the clock changes, as a number."""
    past = time_left(run, visibility, live_usual(run, visibility))
    return crc32(f"{past.text}{past.likely is None}".encode()) if past else 0


def changed_since(run: Run, tag: str | None) -> list[str]:
    """The events for the page's other parts, by what the tag of its last poll lacks."""
    seen = (tag or "").split(".")
    events = []
    if f"v{run.shown_version}" not in seen:
        events.append("run-changed")
    if _outputs_tag(run) not in seen:
        events.append("outputs-changed")
    return events
