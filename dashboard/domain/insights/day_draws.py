"""Sums over days that are drawn again: many figures of the same draws at once.

The draws are those of `bootstrap.interval_of`, so that an interval is the same by either way.
"""

from collections.abc import Sequence
from random import Random

from dashboard.domain.insights.bootstrap import DAYS_FROM, DRAWS, SEED

WIDTH = 96  # bits of a sum: more than a year of microseconds for each of a billion runs
_LOWEST = (1 << WIDTH) - 1


def drawn_sums(days: Sequence[Sequence[int]]) -> list[list[int]]:
    """For each draw the sum of each column over its days; none of fewer than three days.

    `days` are rows of as many whole numbers, none negative.
    """
    if len(days) < DAYS_FROM:
        return []
    draw = Random(SEED)  # noqa: S311 - no secret
    # A day is one long number with a place for each column: one addition adds them all.
    packed = [sum(value << WIDTH * place for place, value in enumerate(day)) for day in days]
    sums = (sum(draw.choices(packed, k=len(packed))) for _ in range(DRAWS))
    return [_unpacked(one, len(days[0])) for one in sums]


def _unpacked(packed: int, columns: int) -> list[int]:
    return [packed >> WIDTH * place & _LOWEST for place in range(columns)]
