"""A batch: runs that one call queued together, how far they are, and what is usual in it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from uuid import UUID

MIN_RUNS = 5
FAILED = ("failed", "timeout")
DONE, CANCELLED, WAITING = "success", "cancelled", "not-started"


@dataclass(frozen=True, slots=True)
class Member:
    """A run of a batch; `observed_at` is None while only a list has told of it."""

    pk: int
    uuid: UUID
    status: str | None
    finished: bool
    observed_at: datetime | None
    total: float | None  # seconds
    run: float | None  # seconds
    output_count: int
    version: int
    extras_version: int
    sorted_at: datetime
    workflow_id: str | None
    workflow_name: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How many runs of a batch are where; medians in seconds, None under five values."""

    size: int
    finished: int
    done: int
    failed: int
    cancelled: int
    waiting: int
    unread: int
    total: float | None
    run: float | None

    @property
    def other(self) -> int:
        """Those that have ended in a way that is not known."""
        return self.finished - self.done - self.failed - self.cancelled

    @property
    def running(self) -> int:
        return self.size - self.finished - self.waiting

    @property
    def moves(self) -> bool:
        """Whether something is still to come: a run's end, or a run that is to be read."""
        return self.finished < self.size or self.unread > 0

    @property
    def medians_may_come(self) -> bool:
        """Whether runs that are still to come can make the medians known."""
        return self.moves and self.size >= MIN_RUNS


def progress_of(members: Sequence[Member]) -> Progress:
    """The progress of the whole; medians are of the runs that have ended."""
    ended = [each for each in members if each.finished]
    return Progress(
        size=len(members),
        finished=len(ended),
        done=sum(each.status == DONE for each in ended),
        failed=sum(each.status in FAILED for each in ended),
        cancelled=sum(each.status == CANCELLED for each in ended),
        waiting=sum(not m.finished and m.status in (None, WAITING) for m in members),
        unread=sum(each.observed_at is None for each in members),
        total=_median(each.total for each in ended),
        run=_median(each.run for each in ended),
    )


def _median(seconds: Iterable[float | None]) -> float | None:
    values = [value for value in seconds if value is not None and value >= 0]
    return median(values) if len(values) >= MIN_RUNS else None
