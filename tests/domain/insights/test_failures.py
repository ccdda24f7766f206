"""The figures of Failures, against arithmetic that was written from their definitions."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.insights.failure_causes import VersionKey
from dashboard.domain.insights.failures import FailureFigures, failure_figures
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.domain.insights.shares import Interval, Share
from tests.domain.insights import failures_oracle as oracle
from tests.domain.insights.failing import NEW, facts_of, spread, with_new_version
from tests.domain.insights.histories import PERIOD, history, insight_run

BERLIN = ZoneInfo("Europe/Berlin")
LONG_DAY = Period(
    datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC), BERLIN
)
IN_BERLIN = Period(PERIOD.begin, PERIOD.end, BERLIN, PERIOD.history_from)


def changed(runs: list[InsightRun], **columns: object) -> list[InsightRun]:
    return [run._replace(**columns) for run in runs]


HISTORIES = {
    "few": (history(50), PERIOD),
    "many": (history(2_000), PERIOD),
    "many of another zone": (history(2_000, seed=2), IN_BERLIN),
    "a new version": (with_new_version(), PERIOD),
    "none": ([], PERIOD),
    "one": ([insight_run()], PERIOD),
    "one that failed": ([insight_run(status="failed", error_cause="cuda")], PERIOD),
    "all failed": (changed(spread(300, 1), status="failed", finished=True), PERIOD),
    "none failed": (spread(300, 0), PERIOD),
    "all cancelled": (changed(spread(300, 0), status="cancelled"), PERIOD),
    "all live": (changed(spread(300, 0), status="running", finished=False), PERIOD),
    "no price": (changed(history(300), price=None, cost_micros=None), PERIOD),
    "no names": (changed(history(300), workflow=None, version=None, machine=None), PERIOD),
    "one version of a thousand": (
        [run._replace(version=f"v{run.id % 1000}") for run in history(2_000, seed=3)],
        PERIOD,
    ),
    "a day of 25 hours": (
        [
            run._replace(created=LONG_DAY.begin + n * timedelta(minutes=30))
            for n, run in enumerate(spread(50, 5))
        ],
        LONG_DAY,
    ),
}
LARGE = "fifty thousand"
Case = tuple[FailureFigures, list[InsightRun], list[InsightRun], list[InsightRun], Period]


@pytest.fixture(params=[*HISTORIES, pytest.param(LARGE, marks=pytest.mark.slow)], scope="module")
def case(request: pytest.FixtureRequest) -> Case:
    """The figures, the runs of the time, of the time before, of all history, and the time."""
    large = request.param == LARGE
    every, period = (history(50_000), PERIOD) if large else HISTORIES[request.param]
    known = list(population_of(every).runs)
    now, before = (
        population_of(run for run in every if each.holds(run.created))
        for each in (period, period.before)
    )
    figures = failure_figures(now, before, period, facts_of(known))
    return figures, list(now.runs), list(before.runs), known, period


def ends(interval: Interval | None) -> tuple[float, float] | None:
    return interval and (interval.low, interval.high)


def approx(value: object) -> object:
    return None if value is None else pytest.approx(value, abs=1e-12)


def test_the_share_and_its_change(case: Case) -> None:
    figures, runs, past, _, _ = case
    now, before = figures.now, figures.before
    assert before is not None
    for told, of in ((now, runs), (before, past)):
        assert (told.share.part, told.share.n) == (len(oracle.failed(of)), len(oracle.ended(of)))
        assert told.failed == sum(run.status == "failed" for run in of)
        assert told.timed_out == sum(run.status == "timeout" for run in of)
        assert told.cancelled == sum(run.status == "cancelled" for run in of)
        assert told.live == sum(run.status == "running" for run in of)
        assert told.runs == len(of) == told.share.n + told.cancelled + told.live
    share, old = now.share, before.share
    assert ends(share.interval) == approx(oracle.interval(share.part, share.n))
    assert ends(figures.change) == approx(oracle.newcombe(share.part, share.n, old.part, old.n))


def test_the_days_add_up(case: Case) -> None:
    figures, runs, _, _, period = case
    assert [day.day for day in figures.days] == period.days
    right = oracle.by_day(runs, period)
    assert {day.day: (day.share.part, day.share.n) for day in figures.days if day.share.n} == right


def test_a_step_is_the_largest_and_beyond_chance(case: Case) -> None:
    figures, runs, _, _, period = case
    days = sorted(oracle.by_day(runs, period).items())
    pairs = [pair for _, pair in days]
    if figures.step is None:
        assert len(pairs) < 2 or max(oracle.steps(pairs)) == 0 or oracle.chance(pairs) > 0.002
        return
    sizes = oracle.steps(pairs)
    at = next(n for n, (day, _) in enumerate(days) if day == figures.step.day)
    assert sizes[at - 1] == pytest.approx(max(sizes))
    assert oracle.chance(pairs) < 0.02
    assert (figures.step.before.n, figures.step.since.n) == (
        sum(n for _, n in pairs[:at]),
        sum(n for _, n in pairs[at:]),
    )


def test_the_causes(case: Case) -> None:
    figures, runs, _, every, period = case
    right = oracle.causes(runs)
    told = [*figures.causes, *([figures.untold] if figures.untold else [])]
    assert {tuple(cause.key) for cause in told} == set(right)
    for cause in told:
        own = right[tuple(cause.key)]
        assert [run.id for run in cause.runs] == [run.id for run in own]
        if cause.key == ("", ""):
            assert cause.of_runs is None
        else:
            assert cause.of_runs == Share(len(own), oracle.their_runs(own, runs))
        assert cause.new_since == oracle.is_new(tuple(cause.key), every, period)
    counts = [len(cause.runs) for cause in figures.causes]
    assert counts == sorted(counts, reverse=True)


def test_the_versions_add_up(case: Case) -> None:
    figures, runs, _, _, _ = case
    assert sum(each.share.n for each in figures.versions) == figures.now.share.n
    assert sum(each.share.part for each in figures.versions) == figures.now.share.part
    for each in figures.versions:
        own = [run for run in oracle.ended(runs) if (run.workflow, run.version) == each.key]
        assert each.share == Share(len(oracle.failed(own)), len(own))


def test_the_money(case: Case) -> None:
    figures, runs, _, _, _ = case
    for told, of in ((figures.money, oracle.failed(runs)), (figures.money_of_all, runs)):
        micros = [run.cost_micros for run in of if run.cost_micros is not None]
        assert told == (sum(micros) / 1_000_000 if micros else None) or (
            told is not None and int(told * 1_000_000) == sum(micros)
        )


def test_the_machines_of_timeouts(case: Case) -> None:
    figures, runs, _, _, _ = case
    right = {run.machine for run in runs if run.status == "timeout"}
    assert len(figures.timeout_machines) == len(right) and set(figures.timeout_machines) == right


def figures_of(runs: list[InsightRun], period: Period = PERIOD) -> FailureFigures:
    kept = population_of(run for run in runs if period.holds(run.created))
    return failure_figures(kept, None, period, facts_of(runs))


def test_a_new_cause_makes_the_headline_for_fourteen_days() -> None:
    figures = figures_of(with_new_version())
    new = figures.new
    assert new is not None and new.cause.key == NEW
    assert (new.version, new.share) == (VersionKey("lighthouse", "v15"), Share(18, 90))
    assert new.others == (VersionKey("lighthouse", "v14"),)
    assert new.share_of_others == Share(18, 900)
    assert ends(new.change) == approx(oracle.newcombe(18, 90, 18, 900))
    assert figures.step is not None and figures.step.up
    late = figures_of(with_new_version(days=15))
    assert late.new is None
    assert [cause.new_since for cause in late.causes if cause.key == NEW] == [new.version]


def test_without_a_time_before_nothing_is_compared() -> None:
    figures = figures_of(history(300))
    assert (figures.before, figures.change) == (None, None)


def test_versions_that_are_new_are_marked() -> None:
    assert [marker.version for marker in figures_of(with_new_version()).markers] == ["v15"]
