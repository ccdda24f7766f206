"""What the Cold starts page shows, and where the marks of its charts lie."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.insights.cold_starts import cold_figures
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.presentation.insights.cold_starts import ColdPage, cold_page
from dashboard.presentation.insights.marks import Drawing, Rect, Text
from tests.domain.insights.histories import BEGIN, PERIOD, cold_run, history, insight_run
from tests.presentation.insights.drawings import outside

LONG = "a-workflow-with-a-name-that-says-all-that-it-does-and-more"
YEAR = Period(BEGIN - timedelta(days=305), BEGIN + timedelta(days=60), ZoneInfo("Asia/Tokyo"))
HOUR = Period(PERIOD.end - timedelta(hours=1), PERIOD.end, UTC)
LONG_DAY = Period(
    datetime(2026, 10, 24, 22, tzinfo=UTC),
    datetime(2026, 10, 25, 23, tzinfo=UTC),
    ZoneInfo("Europe/Berlin"),
)


def page_of(
    runs: list[InsightRun],
    period: Period = PERIOD,
    names: dict[tuple[str, str], str] | None = None,
    stays_warm: dict[str, float | None] | None = None,
    *,
    costs: bool = True,
) -> ColdPage:
    now = population_of(run for run in runs if period.holds(run.created))
    before = population_of(run for run in runs if period.before.holds(run.created))
    figures = cold_figures(now, before if before.runs else None, period)
    return cold_page(figures, period, names or {}, stays_warm or {}, costs=costs, cold_after=5)


def drawings(page: ColdPage) -> list[Drawing]:
    if page.few and page.few_phone:
        return [page.few, page.few_phone]
    found = page.sections
    assert found is not None
    charts = [found.days, found.histogram, found.hours, *([found.idle] if found.idle else [])]
    tables = (found.machines.by_machine, found.machines.by_workflow)
    rows = [row for table in tables for row in (*table.rows, table.all)]
    small = [each for row in rows for each in (row.bar, row.phone_bar, row.spread) if each]
    return [drawing for chart in charts for drawing in (chart.desk, chart.phone)] + small


def stepped(at: float, **columns: object) -> list[InsightRun]:
    """Cold starts of a version that take longer from a share of the time on."""
    made = []
    for n in range(120):
        new = n >= 120 * at
        seconds = (40.0 if new else 20.0) + n % 5
        created = PERIOD.begin + n * (PERIOD.end - PERIOD.begin) / 120
        version = "v2" if new else "v1"
        made.append(cold_run(seconds, id=n, created=created, version=version, **columns))
    return made


WARM = {"flux": 60.0, "studio": 90.0, "wall": 4_000.0}
PAGES = {
    "few": page_of(history(30)),
    "some": page_of(history(120)),
    "many": page_of(history(2_000), stays_warm=WARM),
    "all cold": page_of([cold_run(20.5, id=n) for n in range(50)]),
    "none cold": page_of([insight_run(id=n) for n in range(50)]),
    "very long": page_of([*history(2_000), *(cold_run(9_000.0, id=n) for n in range(400))]),
    "all very long": page_of([cold_run(40_000.0, id=n) for n in range(50)]),
    "few and long": page_of([cold_run(700.0, id=n) for n in range(9)]),
    "a year": page_of(history(2_000), YEAR),
    "an hour": page_of(
        [cold_run(30.0 + n, created=HOUR.begin + n * timedelta(minutes=1)) for n in range(30)], HOUR
    ),
    "a long day": page_of(
        [
            cold_run(30.0 + n % 9, id=n, created=LONG_DAY.begin + n * timedelta(minutes=30))
            for n in range(50)
        ],
        LONG_DAY,
    ),
    "a step": page_of(stepped(0.5), names={("workflow", "lighthouse"): LONG}),
    "an early step": page_of(stepped(0.2)),
    "a late step": page_of(stepped(0.82), names={("workflow", "lighthouse"): LONG}),
    "many versions": page_of(
        [run._replace(version=f"v{run.id // 40}") for run in history(2_000)],
        names={("workflow", "portrait"): LONG},
    ),
    "a thousand machines": page_of(
        [run._replace(machine=f"m{run.id % 1000}") for run in history(2_000)]
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_nothing_lies_outside_of_its_drawing(name: str) -> None:
    for drawing in drawings(PAGES[name]):
        assert outside(drawing) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_drawing_says_what_it_shows(name: str) -> None:
    assert all(drawing.sentence for drawing in drawings(PAGES[name]))


def test_bars_are_as_long_as_what_they_stand_for() -> None:
    """The tallest bar of each row of the histogram, and the share of a machine."""
    page = PAGES["many"]
    assert page.sections is not None
    bars = [mark for mark in page.sections.histogram.desk.marks if isinstance(mark, Rect)]
    assert max(float(bar.height) for bar in bars if bar.css == "f-warm") == 92
    assert max(float(bar.height) for bar in bars if bar.css == "f-cold") == 150
    top = page.sections.machines.by_machine.rows[0]
    assert top.bar is not None
    [bar] = [mark for mark in top.bar.marks if isinstance(mark, Rect) and mark.css == "f-cold"]
    assert round(float(bar.width) / 1.3) == pytest.approx(int(top.share.split("\u202f")[0]), abs=1)


def test_under_five_starts_a_cell_is_hatched_and_has_no_number() -> None:
    page = PAGES["some"]
    assert page.sections is not None
    marks = page.sections.hours.desk.marks
    hatched = [mark for mark in marks if isinstance(mark, Rect) and mark.css == "f-hatch2"]
    numbers = [mark for mark in marks if isinstance(mark, Text) and "mid" in mark.css]
    assert len(hatched) + len(numbers) == 168
    assert all(mark.title.endswith("too few") for mark in hatched)


def test_few_starts_are_drawn_one_by_one() -> None:
    page = PAGES["few"]
    assert page.few is not None and page.sections is None and page.figures == ()
    dots = [mark for mark in page.few.marks if mark.shape == "dot"]
    assert 0 < len(dots) < 20
    assert page.few.sentence == f"{len(dots)} starts, each one dot"


def test_without_a_known_start_only_the_headline_is_left() -> None:
    runs = [run._replace(start_kind="unknown", cold_start=None) for run in history(100)]
    page = page_of(runs)
    assert page.lead.whole.startswith("None of ")
    assert page.sections is page.few is None


def test_money_is_only_for_those_who_may_see_costs() -> None:
    hidden = page_of(history(2_000), costs=False)
    assert hidden.sections is not None
    assert len(hidden.figures) == 4
    told = [hidden.sections.machines.heading, hidden.sections.machines.text]
    assert not any("oney" in text or "$" in text for text in told)
