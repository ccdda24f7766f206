"""Intervals of any figure of runs, by drawing their days again.

Runs of one day are alike: they share machines, deployments and people. So whole days are drawn,
and an interval is not made too narrow by a day with many runs. Efron, "Bootstrap methods:
another look at the jackknife" (1979), with the percentile interval; blocks of days as in
Davison and Hinkley, "Bootstrap methods and their application" (1997), chapter 8.
"""

from collections.abc import Callable, Sequence
from random import Random
from typing import TypeVar

from dashboard.domain.insights.percentiles import MEDIAN_FROM, percentile
from dashboard.domain.insights.shares import CONFIDENCE, Interval

DRAWS = 1_000
SEED = 20  # fixed, so that a page shows the same interval each time
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
    changes = []
    for _ in range(DRAWS):
        new, old = (_median(draw.choices(days, k=len(days))) for days in (after, before))
        if new is not None and old is not None:
            changes.append(new - old)
    return _middle(changes)


def _size(days: Sequence[Day]) -> int:
    return sum(map(len, days))


def _median(days: Sequence[Day]) -> float | None:
    values = sorted(value for day in days for value in day)
    return percentile(values, 50) if values else None


def _middle(figures: list[float]) -> Interval | None:
    """The middle 95 % of figures; None where a tenth of the draws gave none."""
    if len(figures) < DRAWS * 0.9:
        return None
    figures.sort()
    tail = (1 - CONFIDENCE) / 2 * 100
    return Interval(percentile(figures, tail), percentile(figures, 100 - tail))
