"""Scales of seconds from 0: where they end, and what stands at their steps."""

import math
from dataclasses import dataclass

from dashboard.presentation.format import THIN

ROUND = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
UNITS = ((36_000, 3600, "h"), (600, 60, "min"), (1, 1, "s"), (0, 0.001, "ms"))  # from, its seconds


@dataclass(frozen=True, slots=True)
class Scale:
    """From 0 to `top` seconds in equal steps; `labels` are of 0 and of each step."""

    top: float
    labels: tuple[str, ...]

    def share(self, seconds: float) -> float:
        """How far along it lies, from 0 to 1; what is beyond stands at its end."""
        return min(max(seconds / self.top, 0.0), 1.0)


def scale_to(seconds: float, steps: int = 1) -> Scale:
    """The smallest scale of round steps that reaches so far; the last label has the unit."""
    _, size, unit = next(each for each in UNITS if seconds >= each[0])
    step = _round_up(max(seconds, 0.001) / size / steps)
    labels = ["0", *(f"{step * n:,g}" for n in range(1, steps + 1))]
    labels[-1] += f"{THIN}{unit}"
    return Scale(step * steps * size, tuple(labels))


def _round_up(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    # A hair below counts as reached: floats miss round numbers.
    return next((mark * power for mark in ROUND if mark * power >= value * (1 - 1e-9)), 10 * power)
