"""Headings of the charts of cold starts: a finding where its rule fires, else the plain name."""

import random
from datetime import timedelta

import pytest

from dashboard.domain.insights.cold_starts import cold_figures
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.presentation.format import GAP, THIN
from dashboard.presentation.insights.cold_starts import ColdSections, cold_page
from dashboard.presentation.insights.marks import Drawing, Line, Rect, Text
from tests.domain.insights.histories import PERIOD, PRICES, cold_run, history, insight_run

NAMES = {
    ("machine", "flux"): "flux-h100-eu",
    ("workflow", "lighthouse"): "lighthouse-flux",
    ("version", "v14"): "v14 of mine",
}


def sections(
    runs: list[InsightRun], warm: dict[str, float | None] | None = None, *, costs: bool = True
) -> ColdSections:
    figures = cold_figures(population_of(runs), None, PERIOD)
    page = cold_page(figures, PERIOD, NAMES, warm or {}, costs=costs, cold_after=5)
    assert page.sections is not None
    return page.sections


def plain(text: str) -> str:
    return text.replace(THIN, " ").replace(GAP, " ")


def texts(drawing: Drawing) -> list[str]:
    return [plain(mark.text) for mark in drawing.marks if isinstance(mark, Text)]


def spread_out(count: int, version: str = "v13", **columns: object) -> list[InsightRun]:
    """Cold and warm starts in turn over the whole time."""
    step = (PERIOD.end - PERIOD.begin) / count
    return [
        insight_run(
            id=n,
            created=PERIOD.begin + n * step,
            ended=PERIOD.begin + n * step + timedelta(seconds=20),
            start_kind="cold" if n % 2 else "warm",
            cold_start=25.0 + n % 7 if n % 2 else 2.0,
            version=version,
            **columns,
        )
        for n in range(count)
    ]


def slower(runs: list[InsightRun], by: float) -> list[InsightRun]:
    """Those of the second half are of v14, and their cold starts take longer."""
    return [
        run._replace(
            version="v14",
            cold_start=(run.cold_start or 0) + (by if run.start_kind == "cold" else 0),
        )
        if run.id >= len(runs) / 2
        else run
        for run in runs
    ]


def test_a_step_names_its_workflow_date_and_version() -> None:
    days = sections(slower(spread_out(200), 5.5)).days
    assert plain(days.heading) == (
        "lighthouse-flux cold starts take 5.5 s longer since 15 Nov (v14 of mine)"
    )
    assert "Stepped line: lighthouse-flux on H100, 50 and 50 starts; change" in days.text
    assert "lighthouse-flux v14 of mine" in texts(days.desk)
    faster = sections(slower(spread_out(200), -5.5)).days
    assert "take 5.5 s less since 15 Nov" in plain(faster.heading)


def test_without_one_it_is_the_start_time_per_day() -> None:
    days = sections(slower(spread_out(200), 0.5)).days
    assert days.heading == "Start time per day"
    assert "Stepped" not in days.text
    assert not any(mark.shape == "path" and mark.css == "l-step" for mark in days.desk.marks)


def test_the_numbers_of_each_day_are_behind_the_chart() -> None:
    table = sections(spread_out(200)).days.table
    assert len(table.rows) == 30
    assert {len(row) for row in table.rows} == {len(table.head)}
    assert [plain(cell) for cell in table.rows[-1][:4]] == ["29 Nov", "6", "3", "50 %"]


def test_on_a_phone_only_the_step_is_named() -> None:
    runs = slower(spread_out(200), 5.5) + [
        run._replace(workflow="other", version=f"v{run.id // 50}") for run in spread_out(200)
    ]
    desk, phone = sections(runs).days.desk, sections(runs).days.phone
    assert {"other v1", "lighthouse-flux v14 of mine"} <= set(texts(desk))
    assert not any(words.startswith("other") for words in texts(phone))
    assert sum(isinstance(mark, Line) and mark.css == "gv" for mark in phone.marks) > 3


@pytest.mark.parametrize(
    ("cold", "heading"),
    [
        ([16.0 + n for n in range(40)], "Warm and cold starts are two separate groups"),
        ([5.1 + n / 5 for n in range(40)], "How long starts take"),
    ],
)
def test_two_groups(cold: list[float], heading: str) -> None:
    warm = [insight_run(cold_start=1.0 + n / 10) for n in range(39)]
    found = sections([*map(cold_run, cold), *warm]).histogram
    assert found.heading == heading
    assert plain(found.text).startswith("79 starts in bars of 1 s.")
    assert {"40 cold", "39 warm", "5 s: counted as cold from here"} <= set(texts(found.desk))


STUDIO = {"machine": "studio", "gpu": "L4", "price": PRICES["L4"], "workflow": "portrait"}


def test_the_machine_that_lost_most_is_named() -> None:
    runs = [*spread_out(60), *spread_out(60, **STUDIO)]
    assert plain(sections(runs).machines.heading) == "88 % of the money is lost on flux-h100-eu"
    cold = [run for run in spread_out(60, **STUDIO) if run.start_kind == "cold"]
    longer = [run._replace(cold_start=70.0) for run in cold]
    by_time = sections([*spread_out(60), *longer], costs=False).machines
    assert plain(by_time.heading) == "72 % of the time is lost on studio"
    assert {row.money for row in by_time.by_machine.rows} == {""}


def test_one_machine_alone_is_no_finding() -> None:
    assert sections(spread_out(60)).machines.heading == "Cold starts by machine"


def test_rows_of_machines() -> None:
    wall = {"machine": "wall", "gpu": None, "price": None}
    runs = [
        *spread_out(60),
        *spread_out(60, workflow="portrait"),
        *spread_out(60, **STUDIO),
        *(insight_run(start_kind="unknown", cold_start=None, **wall) for _ in range(3)),
    ]
    table = sections(runs, {"flux": 60, "studio": None}).machines.by_machine
    told = [
        (row.name, row.is_part, row.gpu, plain(row.stays_warm), row.starts, row.money)
        for row in table.rows
    ]
    assert told == [
        ("flux-h100-eu", False, "H100", "60 s", "120", "$3.64"),
        ("lighthouse-flux", True, "", "", "60", "$1.82"),
        ("portrait", True, "", "", "60", "$1.82"),
        ("studio", False, "L4", "not known", "60", "$0.249"),
        ("wall", False, "—", "—", "0", "no price"),
    ]
    assert table.rows[-1].note == "3 runs, start times not reported"
    assert (table.all.name, table.all.starts, plain(table.all.share)) == ("All", "180", "50 %")
    assert plain(table.spread_head) == "p25 to p90, 0–60 s"


def test_many_machines_are_told_as_a_number() -> None:
    runs = [run._replace(machine=f"m{run.id % 70}") for run in spread_out(700)]
    table = sections(runs).machines.by_machine
    assert len(table.rows) == 50
    assert table.hidden == "20 more machines lost less."


def rested(machine: str, warm_for: float, count: int = 300, seed: int = 1) -> list[InsightRun]:
    """Starts after all kinds of idle times, cold where they are longer than `warm_for`."""
    dice, at, made = random.Random(seed), PERIOD.begin, []
    for n in range(count):
        idle = dice.choice((5, 20, 45, 90, 180, 400, 1_000, 3_000)) * dice.uniform(0.95, 1.05)
        at += timedelta(seconds=10 + idle)
        kind, seconds = ("cold", 30.0) if idle > warm_for and n else ("warm", 2.0)
        made.append(
            insight_run(
                id=n,
                machine=machine,
                created=at,
                ended=at + timedelta(seconds=10),
                start_kind=kind,
                cold_start=seconds,
            )
        )
    return made


def test_machines_go_cold_when_their_time_is_over() -> None:
    runs = [*rested("flux", 60), *rested("studio", 240)]
    found = sections(runs, {"flux": 60, "studio": 240}).idle
    assert found is not None
    assert found.heading == "Machines go cold when their own warm time is over"
    assert (found.bold, found.bold_rest) == ("", "")
    assert found.note == "Not drawn: 2 starts after no run that is known here."
    assert {"flux-h100-eu", "stays warm 60 s", "studio", "stays warm 240 s"} <= set(
        texts(found.desk)
    )
    one = sections(rested("flux", 60), {"flux": 60}).idle
    assert one is not None
    assert one.heading == "flux-h100-eu goes cold when its warm time is over"


def test_one_that_is_still_warm_is_told() -> None:
    found = sections([*rested("flux", 60), *rested("studio", 900)], {"flux": 60, "studio": 60}).idle
    assert found is not None
    assert found.heading == "Cold starts by idle time"
    assert plain(found.bold) == "studio is still warm after its 60 s:"
    assert found.bold_rest == "runs that are not known here may keep it up."


def test_without_settings_nothing_is_found() -> None:
    found = sections(rested("flux", 60)).idle
    assert found is not None
    assert found.heading == "Cold starts by idle time"
    assert "warm time not known" in texts(found.desk)
    assert not any(mark.css == "gm" for mark in found.desk.marks)


def test_without_any_idle_time_there_is_no_chart() -> None:
    runs = [insight_run(id=n, machine=f"m{n}") for n in range(30)]
    assert sections(runs).idle is None


def test_no_hour_stands_out() -> None:
    runs = [run for run in history(3_000) if PERIOD.holds(run.created)]
    hours = sections(runs).hours
    assert hours.heading == "No hour of the day stands out"
    assert hours.note == "not the average, beyond chance: none here"
    assert "hours have the 5 starts that a number needs" in hours.text
    assert "Over all weekdays" in hours.text


def test_an_hour_that_stands_out_is_named_and_outlined() -> None:
    runs = [run for run in history(3_000) if PERIOD.holds(run.created)]
    tuesday = PERIOD.begin + timedelta(days=3, hours=12)
    late = [cold_run(30.0, id=9_000 + n, created=tuesday) for n in range(40)]
    hours = sections([*runs, *late]).hours
    assert plain(hours.heading).startswith("Tue 12:00 to 13:00 stands out: ")
    outlines = [mark for mark in hours.desk.marks if isinstance(mark, Rect)]
    assert sum(mark.css == "cell-sure" for mark in outlines) == 1
    assert hours.note == "not the average, beyond chance: 1 here"


def test_of_few_starts_nothing_is_said() -> None:
    found = sections([run for run in history(70) if PERIOD.holds(run.created)]).hours
    assert found.heading == "Cold share by weekday and hour"
    assert "highest" not in found.text
