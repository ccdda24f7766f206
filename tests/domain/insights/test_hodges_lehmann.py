"""The difference of two kinds of runs equals what all pairs say."""

import math
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.insights import hodges_lehmann
from dashboard.domain.insights.hodges_lehmann import difference

SIDE = st.lists(st.integers(0, 60_000).map(lambda ms: ms / 1000), min_size=20, max_size=45)


def by_all_pairs(later: list[float], earlier: list[float]) -> tuple[float, float, float]:
    """Median, low and high, from every pair (Hollander and Wolfe, 4.3)."""
    m, n = len(later), len(earlier)
    pairs = sorted(x - y for x in later for y in earlier)
    size = m * n
    median = (pairs[(size - 1) // 2] + pairs[size // 2]) / 2
    cut = math.floor(size / 2 - 1.959964 * math.sqrt(size * (m + n + 1) / 12))
    return median, pairs[max(cut, 1) - 1], pairs[size - max(cut, 1)]


def told(later: list[float], earlier: list[float]) -> tuple[float, float, float]:
    found = difference(sorted(later), sorted(earlier))
    assert found
    return found.value, found.interval.low, found.interval.high


@settings(max_examples=60, deadline=None)
@given(SIDE, SIDE)
def test_it_is_that_of_all_pairs(later: list[float], earlier: list[float]) -> None:
    assert told(later, earlier) == by_all_pairs(later, earlier)


def test_it_is_that_of_all_pairs_with_many_equal_values() -> None:
    for later, earlier in (([7.0] * 300, [7.0] * 200), ([1.0, 9.0] * 80, [1.0] * 70 + [2.0] * 70)):
        assert told(later, earlier) == by_all_pairs(later, earlier)


@pytest.mark.parametrize(("m", "n"), [(0, 50), (19, 400), (400, 19)])
def test_of_few_values_there_is_none(m: int, n: int) -> None:
    assert difference([1.0] * m, [2.0] * n) is None


def test_large_sides_are_thinned_to_percentiles(monkeypatch: pytest.MonkeyPatch) -> None:
    draw = random.Random(3)
    later = sorted(draw.lognormvariate(3, 0.4) for _ in range(700))
    earlier = sorted(draw.lognormvariate(2.9, 0.4) for _ in range(900))
    exact = told(later, earlier)
    monkeypatch.setattr(hodges_lehmann, "MOST", 200)
    assert told(later, earlier) == pytest.approx(exact, abs=0.05)
    assert told(later, earlier) != exact


def test_chance_alone_is_within_chance() -> None:
    draw = random.Random(5)
    outside = 0
    for _ in range(200):
        one, other = ([draw.lognormvariate(2, 0.3) for _ in range(n)] for n in (30, 60))
        found = difference(sorted(one), sorted(other))
        outside += found is not None and found.is_sure
    assert outside <= 20


def test_a_shift_is_found() -> None:
    draw = random.Random(7)
    earlier = sorted(draw.gauss(12, 1) for _ in range(100))
    found = difference([value + 2 for value in earlier], earlier)
    assert found and found.is_sure and found.value == pytest.approx(2)
    assert found.interval.low < 2 < found.interval.high
