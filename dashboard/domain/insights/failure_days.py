"""Failures by day, and the day since when their share is another."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import TIMEOUT, InsightRun
from dashboard.domain.insights.shares import Share, difference

CANCELLED = "cancelled"
FAILED = frozenset({"failed", TIMEOUT})
SIDE = 20  # ended runs before and since a step
LIMIT = 0.01  # how probable a step found by chance may be
DRAWS, SEED = 400, 23


@dataclass(frozen=True, slots=True)
class FailureDay:
    """The runs created on a day of the period's zone that ended and were not cancelled."""

    day: date
    share: Share  # of those that failed or timed out

    def stands_out(self, whole: Share) -> bool:
        """Whether its interval lies above the share of all days."""
        interval = self.share.interval
        return interval is not None and whole.value is not None and interval.low > whole.value


@dataclass(frozen=True, slots=True)
class ShareStep:
    """The first day of another share, with the shares before and since."""

    day: date
    before: Share
    since: Share

    @property
    def up(self) -> bool:
        return self.since.part * self.before.n > self.before.part * self.since.n


def has_failed(run: InsightRun) -> bool:
    return run.status in FAILED


def ended_of(runs: Iterable[InsightRun]) -> list[InsightRun]:
    """The runs that ended and were not cancelled."""
    return [run for run in runs if run.finished and run.status != CANCELLED]


def share_of(ended: Iterable[InsightRun]) -> Share:
    """How many of the runs that ended failed or timed out."""
    failed = [has_failed(run) for run in ended]
    return Share(sum(failed), len(failed))


def failure_days(ended: Iterable[InsightRun], period: Period) -> tuple[FailureDay, ...]:
    """Every day of the period in order."""
    counts = Counter((period.day_of(run.created), has_failed(run)) for run in ended)
    return tuple(
        FailureDay(day, Share(counts[day, True], counts[day, True] + counts[day, False]))
        for day in period.days
    )


def share_step(days: Sequence[FailureDay]) -> ShareStep | None:
    """The day that parts the shares most, where chance does not explain it.

    Failures of a day are alike, so whole days are put in another order: a step is told if fewer
    than 1 % of the orders have one as large (a permutation test: Fisher, "The design of
    experiments", 1935), with 20 ended runs on both sides and the 95 % interval of the difference
    without 0. An order has only its largest step, so that all days are looked at fairly.
    """
    shares = [day for day in days if day.share.n]
    pairs = [(day.share.part, day.share.n) for day in shares]
    size, at = _largest(pairs)
    if not size:
        return None
    before, since = _sum(pairs[:at]), _sum(pairs[at:])
    gap = difference(since, before)
    if gap is None or gap.holds(0) or not _is_rare(pairs, size):
        return None
    return ShareStep(shares[at].day, before, since)


def _sum(pairs: Iterable[tuple[int, int]]) -> Share:
    parts = list(pairs)
    return Share(sum(part for part, _ in parts), sum(n for _, n in parts))


def _largest(pairs: Sequence[tuple[int, int]]) -> tuple[float, int]:
    """The largest step's size (chi-square, but for a factor) and its place; 0 where none is."""
    return max(_steps(pairs), default=(0.0, 0))


def _steps(pairs: Sequence[tuple[int, int]]) -> Iterator[tuple[float, int]]:
    whole = _sum(pairs)
    parts, ns = (
        (list(accumulate(column)) for column in zip(*pairs, strict=True)) if pairs else ((), ())
    )
    for at, (part, n) in enumerate(zip(parts, ns, strict=True), 1):
        rest = whole.n - n
        if min(n, rest) >= SIDE:
            yield (part * whole.n - n * whole.part) ** 2 / (n * rest), at


def _is_rare(pairs: Sequence[tuple[int, int]], size: float) -> bool:
    """Whether so large a step is rare among other orders of the days."""
    dice, order = Random(SEED), list(pairs)  # noqa: S311 - no secret
    as_large = 0
    for _ in range(DRAWS):
        dice.shuffle(order)
        as_large += _largest(order)[0] >= size * (1 - 1e-9)
        if (as_large + 1) / (DRAWS + 1) >= LIMIT:
            return False
    return True
