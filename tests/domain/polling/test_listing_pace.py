"""How often a list is asked for, and that all of them together stay within their share."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.polling.listing_pace import (
    AGES,
    DAY,
    HOUR,
    INTERVALS,
    MOST,
    band,
    interval,
    stretch,
)


@pytest.mark.parametrize(
    ("age", "every"),
    [
        (0.0, 15.0),
        (HOUR - 1, 15.0),
        (HOUR, 60.0),
        (6 * HOUR, 120.0),
        (DAY, 300.0),
        (3 * DAY, 600.0),
        (400 * DAY, 600.0),
        (None, 600.0),
    ],
)
def test_a_list_is_asked_for_as_often_as_runs_come(age: float | None, every: float) -> None:
    assert interval(age) == every


@given(st.lists(st.floats(0, 400 * DAY), min_size=2))
def test_an_older_list_is_never_asked_for_more_often(ages: list[float]) -> None:
    assert [interval(age) for age in sorted(ages)] == sorted(interval(age) for age in ages)


@given(st.lists(st.one_of(st.none(), st.floats(0, 40 * DAY)), max_size=300), st.floats(0.05, 5))
def test_all_together_take_no_more_than_their_share(ages: list[float | None], rate: float) -> None:
    counts = [0] * len(INTERVALS)
    for age in ages:
        counts[band(age)] += 1
    factor = stretch(counts, rate)
    assert factor >= 1.0
    assert sum(1 / (interval(age) * factor) for age in ages) <= rate * 1.000001


@pytest.mark.parametrize("lists", [500, 2000])
def test_thousands_of_lists_cost_a_request_a_second(lists: int) -> None:
    counts = [lists, *[0] * len(AGES)]
    assert lists / (INTERVALS[0] * stretch(counts)) == pytest.approx(MOST)
