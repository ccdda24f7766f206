"""Intervals of shares are those that Newcombe's tables print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.insights.shares import Interval, Share, difference, wilson

COUNTS = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def told(interval: Interval | None) -> tuple[float, float] | None:
    return interval and (round(interval.low, 4), round(interval.high, 4))


@pytest.mark.parametrize(
    ("part", "n", "interval"),
    [
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
        (1, 29, (0.0061, 0.1718)),
    ],
)
def test_one_share(part: int, n: int, interval: tuple[float, float]) -> None:
    assert told(wilson(part, n)) == interval


@pytest.mark.parametrize(
    ("after", "before", "interval"),
    [
        ((56, 70), (48, 80), (0.0524, 0.3339)),
        ((9, 10), (3, 10), (0.1705, 0.8090)),
        ((6, 7), (2, 7), (0.0582, 0.8062)),
        ((5, 56), (0, 29), (-0.0381, 0.1926)),
        ((0, 10), (0, 20), (-0.1611, 0.2775)),
    ],
)
def test_the_difference_of_two(
    after: tuple[int, int], before: tuple[int, int], interval: tuple[float, float]
) -> None:
    assert told(difference(Share(*after), Share(*before))) == interval


@given(COUNTS)
def test_the_interval_holds_the_share_and_stays_within_all(counts: tuple[int, int]) -> None:
    share, interval = Share(*counts), wilson(*counts)
    assert share.value is not None and interval.holds(share.value)
    assert 0 <= interval.low <= interval.high <= 1
    part, n = counts
    other = wilson(n - part, n)
    assert abs(interval.low - (1 - other.high)) < 1e-9
    wide = wilson(part, n, 0.999)
    assert wide.low <= interval.low + 1e-12 and interval.high <= wide.high + 1e-12


@given(COUNTS, COUNTS)
def test_a_difference_turned_round_is_its_opposite(
    one: tuple[int, int], other: tuple[int, int]
) -> None:
    found, turned = difference(Share(*one), Share(*other)), difference(Share(*other), Share(*one))
    if found is None or turned is None:
        assert min(one[1], other[1]) < 5
        return
    assert abs(found.low + turned.high) < 1e-9 and abs(found.high + turned.low) < 1e-9
    assert -1 <= found.low <= found.high <= 1


def test_few_runs_have_no_interval_and_none_no_share() -> None:
    assert Share(2, 4).interval is None and Share(2, 4).value == 0.5
    assert Share(2, 5).interval is not None
    assert Share(0, 0).value is None and Share(0, 0).interval is None
