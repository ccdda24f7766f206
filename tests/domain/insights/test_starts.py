"""Which runs tell of their start, and how long starts took."""

from datetime import timedelta

from dashboard.domain.insights.starts import (
    cold_share,
    seconds_by_day,
    seconds_of,
    start_times,
    starts_of,
)
from tests.domain.insights.histories import PERIOD, cold_run, insight_run

DAY = timedelta(days=1)


def on_days(seconds: float, first: int) -> list:
    return starts_of(
        cold_run(seconds + n % 3, created=PERIOD.begin + (first + n % 8) * DAY) for n in range(40)
    )


def test_a_start_is_one_that_was_reported() -> None:
    runs = [
        cold_run(30.0),
        insight_run(),
        insight_run(start_kind="unknown", cold_start=None),
        insight_run(start_kind="cold", cold_start=None),
    ]
    starts = starts_of(runs)
    assert [start.cold for start in starts] == [True, False]
    assert seconds_of(starts) == [2.0, 30.0]
    assert (cold_share(starts).part, cold_share(starts).n) == (1, 2)


def test_a_live_run_that_has_started_is_one_too() -> None:
    [start] = starts_of([insight_run(status="running", finished=False, ended=None)])
    assert start.live and not start.cold


def test_days_without_a_start_are_left_out() -> None:
    runs = [cold_run(9.0, created=PERIOD.begin + n * DAY) for n in (0, 0, 3)]
    days = seconds_by_day(starts_of(runs), PERIOD)
    assert days == {PERIOD.days[0]: [9.0, 9.0], PERIOD.days[3]: [9.0]}


def test_a_change_of_the_median_comes_with_its_interval() -> None:
    times = start_times(on_days(28, 0), on_days(22, -10), PERIOD)
    assert (times.n, times.p50, times.difference) == (40, 29.0, 6.0)
    assert times.change is not None and times.change.holds(6) and not times.change.holds(0)


def test_without_the_time_before_there_is_no_change() -> None:
    for before in (None, []):
        times = start_times(on_days(28, 0), before, PERIOD)
        assert times.p50 == 29.0
        assert times.p50_before is times.difference is times.change is None
