"""What the phases of a run are at one moment: which one grows, and the share of each."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from dashboard.domain.run.facts import Timed
from dashboard.domain.run.progress import whole_percent
from dashboard.domain.run.visibility import Visibility

PHASE_STAMPS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "queue_wait": ("created_at", "queued_at"),
        "cold_start": ("queued_at", "started_at"),
        "before_run": ("created_at", "started_at"),
        "run": ("started_at", "ended_at"),
        "total": ("created_at", "ended_at"),
    }
)
"""The timestamps between which each phase lies."""

UNFINISHED_START = ("failed", "timeout", "cancelled")
AGREE_WITHIN = 1.0


def growing_phase(run: Timed) -> str | None:
    """The phase that a live run is in, where the stamp of its beginning is known.

    Asked by status, not by stamps: a retry leaves the stamps of the first try behind.
    """
    if run.finished or run.status is None:
        return None
    begun = {"not-started": "queue_wait", "queued": "cold_start"}.get(run.status, "run")
    return begun if getattr(run, PHASE_STAMPS[begun][0]) else None


def seen_until(visibility: Visibility) -> datetime:
    """Up to when we know that a live run went on."""
    return visibility.observed_at if visibility.lost and visibility.observed_at else visibility.now


def elapsed(since: datetime, visibility: Visibility) -> float:
    """Seconds since a stamp; never negative, for upstream's clock may be ahead of ours."""
    return max(0.0, (seen_until(visibility) - since).total_seconds())


def unfinished_start(run: Timed) -> bool:
    """Whether it ended after a machine took it and before ComfyUI answered."""
    return (
        run.finished
        and run.status in UNFINISHED_START
        and run.queued_at is not None
        and run.started_at is None
        and run.cold_start is None
        and run.before_run is None
    )


def unfinished_seconds(run: Timed) -> float | None:
    """How long a start that never ended went on, where that can be told."""
    if run.queued_at is None or run.ended_at is None:
        return None
    seconds = (run.ended_at - run.queued_at).total_seconds()
    return seconds if seconds >= 0 else None


def out_of_order(run: Timed) -> bool:
    return any(word.startswith("negative-") for word in run.warnings)


def shares_of(run: Timed) -> Mapping[str, int]:
    """Whole percents that add up to 100, for a finished run whose phases fill its total.

    The cold start keeps its own rounding, for it stands in the headline too; the
    rest goes by largest remainder.
    """
    parts = {name: getattr(run, name) for name in ("queue_wait", "cold_start", "run")}
    known = {name: seconds for name, seconds in parts.items() if seconds is not None}
    if not run.finished or not run.total or len(known) < len(parts):
        return {}
    if abs(sum(known.values()) - run.total) > AGREE_WITHIN:
        return {}
    cold = min(100, whole_percent(known["cold_start"] / run.total))
    queue, work = _split(100 - cold, known["queue_wait"], known["run"])
    return {
        "queue_wait": queue,
        "cold_start": cold,
        "before_run": queue + cold,
        "run": work,
        "total": 100,
    }


def _split(percents: int, one: float, other: float) -> tuple[int, int]:
    if one + other <= 0:
        return percents, 0
    first = whole_percent(one / (one + other) * percents / 100)
    return first, percents - first
