"""Bars of costs lie within their view box, stand on the line, and are as high as their money."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.insights.costs import CostDay, cost_figures, spent_on
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import LeftOut, Population
from dashboard.domain.insights.spent import Spent
from dashboard.presentation.insights.cost_chart import (
    LETTER,
    MOST_BARS,
    ROW_WIDTH,
    CostChart,
    Mark,
    cost_chart,
    row_bar,
    scale,
)
from tests.domain.insights.histories import insight_run

FIRST = date(2026, 10, 25)
COSTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=400)


def spent(micros: int, start: float = 10.0, work: float = 20.0) -> Spent:
    run = insight_run(cost_micros=micros, cold_start=start, run=work, price=None)
    return spent_on([run], {})


def drawn(costs: list[int], *, phone: bool = False, so_far: bool = True) -> CostChart:
    days = [CostDay(FIRST + timedelta(days=n), spent(cost)) for n, cost in enumerate(costs)]
    return cost_chart(days, spent(sum(costs)), so_far=so_far, phone=phone)


def span(mark: Mark) -> tuple[float, float]:
    x, wide = float(mark.x), LETTER * len(mark.text)
    if "end" in mark.css:
        return x - wide, x
    return (x - wide / 2, x + wide / 2) if "mid" in mark.css else (x, x + wide)


@given(COSTS, st.booleans())
def test_nothing_lies_outside_the_view_box(costs: list[int], phone: bool) -> None:
    chart = drawn(costs, phone=phone)
    for bar in chart.bars:
        for rect in bar.rects:
            x, y, width, height = map(float, (rect.x, rect.y, rect.width, rect.height))
            assert min(x - chart.left, y, width, height) >= 0
            assert x + width <= chart.right + 0.1 and y + height <= chart.height
    for _, y in chart.lines:
        assert 0 <= float(y) <= chart.height
    for mark in chart.marks:
        begin, end = span(mark)
        assert begin >= 0 and end <= chart.width and 0 <= float(mark.y) <= chart.height, mark


@pytest.mark.parametrize("phone", [False, True])
def test_days_below_do_not_run_into_each_other(phone: bool) -> None:
    days = [CostDay(FIRST + timedelta(days=n), spent(1_000)) for n in range(800)]
    for size in (*range(1, 94), 184, 185, 366, 731, 800):
        chart = cost_chart(days[:size], spent(1_000), so_far=True, phone=phone)
        below = [mark for mark in chart.marks if float(mark.y) > chart.height - 10]
        spans = sorted(map(span, below))
        assert all(end <= begin for (_, end), (begin, _) in zip(spans, spans[1:], strict=False))
        assert below[-1].text.endswith("so far")


def test_a_bar_is_as_high_as_its_money() -> None:
    chart = drawn([4_000_000, 2_000_000, 0])
    first, second, none = chart.bars
    assert none.rects == ()
    heights = [sum(float(rect.height) for rect in bar.rects) for bar in (first, second)]
    assert abs(heights[0] - 2 * heights[1] - 1.5) < 0.3
    start, work = first.rects
    assert (start.css, work.css) == ("f-cold", "f-run")
    assert abs(float(start.y) + float(start.height) - float(chart.lines[0][1])) < 0.11
    assert abs(float(work.y) - float(chart.lines[-1][1])) < 0.11
    assert first.title == "25 Oct: $1.33 starting up, $2.67 work, 1 run"
    assert first.cells == ("1", "$4.00", "$1.33", "$2.67")


def test_a_sentence_tells_the_most() -> None:
    start = "Estimated cost per day, starting up and work."
    assert drawn([1_000_000, 3_000_000]).text == f"{start} The most: $3.00, 26 Oct so far."
    assert drawn([0, 0]).text == start
    assert drawn([1_000_000] * 93).text.startswith("Estimated cost per 2 days")


def test_many_days_are_fewer_bars_with_the_same_money() -> None:
    costs = [n * 1_000 for n in range(366)]
    chart = drawn(costs)
    assert len(chart.bars) <= MOST_BARS and chart.days_a_bar == 4
    whole = sum((bar.spent.total for bar in chart.bars), Decimal(0))
    assert whole == Decimal(sum(costs)) / 1_000_000
    assert chart.bars[0].label == "25 Oct 2026 to 28 Oct 2026"
    assert chart.bars[-1].label == "24 Oct to 25 Oct so far"


def test_the_last_day_says_whether_it_is_over() -> None:
    assert drawn([1, 2]).bars[-1].label == "26 Oct so far"
    assert drawn([1, 2], so_far=False).bars[-1].label == "26 Oct"


@pytest.mark.parametrize(
    ("most", "steps"),
    [
        ("0", ["0", "1"]),
        ("3.07", ["0", "1", "2", "3", "4"]),
        ("0.9", ["0", "0.5", "1.0"]),
        ("0.00012", ["0", "0.00005", "0.00010", "0.00015"]),
        ("780", ["0", "200", "400", "600", "800"]),
    ],
)
def test_the_scale_has_few_round_steps(most: str, steps: list[str]) -> None:
    assert scale(Decimal(most)) == [Decimal(step) for step in steps]


@given(st.integers(1, 10**15))
def test_the_scale_reaches_the_most(micros: int) -> None:
    most = Decimal(micros) / 1_000_000
    steps = scale(most)
    assert len(steps) <= 5 and steps[-1] >= most > steps[-2]


def test_marks_of_the_scale_are_as_fine_as_its_steps() -> None:
    chart = drawn([1_500_000])
    assert [mark.text for mark in chart.marks if mark.text.startswith("$")] == [
        *("$0", "$0.50", "$1.00", "$1.50")
    ]


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.floats(0, 1e4), st.floats(0, 1e4))
def test_the_bar_of_a_row_lies_within_its_place(
    micros: int, more: int, start: float, work: float
) -> None:
    rects = row_bar(spent(micros, start, work), Decimal(micros + more) / 1_000_000)
    for rect in rects:
        assert float(rect.x) >= 0 and float(rect.x) + float(rect.width) <= ROW_WIDTH + 0.1
    assert row_bar(spent(0), Decimal(0)) == ()


def test_a_small_bar_keeps_both_parts() -> None:
    rects = row_bar(spent(300), Decimal("0.0300"))
    assert [(rect.css, rect.x, rect.width) for rect in rects] == [
        ("f-cold", "0", "0.9"),
        ("f-run", "0.9", "1.7"),
    ]


def test_a_time_without_runs_is_drawn_empty() -> None:
    period = Period(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 3, tzinfo=UTC), UTC)
    figures = cost_figures(Population((), LeftOut()), None, period, tags={}, boots={})
    chart = cost_chart(figures.days, figures.all, so_far=False)
    assert [bar.rects for bar in chart.bars] == [(), ()]
