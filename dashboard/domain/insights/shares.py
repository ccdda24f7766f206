"""Shares of runs with the interval in which the true one lies, and the difference of two."""

from dataclasses import dataclass
from math import hypot, sqrt
from statistics import NormalDist

SHARE_FROM = 5  # runs
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`, both included."""

    low: float
    high: float

    def holds(self, value: float) -> bool:
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class Share:
    """`part` of `n` runs, with its 95 % interval; no value of no runs, no interval under five."""

    part: int
    n: int

    @property
    def value(self) -> float | None:
        return self.part / self.n if self.n else None

    @property
    def interval(self) -> Interval | None:
        return wilson(self.part, self.n) if self.n >= SHARE_FROM else None


def wilson(part: int, n: int, confidence: float = CONFIDENCE) -> Interval:
    """The score interval of a share of `n` trials, at least one.

    Wilson, "Probable inference, the law of succession, and statistical inference" (1927);
    method 3 of Newcombe, "Two-sided confidence intervals for the single proportion" (1998).
    """
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    middle, square = 2 * part + z * z, z * sqrt(z * z + 4 * part * (n - part) / n)
    low, high = ((middle + sign * square) / (2 * (n + z * z)) for sign in (-1, 1))
    # Of none and of all the end is exact, which the square root misses by a hair.
    return Interval(0.0 if part == 0 else low, 1.0 if part == n else high)


def difference(after: Share, before: Share) -> Interval | None:
    """The 95 % interval of the share after less that before; None where either has under five.

    Method 10 of Newcombe, "Interval estimation for the difference between independent
    proportions" (1998): the two score intervals, put together.
    """
    new, old = after.interval, before.interval
    if new is None or old is None or after.value is None or before.value is None:
        return None
    gap = after.value - before.value
    return Interval(
        gap - hypot(after.value - new.low, old.high - before.value),
        gap + hypot(new.high - after.value, before.value - old.low),
    )
