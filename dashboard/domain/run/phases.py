"""The phases of a run at one moment: which one grows, and each one's share of the total."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from dashboard.domain.run.facts import Phase, Timed
from dashboard.domain.run.progress import whole_percent
from dashboard.domain.run.visibility import Visibility

PHASE_STAMPS: Mapping[Phase, tuple[str, str]] = MappingProxyType(
    {
        Phase.QUEUE_WAIT: ("created_at", "queued_at"),
        Phase.COLD_START: ("queued_at", "started_at"),
        Phase.BEFORE_RUN: ("created_at", "started_at"),
        Phase.RUN: ("started_at", "ended_at"),
        Phase.TOTAL: ("created_at", "ended_at"),
    }
)
"""The timestamps between which each phase lies."""

_PHASE_OF_STATUS = MappingProxyType({"not-started": Phase.QUEUE_WAIT, "queued": Phase.COLD_START})
_FILLING = (Phase.QUEUE_WAIT, Phase.COLD_START, Phase.RUN)
"""The phases that fill a run's total, one after the other."""

UNFINISHED_START = ("failed", "timeout", "cancelled")
AGREE_WITHIN = 1.0


def growing_phase(run: Timed) -> Phase | None:
    """The phase that a live run is in; None where the timestamp of its beginning is not known.

    Read from the status, not from timestamps: a retry leaves those of the first try behind.
    """
    if run.finished or run.status is None:
        return None
    phase = _PHASE_OF_STATUS.get(run.status, Phase.RUN)
    return phase if began_at(run, phase) else None


def began_at(run: Timed, phase: Phase) -> datetime | None:
    """When a phase began, by ComfyDeploy's timestamp; None where it is not known."""
    at: datetime | None = getattr(run, PHASE_STAMPS[phase][0])
    return at


def seen_until(visibility: Visibility) -> datetime:
    """The last moment at which a live run is known to have gone on."""
    return visibility.observed_at if visibility.lost and visibility.observed_at else visibility.now


def elapsed(since: datetime, visibility: Visibility) -> float:
    """Seconds since a timestamp; never negative, because upstream's clock may be ahead of ours."""
    return max(0.0, (seen_until(visibility) - since).total_seconds())


def unfinished_start(run: Timed) -> bool:
    """Whether the run ended after a machine took it and before ComfyUI answered."""
    return (
        run.finished
        and run.status in UNFINISHED_START
        and run.queued_at is not None
        and run.started_at is None
        and run.cold_start is None
        and run.before_run is None
    )


def unfinished_seconds(run: Timed) -> float | None:
    """Seconds from the beginning of a start that never finished to the run's end, where known."""
    if run.queued_at is None or run.ended_at is None:
        return None
    seconds = (run.ended_at - run.queued_at).total_seconds()
    return seconds if seconds >= 0 else None


def out_of_order(run: Timed) -> bool:
    """Whether a phase of the run would be negative by its timestamps."""
    return any(word.startswith("negative-") for word in run.warnings)


def missing_seconds(run: Timed) -> float:
    """How much of an ended run's total its phases leave out; negative where they exceed it.

    0 where a phase or the total is not known.
    """
    parts = [getattr(run, phase) for phase in _FILLING]
    known = [seconds for seconds in parts if seconds is not None]
    if not run.finished or run.total is None or len(known) < len(parts):
        return 0.0
    return float(run.total - sum(known))


def shares_of(run: Timed) -> Mapping[Phase, int]:
    """The phases' shares of the total in whole percent; empty unless the phases fill the total.

    Queue, cold start and run add up to 100. The cold start is rounded on its own,
    because the headline shows it too; the other two share what is left.
    """
    parts = {phase: getattr(run, phase) for phase in _FILLING}
    known = {phase: seconds for phase, seconds in parts.items() if seconds is not None}
    if not run.finished or not run.total or len(known) < len(parts):
        return {}
    if abs(missing_seconds(run)) > AGREE_WITHIN:
        return {}
    cold = min(100, whole_percent(known[Phase.COLD_START] / run.total))
    queue, work = split_percents(100 - cold, known[Phase.QUEUE_WAIT], known[Phase.RUN])
    return {
        Phase.QUEUE_WAIT: queue,
        Phase.COLD_START: cold,
        Phase.BEFORE_RUN: queue + cold,
        Phase.RUN: work,
        Phase.TOTAL: 100,
    }


def split_percents(percents: int, one: float, other: float) -> tuple[int, int]:
    """Whole percents of two parts, which add up to those of both."""
    if one + other <= 0:
        return percents, 0
    first = whole_percent(one / (one + other) * percents / 100)
    return first, percents - first
