"""Cold starts by the hour of the week."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from dashboard.domain.insights.hour_map import HourMap, hour_map
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.starts import Start, starts_of
from tests.domain.insights.histories import cold_run, insight_run

MONDAY = datetime(2026, 11, 2, tzinfo=UTC)
PERIOD = Period(MONDAY, MONDAY + timedelta(days=28), UTC)


def at(hour: int, cold: int, warm: int, period: Period = PERIOD) -> list[Start]:
    created = period.begin + timedelta(hours=hour)
    runs = [cold_run(9.0, created=created)] * cold + [insight_run(created=created)] * warm
    return starts_of(runs)


def starts(cells: HourMap) -> dict[tuple[int | None, int], int]:
    return {(cell.weekday, cell.hour): cell.share.n for cell in cells.hours if cell.share.n}


def test_cells_are_of_the_local_hour() -> None:
    assert starts(hour_map(at(30, 1, 1), PERIOD)) == {(1, 6): 2}
    tokyo = Period(PERIOD.begin, PERIOD.end, ZoneInfo("Asia/Tokyo"))
    assert starts(hour_map(at(18, 1, 0), tokyo)) == {(1, 3): 1}


def test_an_hour_that_comes_twice_is_one_cell() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    night = Period(datetime(2026, 10, 25, tzinfo=UTC), datetime(2026, 10, 26, tzinfo=UTC), berlin)
    both = [*at(0, 2, 0, night), *at(1, 3, 0, night)]
    assert starts(hour_map(both, night)) == {(6, 2): 5}


def test_pairs_and_days_put_the_same_starts_together() -> None:
    found = hour_map([*at(8, 2, 3), *at(9, 1, 1), *at(33, 4, 0)], PERIOD)
    pairs = {(cell.weekday, cell.hour): cell.share for cell in found.pairs if cell.share.n}
    assert {place: share.n for place, share in pairs.items()} == {(0, 8): 7, (1, 8): 4}
    assert [cell.share.n for cell in found.of_day if cell.share.n] == [5, 6]
    assert len(found.pairs) == 84 and len(found.of_day) == 24


def test_what_is_far_from_the_average_stands_out_and_the_rest_does_not() -> None:
    usual = [start for day in range(5) for start in at(day * 24 + 9, 10, 20)]
    found = hour_map([*usual, *at(20, 30, 0)], PERIOD)
    assert [(cell.weekday, cell.hour) for cell in found.standing_out] == [(None, 20), (0, 20)]
    assert hour_map([*usual, *at(20, 10, 16)], PERIOD).standing_out == ()


def test_under_five_starts_nothing_stands_out() -> None:
    usual = [start for day in range(5) for start in at(day * 24 + 9, 0, 400)]
    assert hour_map([*usual, *at(20, 4, 0)], PERIOD).standing_out == ()
    assert hour_map([], PERIOD).standing_out == ()
