"""The time that Insights are of."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.insights.period import Period

BERLIN = ZoneInfo("Europe/Berlin")


def test_the_time_before_is_as_long_and_ends_where_it_begins() -> None:
    period = Period(datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 8, tzinfo=UTC), UTC)
    assert period.before == Period(datetime(2026, 10, 25, tzinfo=UTC), period.begin, UTC)


@pytest.mark.parametrize(
    ("known", "told"),
    [
        (None, False),
        (datetime(2026, 10, 26, tzinfo=UTC), False),
        (datetime(2026, 10, 25, tzinfo=UTC), True),
    ],
)
def test_the_time_before_is_told_where_history_reaches_that_far(
    known: datetime | None, told: bool
) -> None:
    ends = (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 11, 8, tzinfo=UTC))
    assert Period(*ends, UTC, known).has_before is told


def test_days_are_of_the_zone_and_one_may_have_25_hours() -> None:
    ends = (datetime(2026, 10, day, tzinfo=BERLIN).astimezone(UTC) for day in (24, 27))
    period = Period(*ends, BERLIN)
    assert period.days == [date(2026, 10, 24), date(2026, 10, 25), date(2026, 10, 26)]
    assert period.end - period.begin == timedelta(hours=73)
    assert period.day_of(datetime(2026, 10, 24, 22, tzinfo=UTC)) == date(2026, 10, 25)


def test_an_empty_time_has_its_one_day() -> None:
    at = datetime(2026, 11, 1, 5, tzinfo=UTC)
    assert Period(at, at, UTC).days == [date(2026, 11, 1)]
