"""Intervals of any figure of runs, by drawing their days again.

Runs of one day are alike: they share machines, deployments and people. So whole days are drawn,
and an interval is not made too narrow by a day with many runs. Efron, "Bootstrap methods:
another look at the jackknife" (1979), with the percentile interval; blocks of days as in
Davison and Hinkley, "Bootstrap methods and their application" (1997), chapter 8.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from operator import mul
from random import Random
from typing import TypeVar

from dashboard.domain.insights.percentiles import MEDIAN_FROM, percentile
from dashboard.domain.insights.shares import CONFIDENCE, Interval

DRAWS = 1_000
SEED = 20  # fixed, so that a page shows the same interval each time
MARKS = 64  # places among the sorted values up to which they are counted
DAYS_FROM = 3  # days; of fewer, drawing them again says nothing

Day = Sequence[float]  # the values of one day's runs
AnyDay = TypeVar("AnyDay")


def interval_of(
    figure: Callable[[Sequence[AnyDay]], float | None], days: Sequence[AnyDay]
) -> Interval | None:
    """The 95 % interval of a figure of days; None of fewer than three.

    Draws for which there is no figure are left out; where they are many there is no interval.
    """
    if len(days) < DAYS_FROM:
        return None
    draw = Random(SEED)  # noqa: S311 - no secret
    drawn = (figure(draw.choices(days, k=len(days))) for _ in range(DRAWS))
    return _middle([one for one in drawn if one is not None])


def median_change(after: Sequence[Day], before: Sequence[Day]) -> Interval | None:
    """The 95 % interval of the median after less that before, in the values' own unit.

    None where either has fewer than three days or five values.
    """
    if any(len(days) < DAYS_FROM or _size(days) < MEDIAN_FROM for days in (after, before)):
        return None
    draw = Random(SEED)  # noqa: S311 - no secret
    new, old = (_Medians(days) for days in (after, before))
    changes = []
    for _ in range(DRAWS):
        drawn = new.draw(draw), old.draw(draw)
        if drawn[0] is not None and drawn[1] is not None:
            changes.append(drawn[0] - drawn[1])
    return _middle(changes)


def _size(days: Sequence[Day]) -> int:
    return sum(map(len, days))


class _Medians:
    """The medians of days that are drawn again. The values are sorted once for all draws."""

    def __init__(self, days: Sequence[Day]) -> None:
        ordered = sorted((value, day) for day, values in enumerate(days) for value in values)
        self.values = [value for value, _ in ordered]
        self.days = [day for _, day in ordered]
        self.sizes = list(map(len, days))
        # How many values of each day lie below some places, so that few are looked at for a draw.
        self.step = len(ordered) // MARKS + 1
        self.below = list(self._marks(len(days)))

    def _marks(self, days: int) -> Iterator[list[int]]:
        below = [0] * days
        for place, day in enumerate(self.days):
            if place % self.step == 0:
                yield list(below)
            below[day] += 1

    def draw(self, dice: Random) -> float | None:
        """The median of as many days as there are, each drawn from all; None of no values."""
        drawn = Counter(dice.choices(range(len(self.sizes)), k=len(self.sizes)))
        times = [drawn[day] for day in range(len(self.sizes))]
        whole = sum(map(mul, times, self.sizes))
        if not whole:
            return None
        low, high = (whole - 1) // 2, whole // 2  # the ranks of the two values in the middle
        mark = bisect_right(self.below, low, key=lambda below: sum(map(mul, times, below))) - 1
        passed, start = sum(map(mul, times, self.below[mark])), mark * self.step
        counts = accumulate(map(times.__getitem__, self.days[start:]), initial=passed)
        next(counts)
        found: list[float] = []
        for place, count in enumerate(counts, start):
            while len(found) < 2 and count > (low, high)[len(found)]:
                found.append(self.values[place])
            if len(found) == 2:
                break
        return percentile(found, 50)


def _middle(figures: list[float]) -> Interval | None:
    """The middle 95 % of figures; None where a tenth of the draws gave none."""
    if len(figures) < DRAWS * 0.9:
        return None
    figures.sort()
    tail = (1 - CONFIDENCE) / 2 * 100
    return Interval(percentile(figures, tail), percentile(figures, 100 - tail))
