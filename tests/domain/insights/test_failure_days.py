"""Failures by day, and the day since when their share is another."""

from datetime import date, timedelta

import pytest

from dashboard.domain.insights.failure_days import (
    FailureDay,
    ShareStep,
    ended_of,
    failure_days,
    share_of,
    share_step,
)
from dashboard.domain.insights.shares import Share
from tests.domain.insights import failures_oracle as oracle
from tests.domain.insights.histories import PERIOD, history, insight_run

FIRST = date(2026, 11, 1)


def days_of(*pairs: tuple[int, int]) -> list[FailureDay]:
    return [FailureDay(FIRST + timedelta(days=n), Share(*pair)) for n, pair in enumerate(pairs)]


def test_runs_count_once_they_ended_and_were_not_cancelled() -> None:
    statuses = ("success", "failed", "timeout", "cancelled", "running")
    runs = [insight_run(status=each, finished=each != "running") for each in statuses]
    assert [run.status for run in ended_of(runs)] == ["success", "failed", "timeout"]
    assert share_of(ended_of(runs)) == Share(2, 3)
    assert share_of([]) == Share(0, 0)


def test_every_day_of_the_time_is_told() -> None:
    runs = [run for run in history(800) if PERIOD.holds(run.created)]
    days = failure_days(ended_of(runs), PERIOD)
    assert [day.day for day in days] == PERIOD.days
    right = oracle.by_day(runs, PERIOD)
    assert {day.day: (day.share.part, day.share.n) for day in days if day.share.n} == right


def test_a_day_stands_out_where_its_interval_is_above_the_share_of_all() -> None:
    whole = Share(50, 1000)
    assert FailureDay(FIRST, Share(5, 30)).stands_out(whole)
    assert not FailureDay(FIRST, Share(2, 20)).stands_out(whole)
    assert not FailureDay(FIRST, Share(4, 4)).stands_out(whole)
    assert not FailureDay(FIRST, Share(0, 0)).stands_out(Share(0, 0))


def test_a_step_up_and_one_down_are_told_with_their_day() -> None:
    low, high = [(1, 40)] * 20, [(8, 40)] * 6
    step = share_step(days_of(*low, *high))
    assert step == ShareStep(FIRST + timedelta(days=20), Share(20, 800), Share(48, 240))
    assert step.up
    down = share_step(days_of(*high, *low))
    assert down and (down.day, down.up) == (FIRST + timedelta(days=6), False)


def test_days_without_runs_are_no_days_of_a_step() -> None:
    step = share_step(days_of(*[(1, 40)] * 20, (0, 0), *[(8, 40)] * 6))
    assert step and step.day == FIRST + timedelta(days=21)


QUIET = {
    "no day": [],
    "one day": [(5, 100)],
    "no failure": [(0, 40)] * 30,
    "nothing else": [(40, 40)] * 30,
    "one bad day": [*[(1, 40)] * 15, (30, 40), *[(1, 40)] * 14],
    "a bad last day": [*[(1, 40)] * 29, (20, 40)],
    "few days": [*[(0, 500)] * 3, *[(100, 500)] * 3],
    "few runs": [*[(0, 1)] * 20, *[(1, 1)] * 15],
}


@pytest.mark.parametrize("pairs", QUIET.values(), ids=QUIET)
def test_chance_and_single_days_are_no_step(pairs: list[tuple[int, int]]) -> None:
    assert share_step(days_of(*pairs)) is None


@pytest.mark.parametrize("seed", range(8))
def test_a_history_without_a_step_has_none(seed: int) -> None:
    runs = history(2_000, seed=seed)
    days = failure_days(ended_of(runs), PERIOD)
    found, right = share_step(days), list(oracle.by_day(runs, PERIOD).values())
    if found is None:
        assert oracle.chance(right, 200) > 0.003
    else:
        assert oracle.chance(right, 200) < 0.02
