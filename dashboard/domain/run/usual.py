"""How a run compares with those before it of the same workflow, GPU and start kind."""

from collections.abc import Iterable
from dataclasses import dataclass
from statistics import quantiles

from dashboard.domain.run.durations import COLD
from dashboard.domain.run.facts import Phase, Timed
from dashboard.domain.run.phases import elapsed, growing_phase
from dashboard.domain.run.visibility import Visibility

MIN_RUNS = 5
SLOW_OF, SLOW_SHARE = 10, 0.9


@dataclass(frozen=True, slots=True)
class PastRun:
    """The times of a run that is over, in seconds; `done` = it ended without an error."""

    pk: int
    done: bool
    queue_wait: float | None = None
    cold_start: float | None = None
    run: float | None = None
    total: float | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """One phase of many runs: their seconds in rising order, and three percentiles."""

    values: tuple[float, ...]
    p25: float
    p50: float
    p90: float

    @property
    def size(self) -> int:
        return len(self.values)

    def shorter(self, seconds: float) -> int:
        """How many of the runs took less."""
        return sum(value < seconds for value in self.values)


@dataclass(frozen=True, slots=True)
class Usual:
    """The bands of earlier runs; one with fewer than five values is None.

    `size` counts all runs. `start_kind` is None while the start of the compared
    run is not known: then cold and warm runs are both in it.
    """

    size: int
    start_kind: str | None
    gpu: str | None
    queue_wait: Band | None = None
    cold_start: Band | None = None
    run: Band | None = None
    total: Band | None = None
    from_queued: Band | None = None  # cold start and run together


def usual_of(
    past: Iterable[PastRun],
    *,
    start_kind: str | None,
    gpu: str | None,
    without: int | None = None,
) -> Usual:
    """The bands of these runs; `without` is the key of the run that is compared with them.

    `run` and `total` leave out the runs that did not end with success.
    """
    rows = [row for row in past if row.pk != without]
    well = [row for row in rows if row.done]
    return Usual(
        size=len(rows),
        start_kind=start_kind,
        gpu=gpu,
        queue_wait=band_of(row.queue_wait for row in rows),
        cold_start=band_of(row.cold_start for row in rows),
        run=band_of(row.run for row in well),
        total=band_of(row.total for row in well),
        from_queued=band_of(
            row.cold_start + row.run
            for row in well
            if row.cold_start is not None and row.run is not None
        ),
    )


def band_of(seconds: Iterable[float | None]) -> Band | None:
    """The band of these times; None under five."""
    values = tuple(sorted(value for value in seconds if value is not None and value >= 0))
    if len(values) < MIN_RUNS:
        return None
    marks = quantiles(values, n=20, method="inclusive")
    return Band(values, marks[4], marks[9], marks[17])


def is_past_nine_in_ten(seconds: float | None, others: Iterable[float | None]) -> bool:
    """Whether a run took longer than nine in ten others, of ten at least."""
    known = [value for value in others if value is not None and value >= 0]
    if seconds is None or len(known) < SLOW_OF:
        return False
    return sum(value < seconds for value in known) >= SLOW_SHARE * len(known)


def current_start_kind(run: Timed, visibility: Visibility, cold_after: float) -> str | None:
    """The start kind to compare with: None while it is not known yet.

    A start that already takes longer than the limit is cold, whenever it ends.
    """
    if run.finished or run.cold_start is not None:
        return run.start_kind
    if growing_phase(run) != Phase.COLD_START or run.queued_at is None:
        return None
    return COLD if elapsed(run.queued_at, visibility) > cold_after else None
