"""Percentiles of values, each told only from a number of values on."""

import math
from collections.abc import Sequence

MEDIAN_FROM = 5  # values
TAIL_FROM = 20  # values, for what lies beyond the middle


def percentile(ordered: Sequence[float], percent: float) -> float:
    """The percentile of values in rising order, at least one; `percent` from 0 to 100.

    Interpolated linearly between the two nearest values: type 7 of Hyndman and Fan, "Sample
    quantiles in statistical packages" (1996), as in R and NumPy.
    """
    place = (len(ordered) - 1) * percent / 100
    below = math.floor(place)
    above = min(below + 1, len(ordered) - 1)
    low, high = ordered[below], ordered[above]
    # So that it never leaves the two values, whatever floats make of it.
    return min(max(low + (high - low) * (place - below), low), high)


def p50(ordered: Sequence[float]) -> float | None:
    """The median of values in rising order; None of fewer than five."""
    return percentile(ordered, 50) if len(ordered) >= MEDIAN_FROM else None


def p90(ordered: Sequence[float]) -> float | None:
    """The 90th percentile of values in rising order; None of fewer than twenty."""
    return percentile(ordered, 90) if len(ordered) >= TAIL_FROM else None


def p95(ordered: Sequence[float]) -> float | None:
    """The 95th percentile of values in rising order; None of fewer than twenty."""
    return percentile(ordered, 95) if len(ordered) >= TAIL_FROM else None
