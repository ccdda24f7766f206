"""Days, and the weeks that end with them."""

from datetime import timedelta

from dashboard.domain.insights.start_days import start_days
from dashboard.domain.insights.starts import Start, starts_of
from tests.domain.insights.histories import PERIOD, cold_run, insight_run


def cold_on(day: int, *seconds: float) -> list[Start]:
    created = PERIOD.begin + timedelta(days=day, hours=5)
    return starts_of(cold_run(one, created=created) for one in seconds)


def test_every_day_is_there_also_without_starts() -> None:
    days = start_days([], [], PERIOD)
    assert [day.day for day in days] == PERIOD.days
    assert all(day.share.n == 0 and day.middle is None for day in days)


def test_a_day_of_few_has_a_middle_and_no_p50() -> None:
    days = start_days([*cold_on(2, 20.0, 30.0), *cold_on(3, 1, 2, 3, 4, 5)], [], PERIOD)
    assert (days[2].middle, days[2].p50) == (25.0, None)
    assert (days[3].middle, days[3].p50) == (3, 3)


def test_a_week_is_of_the_day_and_the_six_before_it() -> None:
    days = start_days(cold_on(8, *[20.0] * 20), [], PERIOD)
    told = [at for at, day in enumerate(days) if day.week_p95 is not None]
    assert told == list(range(8, 15))


def test_days_before_are_in_the_first_weeks() -> None:
    days = start_days([], cold_on(-3, *[20.0] * 5), PERIOD)
    assert [day.week_p50 for day in days[:5]] == [20.0] * 4 + [None]
    assert days[0].cold == 0


def test_warm_starts_have_their_own_line() -> None:
    warm = starts_of([insight_run()] * 5)
    assert [day.week_warm for day in start_days(warm, [], PERIOD)[:8]] == [2.0] * 7 + [None]
