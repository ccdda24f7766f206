"""The rows of a list by day."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from dashboard.views.runs.days import Day, by_day

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
ROWS = [
    (datetime(2026, 11, 26, 0, 30, tzinfo=UTC), "a"),
    (datetime(2026, 11, 25, 23, 30, tzinfo=UTC), "b"),
    (datetime(2026, 11, 25, 1, tzinfo=UTC), "c"),
]


def test_days_are_those_of_the_zone() -> None:
    assert by_day(ROWS, NOW, UTC) == [
        Day("Today, Thu 26 Nov", ("a",)),
        Day("Yesterday, Wed 25 Nov", ("b", "c")),
    ]
    assert by_day(ROWS, NOW, ZoneInfo("Europe/Berlin")) == [
        Day("Today, Thu 26 Nov", ("a", "b")),
        Day("Yesterday, Wed 25 Nov", ("c",)),
    ]
    assert by_day([], NOW, UTC) == []


def test_the_first_day_that_there_is_has_rows_too() -> None:
    first = datetime(1, 1, 1, tzinfo=UTC)
    (day,) = by_day([(first, "a")], NOW, ZoneInfo("America/Lima"))
    assert day.rows == ("a",)
