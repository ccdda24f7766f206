"""Where the marks of the chart of keeping warm lie."""

from dataclasses import replace
from decimal import Decimal
from itertools import combinations

import pytest

from dashboard.domain.insights.keep_warm import MachineFacts
from dashboard.presentation.insights.warm_chart import WarmChart, _box, _overlap, warm_charts
from tests.domain.insights.lived import lived
from tests.presentation.insights.test_keep_warm import kept

CASES = [(60, 1), (60, 2), (2, 3), (600, 4), (1_200, 5)]


def charts(warm: int, seed: int) -> tuple[WarmChart, ...]:
    (one,) = kept(lived("flux", seed, 400, warm=warm, limit=2), MachineFacts(warm, 2))
    return warm_charts(one, "flux")


@pytest.mark.parametrize(("warm", "seed"), CASES)
def test_nothing_is_outside_and_no_labels_overlap(warm: int, seed: int) -> None:
    found = charts(warm, seed)
    assert [one.width for one in found] == [540, 343]
    for chart in found:
        assert chart.today
        labels = [*chart.labels, chart.today]
        for label in (*labels, *chart.rows, *chart.ticks):
            left, top, right, bottom = _box(label)
            assert left >= 0 and top >= 0 and right <= chart.width and bottom <= chart.height
        for one, other in combinations(labels, 2):
            assert not _overlap(_box(one), _box(other))
        for dot in chart.dots:
            assert float(chart.left) <= float(dot.x) <= float(chart.right)
            assert 0 <= float(dot.high_y) <= float(dot.y) <= float(dot.low_y)
            assert float(dot.low_y) <= float(chart.bottom)


@pytest.mark.parametrize(("warm", "seed"), CASES)
def test_a_dearer_time_lies_further_right_and_a_colder_one_higher(warm: int, seed: int) -> None:
    (one,) = kept(lived("flux", seed, 400, warm=warm, limit=2), MachineFacts(warm, 2))
    for chart in warm_charts(one, "flux"):
        by_cost = sorted(zip(one.times, chart.dots, strict=True), key=lambda pair: pair[0].cost)
        xs = [float(dot.x) for _, dot in by_cost]
        assert xs == sorted(xs) and len(chart.dots) == len(one.times)
        by_share = sorted(zip(one.times, chart.dots, strict=True), key=lambda pair: pair[0].share)
        ys = [float(dot.y) for _, dot in by_share]
        assert ys == sorted(ys, reverse=True)
        assert sum(dot.is_today for dot in chart.dots) == 1


def test_it_is_told_in_a_sentence() -> None:
    assert (
        charts(60, 1)[0]
        .sentence.replace("\u202f", " ")
        .startswith("Cold share against GPU cost a day for flux: from ")
    )


def test_no_costs_are_no_chart_and_none_is_no_error() -> None:
    (one,) = kept()
    free = tuple(replace(each, cost=None) for each in one.times)
    assert warm_charts(replace(one, times=free), "flux") == ()
    zero = tuple(replace(each, cost=Decimal(0)) for each in one.times)
    assert len(warm_charts(replace(one, times=zero), "flux")) == 2
