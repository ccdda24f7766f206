"""How far a run is, as a share of its nodes."""

import math
from decimal import ROUND_HALF_UP, Decimal

# Upstream rounds to two digits and sends a float32: 0.29 arrives as 0.28999999165534973.
FLOAT32_NOISE = 1e-5


def read_progress(value: float | None, status: str) -> float | None:
    """A share from 0 to 1; None where nothing usable is reported.

    Values from 2 to 100 count as percents. A success is 1 whatever is reported.
    """
    if status == "success":
        return 1.0
    if value is None or not math.isfinite(value):
        return None
    if value <= 0:
        return 0.0
    if value <= 1:
        return float(value)
    return value / 100 if 2 <= value <= 100 else 1.0


def percent(progress: float) -> int:
    """Whole percents, rounded down; 100 only when the share is 1."""
    if progress >= 1:
        return 100
    return max(0, min(99, math.floor(progress * 100 + FLOAT32_NOISE)))


def whole_percent(share: float) -> int:
    """A share of 1 as whole percent, half up."""
    return int((Decimal(repr(float(share))) * 100).quantize(Decimal(1), ROUND_HALF_UP))
