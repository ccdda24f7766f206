"""A run with its visibility at one moment: worked out once a request and handed down."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import quote
from zlib import crc32

from dashboard import __version__
from dashboard.domain.polling.trouble import Trouble
from dashboard.domain.run.usual import Usual
from dashboard.domain.run.visibility import Visibility
from dashboard.models import Run
from dashboard.models.run_queryset import FAILED
from dashboard.presentation.run.segments import growth
from dashboard.presentation.run.time_left import time_left
from dashboard.services import database_health
from dashboard.services.comfydeploy import gate, load
from dashboard.services.files import file_queue
from dashboard.services.runs import usual
from dashboard.services.runs.refresh import looked_interval

STORING_INTERVAL = 5.0  # seconds between polls while files are being copied
ABOUT_ONE_RUN = frozenset({Trouble.NOT_FOUND, Trouble.FORBIDDEN, Trouble.BAD_ANSWER})


@dataclass(frozen=True)
class ObservedRun:
    """A run as one request sees it."""

    run: Run
    visibility: Visibility

    @property
    def now(self) -> datetime:
        return self.visibility.now

    @property
    def poll(self) -> int | None:
        """Whole seconds between polls of an open page; None where there is nothing to wait for."""
        interval = self.visibility.interval
        return None if interval is None else max(2, round(interval))

    @cached_property
    def usual(self) -> Usual | None:
        """What is usual for a live run; None, and no query, where it is finished or lost."""
        if not self.run.live or self.visibility.lost:
            return None
        return usual.usual_for(self.run, self.visibility)

    @cached_property
    def tag(self) -> str:
        """The ptag: it changes with all that the live part shows (versions, trouble, time left)."""
        return quote(".".join(_tag_parts(self)))


def observe(run: Run, now: datetime) -> ObservedRun:
    """The run with its visibility at this moment."""
    return ObservedRun(run, _visibility(run, now))


def _visibility(run: Run, now: datetime) -> Visibility:
    given_up = bool(run.trouble) and run.next_refresh_at is None and not run.finished
    interval = None if given_up else looked_interval(run, now)
    keeping = interval is None and file_queue.awaits_files(run, now)
    interval = STORING_INTERVAL if keeping else interval
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
    """Seconds since the run's refresh was due; negative where it is not due yet."""
    return (now - run.next_refresh_at).total_seconds() if run.next_refresh_at else 0.0


def _shared(now: datetime) -> tuple[int, float] | None:
    """How many live runs share how many requests a second, where intervals are stretched."""
    shared = load.current(now)
    return (shared.runs, shared.rate) if shared.stretch > 1 else None


def _stopped(visibility: Visibility, now: datetime) -> Visibility:
    """The visibility while the gate is closed for all runs; trouble of this run alone stays."""
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


def _tag_parts(observed: ObservedRun) -> tuple[str, ...]:
    run, visibility = observed.run, observed.visibility
    retry = int(visibility.retry_at.timestamp()) if visibility.retry_at else 0
    whose = "own"
    if visibility.everybody:
        whose = "all"
    elif visibility.shared:
        whose = f"s{visibility.shared[0]}"
    return (
        f"v{run.shown_version}",
        _outputs_tag(run),
        f"p{observed.poll or 0}",
        f"t{visibility.trouble or ''}{retry}",
        whose,
        f"l{_time_left_digest(observed):08x}",
        f"g{growth(run, visibility)}",
        "unstored" if visibility.storage else "stale" if visibility.stale else "fresh",
        __version__,
    )


def _outputs_tag(run: Run) -> str:
    """Changes with the outputs and with their stored files (`extras_version`)."""
    return f"o{run.outputs_version}-{run.extras_version}"


def _time_left_digest(observed: ObservedRun) -> int:
    """A checksum of the sentence about the time left, which changes with the clock."""
    left = time_left(observed.run, observed.visibility, observed.usual)
    return crc32(f"{left.text}{left.likely is None}".encode()) if left else 0


def changed_since(run: Run, tag: str | None) -> list[str]:
    """The events for a page's other parts: what has changed since the tag of its last poll."""
    seen = (tag or "").split(".")
    events = []
    if f"v{run.shown_version}" not in seen:
        events.append("run-changed")
        if run.status in FAILED:
            events.append("run-failed")
    if _outputs_tag(run) not in seen:
        events.append("outputs-changed")
    return events
