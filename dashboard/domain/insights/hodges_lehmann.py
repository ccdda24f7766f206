"""How far one kind of runs lies from another, by the median of all pairs' differences."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

from dashboard.domain.insights.percentiles import percentile
from dashboard.domain.insights.shares import CONFIDENCE, Interval

SIDE_FROM = 20  # values of each side
MOST = 2_000  # values of a side that are paired


@dataclass(frozen=True, slots=True)
class Difference:
    """How much later values lie above earlier ones, with its 95 % interval, in their unit."""

    value: float
    interval: Interval

    @property
    def is_sure(self) -> bool:
        """Whether it lies beyond what chance may do."""
        return not self.interval.holds(0)


def difference(later: Sequence[float], earlier: Sequence[float]) -> Difference | None:
    """The median of later − earlier over all pairs; None where a side has under twenty values.

    Both in rising order. Hodges and Lehmann, "Estimates of location based on rank tests" (1963);
    the interval is that of Moses, as in Hollander and Wolfe, "Nonparametric statistical methods"
    (1999), section 4.3: the C-th smallest and the C-th largest difference, C by the normal
    approximation of the rank sum. It takes the values as independent of each other.

    A side of more than 2,000 values is thinned to 2,000 of its percentiles, evenly spaced from
    its least to its greatest; C stays that of all values, as a share of the pairs.
    """
    m, n = len(later), len(earlier)
    if min(m, n) < SIDE_FROM:
        return None
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    cut = math.floor(m * n / 2 - z * math.sqrt(m * n * (m + n + 1) / 12))
    xs, ys = _thinned(later), _thinned(earlier)
    pairs = len(xs) * len(ys)
    low = max(cut * pairs // (m * n) - 1, 0)
    middles = {(pairs - 1) // 2, pairs // 2}
    value = sum(_nth(xs, ys, place) for place in middles) / len(middles)
    return Difference(value, Interval(_nth(xs, ys, low), _nth(xs, ys, pairs - 1 - low)))


def _thinned(ordered: Sequence[float]) -> Sequence[float]:
    if len(ordered) <= MOST:
        return ordered
    return [percentile(ordered, 100 * step / (MOST - 1)) for step in range(MOST)]


def _nth(xs: Sequence[float], ys: Sequence[float], place: int) -> float:
    """The difference x − y at a place from 0, were all of them in rising order.

    The values are halved until few differences are left between two of them, and those are put
    in order: O((m + n) log(mn)), and exact.
    """
    low, high = xs[0] - ys[-1] - 1, xs[-1] - ys[0]
    below, upto = 0, len(xs) * len(ys)
    while upto - below > len(xs) + len(ys):
        middle = low + (high - low) / 2
        if not low < middle < high:
            return high  # all that is left is equal
        found = _count(xs, ys, middle)
        if found <= place:
            low, below = middle, found
        else:
            high, upto = middle, found
    return sorted(_between(xs, ys, low, high))[place - below]


def _count(xs: Sequence[float], ys: Sequence[float], limit: float) -> int:
    """How many differences are at most `limit`."""
    total, first, size = 0, 0, len(ys)
    for x in xs:
        while first < size and x - ys[first] > limit:
            first += 1
        total += size - first
    return total


def _between(xs: Sequence[float], ys: Sequence[float], low: float, high: float) -> list[float]:
    """The differences over `low` and at most `high`."""
    found: list[float] = []
    first = end = 0
    for x in xs:
        while first < len(ys) and x - ys[first] > high:
            first += 1
        while end < len(ys) and x - ys[end] > low:
            end += 1
        found += (x - y for y in ys[first:end])
    return found
