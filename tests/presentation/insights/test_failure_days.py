"""The chart of failures by day: its words, and where its marks lie."""

from datetime import timedelta

import pytest

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun
from dashboard.presentation.insights.failure_days import days_section
from dashboard.presentation.insights.marks import Dot, Drawing, Line, Rect, Section, Text
from tests.domain.insights.failing import failing, spread, with_new_version
from tests.domain.insights.histories import PERIOD, history
from tests.presentation.insights.drawings import outside
from tests.presentation.insights.failing import NAMES, figures_of, plain, texts

YEAR = Period(PERIOD.end - timedelta(days=365), PERIOD.end, PERIOD.zone)
DAY = Period(PERIOD.end - timedelta(days=1), PERIOD.end, PERIOD.zone)


def section(runs: list[InsightRun], period: Period = PERIOD) -> Section:
    return days_section(figures_of(runs, period=period), period, NAMES)


def test_a_step_is_the_heading_with_its_day_and_no_cause() -> None:
    days = section(with_new_version())
    assert days.heading == "Failure share went up on 26 Nov"
    assert "Before 26 Nov: 2.1 % of 780 runs; since then: 9.5 % of 210." in plain(days.text)
    assert "lighthouse-flux v15" in texts(days.desk)


def test_without_one_it_has_its_plain_name() -> None:
    days = section(history(800))
    assert days.heading == "Failure share per day"
    assert "since then" not in days.text
    assert "Grey band: all 30 days." in days.text


def of_days(*pairs: tuple[int, int]) -> list[InsightRun]:
    """Runs of the first days: how many fail, of how many."""
    return [
        failing(
            1000 * day + n,
            n < failed,
            created=PERIOD.begin + timedelta(days=day, minutes=n),
            error_cause="cuda",
            error_digest="a",
        )
        for day, (failed, count) in enumerate(pairs)
        for n in range(count)
    ]


def css_of(drawing: Drawing, css: str) -> list[str]:
    """What the marks with this class say."""
    return [
        plain(mark.title)
        for mark in drawing.marks
        if isinstance(mark, Rect | Dot) and mark.css == css
    ]


def test_few_runs_are_hollow_or_hatched_and_red_words_are_beyond_chance() -> None:
    days = section(of_days((1, 60), (0, 12), (2, 4), (9, 30)))
    assert css_of(days.desk, "d-fail") == [
        "31 Oct: 1 of 60 runs failed, 0 to 9 %",
        "3 Nov: 9 of 30 runs failed, 17 to 48 %",
    ]
    assert css_of(days.desk, "d-fopen") == ["1 Nov: 0 of 12 runs failed, 0 to 24 %"]
    hatched = css_of(days.desk, "f-hatch")
    assert hatched[0] == "2 Nov: 4 runs, too few" and len(hatched) == 27
    for drawing in (days.desk, days.phone):
        red = [m.text for m in drawing.marks if isinstance(m, Text) and m.css.startswith("tf")]
        assert red == ["9 of 30"]


def test_the_scale_holds_every_interval() -> None:
    ends = {}
    for failed in (0, 1, 12, 60):
        days = section(of_days((failed, 60), (1, 60)))
        ends[failed] = texts(days.desk)[2]
    assert ends == {0: "10 %", 1: "10 %", 12: "50 %", 60: "100 %"}


def test_the_numbers_of_runs_stand_below_where_they_fit() -> None:
    assert "runs" in texts(section(spread(600, 20)).desk)
    assert "runs" not in texts(section(spread(600, 20)).phone)
    assert "runs" not in texts(section(spread(600, 20), YEAR).desk)


def test_the_numbers_are_behind_the_chart() -> None:
    table = section(of_days((1, 60), (2, 4))).table
    assert len(table.rows) == 30
    assert {len(row) for row in table.rows} == {len(table.head)}
    assert [plain(" | ".join(row)) for row in table.rows[:3]] == [
        "31 Oct | 60 | 1 | 2 % | 0 to 9 %",
        "1 Nov | 4 | 2 | — | —",
        "2 Nov | 0 | 0 | — | —",
    ]


CASES = {
    "few": (history(50), PERIOD),
    "many": (history(2_000), PERIOD),
    "a new version": (with_new_version(), PERIOD),
    "versions by the run": (
        [run._replace(version=f"version-{run.id}-of-many") for run in history(2_000)],
        PERIOD,
    ),
    "a year": (history(2_000), YEAR),
    "a day": (history(6_000), DAY),
    "all failed": (spread(900, 1), PERIOD),
    "bad days in a row": (of_days(*[(1, 200)] * 20, *[(9, 30)] * 9, (25, 30)), PERIOD),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_nothing_leaves_the_drawing_and_no_red_words_overlap(
    case: tuple[list[InsightRun], Period],
) -> None:
    days = section(*case)
    for drawing in (days.desk, days.phone):
        assert outside(drawing) == []
        red = [m for m in drawing.marks if isinstance(m, Text) and m.css.startswith("tf")]
        for n, one in enumerate(red):
            for other in red[:n]:
                near = abs(float(one.x) - float(other.x)) < 3 * (len(one.text) + len(other.text))
                assert not near or abs(float(one.y) - float(other.y)) >= 12
        lines = [m for m in drawing.marks if isinstance(m, Line) and m.css == "w-fail"]
        assert all(float(line.y2) <= float(line.y1) for line in lines)
