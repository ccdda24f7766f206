"""Sums of drawn days are those of drawing each column for itself."""

import random

from dashboard.domain.insights.bootstrap import interval_of
from dashboard.domain.insights.day_draws import drawn_sums
from dashboard.domain.insights.percentiles import percentile


def test_each_column_is_summed_over_the_same_days() -> None:
    dice = random.Random(3)  # noqa: S311 - no secret
    days = [[dice.randrange(2**60), dice.randrange(3), dice.randrange(9)] for _ in range(31)]
    again = random.Random(20)  # noqa: S311 - no secret
    drawn = [again.choices(days, k=31) for _ in range(1_000)]
    assert drawn_sums(days) == [
        [sum(day[column] for day in one) for column in range(3)] for one in drawn
    ]


def test_the_draws_are_those_of_the_other_intervals() -> None:
    days = [(n % 4, n + 4) for n in range(20)]
    shares = sorted(part / whole for part, whole in drawn_sums(days))
    other = interval_of(lambda some: sum(d[0] for d in some) / sum(d[1] for d in some), days)
    assert other and (percentile(shares, 2.5), percentile(shares, 97.5)) == (other.low, other.high)


def test_two_days_are_not_drawn() -> None:
    assert drawn_sums([[1], [2]]) == []
