"""Intervals by drawing days again."""

import random
from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.insights import bootstrap
from dashboard.domain.insights.bootstrap import interval_of, median_change
from dashboard.domain.insights.shares import Interval


def days(middle: float, count: int, runs: int, seed: int) -> list[list[float]]:
    draw = random.Random(seed)
    return [[draw.gauss(middle, 3) for _ in range(runs)] for _ in range(count)]


def test_a_change_is_found_and_none_is_not() -> None:
    before = days(30, 14, 12, 1)
    slower, same = (
        median_change(days(36, 14, 12, 2), before),
        median_change(days(30, 14, 12, 4), before),
    )
    assert slower is not None and slower.holds(6) and not slower.holds(0)
    assert same is not None and same.holds(0)


def test_the_true_change_lies_in_nearly_all_intervals() -> None:
    held = sum(
        found.holds(2)
        for seed in range(40)
        if (found := median_change(days(32, 10, 8, seed), days(30, 10, 8, seed + 1000)))
    )
    assert held >= 34  # of 40, where 38 are to be expected


def test_days_that_differ_make_it_wide() -> None:
    """Many runs of few days say little, however many they are."""
    even = [[30.0 + n % 5 for n in range(100)] for _ in range(6)]
    uneven = [[30.0 + day * 4 + n % 5 for n in range(100)] for day in range(6)]
    narrow, wide = median_change(even, even), median_change(uneven, uneven)
    assert narrow is not None and wide is not None
    assert wide.high - wide.low > 5 * max(0.1, narrow.high - narrow.low)


def test_it_is_the_same_each_time_and_silent_on_little() -> None:
    after, before = days(31, 5, 6, 1), days(30, 5, 6, 2)
    assert median_change(after, before) == median_change(after, before)
    assert median_change(after[:2], before) is None
    assert median_change(after, [[1.0], [2.0], [], [3.0]]) is None


def test_any_figure_of_days_has_one() -> None:
    found = interval_of(lambda drawn: sum(map(sum, drawn)) / len(drawn), days(10, 9, 4, 5))
    assert found is not None and found.holds(40)
    assert interval_of(len, [1, 2]) is None
    assert interval_of(lambda drawn: None, [1, 2, 3]) is None
    assert interval_of(lambda drawn: 7.0, [1, 2, 3]) == Interval(7.0, 7.0)


@given(st.lists(st.lists(st.integers(0, 9).map(float), max_size=6), min_size=3, max_size=8))
def test_drawn_medians_are_those_of_the_drawn_days(days: list[list[float]]) -> None:
    medians = bootstrap._Medians(days)
    ours, theirs = random.Random(3), random.Random(3)
    for _ in range(20):
        values = [v for day in theirs.choices(days, k=len(days)) for v in day]
        assert medians.draw(ours) == (median(values) if values else None)
