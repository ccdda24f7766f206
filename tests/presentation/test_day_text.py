"""Days as a list's headings."""

from datetime import date

import pytest

from dashboard.presentation.day_text import day_heading


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (date(2026, 1, 1), "Today, Thu 1 Jan"),
        (date(2025, 12, 31), "Yesterday, Wed 31 Dec 2025"),
        (date(2025, 12, 30), "Tue 30 Dec 2025"),
        (date(2026, 1, 2), "Fri 2 Jan"),
        (date(1, 1, 2), "Tue 2 Jan 1"),
    ],
)
def test_a_day_is_called_as_people_do(day: date, text: str) -> None:
    assert day_heading(day, date(2026, 1, 1)) == text


def test_the_first_day_has_no_yesterday() -> None:
    assert day_heading(date(1, 1, 1), date(1, 1, 1)).startswith("Today")
