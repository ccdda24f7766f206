"""How well a run is seen at the moment of a request, and the tag of its live part."""

from dataclasses import replace
from datetime import datetime
from urllib.parse import quote
from zlib import crc32

from dashboard import __version__
from dashboard.domain.facts import Sight
from dashboard.domain.pieces import growth
from dashboard.domain.usual import Usual, left
from dashboard.models import Run
from dashboard.services import keep, load, manners, storage, usual
from dashboard.services.observe import looked_interval

KEEP_INTERVAL = 5.0
ABOUT_ONE_RUN = frozenset({"not-found", "forbidden", "bad-answer"})


def sight_of(run: Run, now: datetime) -> Sight:
    given_up = bool(run.trouble) and run.next_refresh_at is None and not run.finished
    interval = None if given_up else looked_interval(run, now)
    keeping = interval is None and keep.is_awaited(run, now)
    interval = KEEP_INTERVAL if keeping else interval
    sight = Sight(
        now=now,
        observed_at=run.observed_at,
        trouble=run.trouble,
        trouble_since=run.trouble_since,
        retry_at=run.next_refresh_at if run.trouble else None,
        interval=interval,
        stale=run.live and interval is not None and _overdue(run, now) > interval + 5,
        given_up=given_up,
        keeping=keeping,
        storage=None if interval is None else storage.trouble(),
        shared=_shared(now) if run.live else None,
    )
    return sight if interval is None or keeping else _stopped(sight, now)


def _overdue(run: Run, now: datetime) -> float:
    """Seconds past the moment at which the run should have been asked for again."""
    return (now - run.next_refresh_at).total_seconds() if run.next_refresh_at else 0.0


def _shared(now: datetime) -> tuple[int, float] | None:
    """What all live runs share, where it is too little for the usual pace."""
    found = load.current(now)
    return (found.runs, found.rate) if found.stretch > 1 else None


def _stopped(sight: Sight, now: datetime) -> Sight:
    """The same while asking is stopped for everybody; what is about this run stays."""
    stop = manners.stop(now)
    if stop is None:
        return sight
    if sight.trouble in ABOUT_ONE_RUN:
        later = [moment for moment in (sight.retry_at, stop.until) if moment]
        return replace(sight, retry_at=max(later, default=None))
    return replace(
        sight,
        trouble=stop.reason,
        trouble_since=stop.since,
        retry_at=stop.until,
        everybody=True,
    )


def poll_seconds(sight: Sight) -> int | None:
    return None if sight.interval is None else max(2, round(sight.interval))


def tag_of(run: Run, sight: Sight) -> str:
    """Changes whenever the live part would: versions, trouble, time left, a bar that has grown."""
    retry = int(sight.retry_at.timestamp()) if sight.retry_at else 0
    parts = (
        f"v{run.shown_version}",
        _outputs_tag(run),
        f"p{poll_seconds(sight) or 0}",
        f"t{sight.trouble or ''}{retry}",
        "all" if sight.everybody else f"s{sight.shared[0]}" if sight.shared else "own",
        f"l{_said_of_past(run, sight):08x}",
        f"g{growth(run, sight)}",
        "unstored" if sight.storage else "stale" if sight.stale else "fresh",
        __version__,
    )
    return quote(".".join(parts))


def _outputs_tag(run: Run) -> str:
    """Changes with the outputs, and with what is kept of them: that lies beside the answers."""
    return f"o{run.outputs_version}-{run.beside_version}"


def live_usual(run: Run, sight: Sight) -> Usual | None:
    """What runs like a live one took; nothing is read for one that we do not see."""
    return usual.usual_for(run, sight) if run.live and not sight.lost else None


def _said_of_past(run: Run, sight: Sight) -> int:
    """The words of the time left, which the clock changes, as a number."""
    past = left(run, sight, live_usual(run, sight))
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
