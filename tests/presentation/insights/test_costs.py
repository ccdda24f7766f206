"""The words of the Cost page."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from dashboard.domain.insights.costs import Tags, cost_figures
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.presentation.format import THIN
from dashboard.presentation.insights.costs import MOST_ROWS, CostPage, cost_page, length_text
from tests.domain.insights.histories import PERIOD, insight_run

NAMES = {"lighthouse": "lighthouse-flux", "portrait": "portrait-relight"}


def page(
    runs: list[InsightRun],
    before: list[InsightRun] | None = None,
    *,
    period: Period = PERIOD,
    tags: Tags | None = None,
    people: dict[str, str] | None = None,
) -> CostPage:
    past = None if before is None else population_of(before)
    figures = cost_figures(population_of(runs), past, period, tags=tags or {}, boots={})
    return cost_page(
        figures,
        period,
        names=NAMES,
        people=people,
        workflow_url="w/{}".format,
        person_url="p/{}".format,
        tag_url="t/{}".format,
    )


def paid(n: int, dollars: str = "1", **columns: object) -> InsightRun:
    """A run whose start-up is a fifth of its cost."""
    micros = int(Decimal(dollars) * 1_000_000)
    given = {"cold_start": 2.0, "run": 8.0, "price": None, "cost_micros": micros, **columns}
    return insight_run(id=n, **given)


def test_the_headline_tells_what_was_paid_and_the_part_of_starting_up() -> None:
    lead = page([paid(1, "30"), paid(2, "10.75"), paid(3, cost_micros=None)]).lead
    assert lead.before == "About $40.75 of GPU time in 30 days,"
    assert (lead.share, lead.after) == (f"20{THIN}%", "of it for starting up")
    assert lead.estimate == (
        "Estimate: (cold start + run) × the GPU’s price at the time, for 2 of 3 runs. Not your "
        "invoice: ComfyDeploy bills the life of a container, and warm time comes on top."
    )


@pytest.mark.parametrize(
    ("some", "told"),
    [
        (1, "One run tells only one of its two times, so it cost more."),
        (2, "2 runs tell only one of their two times, so they cost more."),
    ],
)
def test_runs_with_one_time_cost_more_than_is_told(some: int, told: str) -> None:
    runs = [paid(n, cold_start=None) for n in range(some)]
    assert page([*runs, paid(9)]).lead.estimate.endswith(told)


def test_without_any_price_the_headline_says_so_and_why() -> None:
    runs = [
        paid(1, cost_micros=None),
        paid(2, cost_micros=None, finished=False, status="running"),
        paid(3, cost_micros=None, status="cancelled", cold_start=None, run=None),
    ]
    found = page(runs)
    assert not found.known
    assert found.lead.before == "What these runs cost is not known"
    assert found.lead.estimate == "3 runs: 1 without a price, 1 never started, 1 not ended yet."


def test_without_runs_the_headline_says_so() -> None:
    found = page([])
    assert not found.known
    assert found.lead.before == "No runs in this time"
    assert found.lead.estimate.endswith("pass the filters.")


def told(found: CostPage) -> dict[str, tuple[str, str, str]]:
    return {each.name: (each.value, each.first, each.second) for each in found.figures}


def test_the_figures() -> None:
    runs = [paid(n, picked=1, outputs=4) for n in range(20)]
    runs += [paid(30, "5", status="failed"), paid(31, "5", workflow="portrait")]
    runs += [paid(32, cost_micros=None), paid(33, cost_micros=None, finished=False)]
    assert told(page(runs, [paid(40, "28.5")])) == {
        "Estimate": ("$30.00", "+$1.50", "$28.50 in the 30 days before"),
        "Starting up": ("$6.00", f"20{THIN}% of it", f"20{THIN}% in the 30 days before"),
        "Per finished run": ("$1.43", "21 finished runs", "money of failed runs included"),
        # The five dollars of a workflow without picks are not in it.
        "Per picked output": (
            "$1.25",
            "20 outputs with a Pick mark",
            "of 81 in workflows with picks",
        ),
        "Left out": ("2 runs", "1 without a price", "1 not ended yet"),
    }


def test_figures_that_say_nothing() -> None:
    found = told(page([paid(1, status="failed", picked=3, outputs=4)], None))
    assert found["Estimate"] == ("$1.00", "", "the time before is not all known")
    assert found["Starting up"][2] == ""
    assert found["Per finished run"][:2] == ("–", "0 finished runs")
    assert found["Per picked output"] == (
        "–",
        "3 outputs with a Pick mark",
        "no price under 20 picks",
    )
    assert found["Left out"] == ("0 runs", "every run has a price", "")
    assert told(page([paid(1)]))["Per picked output"] == ("–", "no picks", "")


def test_the_cost_a_day_is_told_of_two_days_or_more() -> None:
    runs = [paid(1, "30")]
    assert page(runs).days_title == "Starting up costs $0.200 a day, work $0.800"
    day = Period(PERIOD.begin, PERIOD.begin + timedelta(hours=47), UTC)
    assert page(runs, period=day).days_title == "Cost per day"
    assert page([]).days_title == "Cost per day"
    assert page(runs).days_note == "Estimated GPU cost per day in UTC; 1 run with a price."
    year = Period(PERIOD.begin, PERIOD.begin + timedelta(days=365), UTC)
    assert page(runs, period=year).days_note.startswith("Estimated GPU cost per 4 days in UTC")


@pytest.mark.parametrize(
    ("hours", "text"),
    [(0.2, "1 hour"), (1, "1 hour"), (25, "25 hours"), (48, "2 days"), (721, "30 days")],
)
def test_how_long_a_time_is(hours: float, text: str) -> None:
    assert length_text(Period(PERIOD.begin, PERIOD.begin + timedelta(hours=hours), UTC)) == text


def test_workflows_that_cost_most_are_the_title() -> None:
    runs = [
        paid(1, "42", workflow="lighthouse"),
        paid(2, "31", workflow="portrait"),
        paid(3, "17", workflow="third"),
        paid(4, "10", workflow="fourth"),
    ]
    table = page(runs).tables[0]
    assert table.title == f"lighthouse-flux and portrait-relight make 73{THIN}% of the cost"
    assert [(row.name, row.url) for row in table.rows[:3]] == [
        ("lighthouse-flux", "w/lighthouse"),
        ("portrait-relight", "w/portrait"),
        ("third", "w/third"),
    ]
    assert page(runs[1:2]).tables[0].title == "Cost by workflow"


def test_a_row_without_a_price_says_why() -> None:
    found = page([paid(1), paid(2, cost_micros=None, workflow="wall")]).tables[0].rows
    row = found[1]
    assert (row.runs, row.estimate, row.why) == ("1", "no price", "1 without a price")
    assert found[0].why == ""


def test_the_cells_of_a_row() -> None:
    runs = [paid(1, "5", outputs=3, picked=2), paid(2, "5", status="failed")]
    row = page(runs).whole
    assert (row.runs, row.unit, row.estimate) == ("2", "runs", "$10.00")
    assert (row.start_up, row.work) == ("$2.00", "$8.00")
    assert (row.start_share, row.not_finished) == (f"20{THIN}%", "$5.00")
    assert (row.per_finished, row.per_picked, row.picked) == (
        "$10.00",
        "under 20 picks",
        "2 of 4",
    )
    assert row.bar_text == "$2.00 starting up, $8.00 work"
    assert page([paid(1, outputs=0)]).whole.picked == "no outputs"


def test_people_are_told_where_they_may_be() -> None:
    runs = [paid(1, user="user_a"), paid(2, user=None)]
    people = page(runs, people={"user_a": "Ana"}).tables[1]
    assert [(row.name, row.url) for row in people.rows] == [
        ("Ana", "p/user_a"),
        ("Not reported", ""),
    ]
    assert [table.name for table in page(runs).tables] == ["cost-workflows", "cost-tags"]
    nobody = page([paid(1, user=None)], people={}).tables[1]
    assert (nobody.rows, nobody.note) == ((), "No run tells who started it.")


def test_a_run_of_two_tags_counts_under_both_and_the_page_says_so() -> None:
    tags = page([paid(1), paid(2)], tags={1: ("hero", "client")}).tables[-1]
    assert [(row.name, row.estimate) for row in tags.rows] == [
        ("client", "$1.00"),
        ("hero", "$1.00"),
        ("No tag", "$1.00"),
    ]
    assert tags.note.startswith("A run with two tags counts under both")
    assert page([paid(1)]).tables[-1].note == "No run of this time has a tag."


def test_many_workflows_end_with_one_row_of_the_others() -> None:
    runs = [paid(n, str(n), workflow=f"w{n}") for n in range(1, 41)]
    rows = page(runs).tables[0].rows
    assert len(rows) == MOST_ROWS
    assert (rows[-1].name, rows[-1].url, rows[-1].runs) == ("11 others", "", "11")
    assert rows[-1].estimate == "$66.00"


def test_the_six_caveats_always_stand_there() -> None:
    for runs in ([], [paid(1)]):
        caveats = [strong for strong, _ in page(runs).caveats]
        assert len(caveats) == 6
        assert caveats[0] == "Warm time is billed and not in it."


def test_the_unfinished_day_is_marked_in_the_zone_of_the_page() -> None:
    begin = datetime(2026, 11, 1, tzinfo=UTC)
    over = Period(begin, begin + timedelta(days=2), UTC)
    open_day = Period(begin, begin + timedelta(days=1, hours=2), UTC)
    assert page([], period=over).chart.bars[-1].label == "2 Nov"
    assert page([], period=open_day).phone_chart.bars[-1].label == "2 Nov so far"
