"""Days as a list's headings."""

from datetime import date, timedelta


def day_heading(day: date, today: date) -> str:
    """`Today, Thu 26 Nov`, `Yesterday, Wed 25 Nov`, `Tue 24 Nov`, `Wed 31 Dec 2025`."""
    year = f" {day.year}" if day.year != today.year else ""
    text = f"{day:%a} {day.day} {day:%b}{year}"
    if day == today:
        return f"Today, {text}"
    return f"Yesterday, {text}" if day == today - timedelta(days=1) else text
