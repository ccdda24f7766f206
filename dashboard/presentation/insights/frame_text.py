"""The words around every page of Insights."""

from datetime import datetime

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import LeftOut
from dashboard.presentation.format import count, plural


def period_text(period: Period) -> str:
    """The days of a time, its end where that is within a day, and its zone.

    `25 Oct to 23 Nov 2026, 14:08 · Europe/Berlin`
    """
    days = period.days
    last = f"{days[-1].day} {days[-1]:%b} {days[-1].year}"
    first = f"{days[0].day} {days[0]:%b}"
    first += f" {days[0].year}" if days[0].year != days[-1].year else ""
    end = period.end.astimezone(period.zone)
    time = "" if _is_midnight(end) else f", {end:%H:%M}"
    span = last if len(days) == 1 else f"{first} to {last}"
    return f"{span}{time} · {period.zone}"


def _is_midnight(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) == (0, 0, 0)


def left_out_text(left_out: LeftOut) -> str:
    """How many runs are in no figure, and why; "" where all are."""
    parts = (
        (left_out.workspace, "from workspace sessions"),
        (left_out.assumed_timeout, "assumed to have timed out"),
        (left_out.out_of_range, "with a start time that can't be true"),
    )
    told = [f"{count(number)} {why}" for number, why in parts if number]
    if not told:
        return ""
    runs = plural(left_out.total, "more run")
    return f"{runs} {'is' if left_out.total == 1 else 'are'} left out: {', '.join(told)}."
