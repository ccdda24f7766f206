"""Where a series of values has changed for good; silent where chance may have done it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp

from dashboard.domain.insights.percentiles import percentile

SIDE = 20  # values before and after a change
STEP = 0.05  # of the median before
LIMIT = 0.01  # how probable a change found by chance may be


@dataclass(frozen=True, slots=True)
class ChangePoint:
    """The first value after a change, the medians around it, and how likely chance makes it."""

    at: int
    before: float
    after: float
    p: float


def change_points(values: Sequence[float]) -> list[ChangePoint]:
    """The changes of a series in the order of time; none of fewer than 40 values.

    The series is parted at its most likely change, and then each part (binary segmentation);
    each is judged by ranks, so that a few very long runs do not decide. Steps under 5 % are
    left out. Pettitt, "A non-parametric approach to the change-point problem" (1979).
    """
    return sorted(_within(values, 0, len(values)), key=lambda change: change.at)


def _within(values: Sequence[float], begin: int, end: int) -> Iterator[ChangePoint]:
    found = _most_likely(values[begin:end])
    if found is None or found.p >= LIMIT:
        return
    at = begin + found.at
    if abs(found.after - found.before) >= STEP * abs(found.before):
        yield ChangePoint(at, found.before, found.after, found.p)
    yield from _within(values, begin, at)
    yield from _within(values, at, end)


def _most_likely(values: Sequence[float]) -> ChangePoint | None:
    """The place where the ranks before and after differ most; None where a side is too short."""
    n = len(values)
    if n < 2 * SIDE:
        return None
    sums = list(accumulate(_ranks(values)))
    far = {at: abs(2 * sums[at - 1] - at * (n + 1)) for at in range(SIDE, n - SIDE + 1)}
    at = max(far, key=lambda place: far[place])
    p = min(1.0, 2 * exp(-6 * far[at] ** 2 / (n**3 + n**2)))
    before, after = (percentile(sorted(part), 50) for part in (values[:at], values[at:]))
    return ChangePoint(at, before, after, p)


def _ranks(values: Sequence[float]) -> list[float]:
    """The place of each value among all, from 1; equal ones share the middle of theirs."""
    places: dict[float, list[int]] = {}
    for place, value in enumerate(sorted(values), 1):
        places.setdefault(value, []).append(place)
    middles = {value: (own[0] + own[-1]) / 2 for value, own in places.items()}
    return [middles[value] for value in values]


def holm(probabilities: Sequence[float]) -> list[float]:
    """Each probability as it counts where many series were looked at, in the given order.

    Holm, "A simple sequentially rejective multiple test procedure" (1979).
    """
    worst, adjusted = 0.0, [0.0] * len(probabilities)
    order = sorted(range(len(probabilities)), key=lambda index: probabilities[index])
    for tried, index in enumerate(order):
        worst = max(worst, min(1.0, probabilities[index] * (len(order) - tried)))
        adjusted[index] = worst
    return adjusted
