"""Percentiles are those of the standard library, and are not told of few values."""

from statistics import median, quantiles

from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.insights.percentiles import p50, p90, p95, percentile

VALUES = st.lists(st.floats(0, 1e6), min_size=2, max_size=60).map(sorted)


@given(VALUES)
def test_they_are_those_of_type_seven(ordered: list[float]) -> None:
    expected = quantiles(ordered, n=100, method="inclusive")
    for percent, value in enumerate(expected, 1):
        assert abs(percentile(ordered, percent) - value) <= 1e-9 * max(1.0, value)
    assert percentile(ordered, 0) == ordered[0] and percentile(ordered, 100) == ordered[-1]


@given(VALUES, st.floats(0, 100), st.floats(0, 100))
def test_they_rise_and_stay_among_the_values(
    ordered: list[float], one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert ordered[0] <= percentile(ordered, low) <= percentile(ordered, high) <= ordered[-1]


def test_few_values_have_none() -> None:
    values = [float(n) for n in range(20)]
    assert p50(values[:4]) is None and p50(values[:5]) == 2.0
    assert p90(values[:19]) is None and p95(values[:19]) is None
    assert p90(values) == 17.1 and round(p95(values) or 0, 9) == 18.05
    assert p50(values) == median(values)
