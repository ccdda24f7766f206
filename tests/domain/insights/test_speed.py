"""Run times by workflow, version and GPU: as the oracle says, and what edges do."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.insights.hodges_lehmann import Difference
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.domain.insights.speed import Speed, speed_of
from tests.domain.insights import speed_oracle as oracle
from tests.domain.insights.histories import BEGIN, PERIOD, history, insight_run

ONE = insight_run()
CASES = {
    "none": [],
    "one": [ONE],
    "all cold": [run._replace(start_kind="cold") for run in history(300)],
    "none cold": [run._replace(start_kind="warm") for run in history(300)],
    "all unknown": [run._replace(start_kind="unknown") for run in history(300)],
    "no price": [run._replace(price=None, cost_micros=None) for run in history(50)],
    "all alike": [ONE._replace(id=n, created=BEGIN + timedelta(hours=n)) for n in range(90)],
    "nothing named": [run._replace(workflow=None, version=None, gpu=None) for run in history(200)],
    "50": history(50),
    "2,000": history(2_000),
    "50 with steps": oracle.stepped(50),
    "2,000 with steps": oracle.stepped(2_000),
    "rollout": oracle.rollout(),
}


def triple(told: Difference | None) -> tuple[float, ...] | None:
    return told and (told.value, told.interval.low, told.interval.high)


def told_groups(speed: Speed) -> dict[oracle.Key, dict[str, object]]:
    return {
        (one.workflow, one.version, one.gpu): {
            "runs": len(one.seconds),
            "p25": one.p25,
            "p50": one.p50,
            "p90": one.p90,
            "earlier": one.earlier,
            "against": triple(one.against),
        }
        for one in speed.groups
    }


def near(found: object, wanted: object) -> None:
    """The same, but for the last digits of floats."""
    if isinstance(wanted, dict):
        assert isinstance(found, dict) and found.keys() == wanted.keys()
        for key, value in wanted.items():
            near(found[key], value)
    elif isinstance(wanted, list | tuple):
        assert isinstance(found, list | tuple) and len(found) == len(wanted)
        for one, other in zip(found, wanted, strict=True):
            near(one, other)
    else:
        assert found == (pytest.approx(wanted) if isinstance(wanted, float) else wanted)


@pytest.mark.parametrize("kind", ["warm", "cold", "unknown"])
@pytest.mark.parametrize("name", CASES)
def test_it_is_what_the_oracle_says(name: str, kind: str) -> None:
    runs = population_of(CASES[name]).runs
    speed = speed_of(runs, kind)
    shown, other, untold = oracle.shown_runs(runs, kind)
    assert (list(speed.runs), speed.other, speed.untold) == (shown, other, untold)
    near(told_groups(speed), oracle.groups(runs, kind))
    found = {
        (series.workflow, series.gpu): [
            (
                *(one.at, one.before, one.after, one.runs_before, one.runs_after),
                *(triple(one.difference), one.p),
            )
            for one in series.changes
        ]
        for series in speed.series
    }
    near(found, oracle.changes(runs, kind))


def test_steps_are_found_and_chance_is_not() -> None:
    assert speed_of(population_of(history(2_000)).runs, "warm").changed == []
    runs = population_of(oracle.stepped(2_000)).runs
    changed = speed_of(runs, "warm").changed
    assert {series.workflow for series, _ in changed} == {"lighthouse", "portrait"}
    moments = [series.moment(change) for series, change in changed]
    assert moments == sorted(moments, reverse=True)


def test_a_change_names_the_version_that_came_with_it() -> None:
    [(_, change)] = speed_of(oracle.rollout(), "warm").changed
    assert (change.at, change.version, change.exact) == (60, "v2", False)
    exact = [run for run in oracle.rollout() if run.id != 58]
    [(_, change)] = speed_of(exact, "warm").changed
    assert (change.version, change.exact) == ("v2", True)
    unnamed = [run._replace(version="v1") for run in exact]
    assert speed_of(unnamed, "warm").changed[0][1].version is None


def test_versions_are_in_the_order_in_which_they_were_first_seen() -> None:
    runs = [
        ONE._replace(id=n, version=name, created=BEGIN + timedelta(minutes=n), run=10.0 + n)
        for n, name in enumerate(["new"] * 20 + ["old"] * 20)
    ]
    here = speed_of(runs, "warm").groups
    assert [one.version for one in here] == ["new", "old"]
    long_ago = speed_of(runs, "warm", {"old": BEGIN - timedelta(days=90)}).groups
    assert [(one.version, one.earlier) for one in long_ago] == [("old", 0), ("new", 20)]
    assert long_ago[1].against and long_ago[1].against.value == pytest.approx(-20)


def test_the_workflow_with_most_runs_comes_first_and_its_gpus_likewise() -> None:
    groups = speed_of(population_of(history(2_000)).runs, "warm").groups
    sizes: dict[str | None, int] = {}
    for one in groups:
        sizes[one.workflow] = sizes.get(one.workflow, 0) + len(one.seconds)
    assert list(sizes.values()) == sorted(sizes.values(), reverse=True)
    assert [one.gpu for one in groups[:6]] == ["H100"] * 3 + ["L4"] * 3


def test_a_day_of_25_hours_counts_each_run_once() -> None:
    begin = BEGIN.replace(day=24, hour=22)
    zone = ZoneInfo("Europe/Berlin")
    period = replace(PERIOD, begin=begin, end=begin + timedelta(hours=25), zone=zone)
    assert isinstance(period, Period) and len(period.days) == 1
    runs: list[InsightRun] = [
        ONE._replace(id=n, created=begin + timedelta(minutes=30 * n)) for n in range(50)
    ]
    assert len(speed_of(runs, "warm").groups[0].seconds) == 50
