"""Scales of cold starts' charts: seconds from 0 in round steps, and the days of a time."""

import math
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from dashboard.domain.insights.period import Period
from dashboard.presentation.format import THIN

STEPS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600)  # seconds
MOST_STEPS = 4
UNITS = ((7200, 3600, "h"), (600, 60, "min"), (0, 1, "s"))  # from, its seconds
DAY_STEPS = (1, 2, 7, 14, 28, 56, 91, 182, 364)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SecondsScale:
    """From 0 to `top` in equal steps."""

    top: float
    step: float

    @property
    def marks(self) -> list[tuple[float, str]]:
        """The places of its steps with their labels; the last has the unit."""
        places = [self.step * n for n in range(round(self.top / self.step) + 1)]
        _, size, unit = next(each for each in UNITS if self.top >= each[0])
        labels = [f"{place / size:,g}" for place in places]
        labels[-1] += f"{THIN}{unit}"
        return list(zip(places, labels, strict=True))

    def share(self, seconds: float) -> float:
        """How far along it lies, from 0 to 1; what is beyond stands at its end."""
        return min(max(seconds / self.top, 0.0), 1.0)


def seconds_scale(most: float) -> SecondsScale:
    """The smallest scale of up to four round steps that reaches so far."""
    hours = STEPS[-1] * math.ceil(max(most, 1) / STEPS[-1] / MOST_STEPS)
    step = next((step for step in STEPS if step * MOST_STEPS >= most), hours)
    return SecondsScale(step * max(1, math.ceil(most / step)), step)


@dataclass(frozen=True, slots=True)
class DaysScale:
    """The days of a time, each as wide as the others, between two places of a drawing."""

    period: Period
    left: float
    right: float

    @property
    def count(self) -> int:
        return len(self.period.days)

    @property
    def width(self) -> float:
        """Of a day."""
        return (self.right - self.left) / self.count

    def middle(self, n: int) -> float:
        """Of the day at a place, from 0."""
        return self.left + (n + 0.5) * self.width

    def place(self, at: datetime) -> float:
        """Of a moment; a day of 25 hours is no wider than others."""
        local = at.astimezone(self.period.zone)
        passed = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second) / DAY
        days = (local.date() - self.period.days[0]).days
        return min(max(self.left + (days + passed) * self.width, self.left), self.right)

    def labels(self, room: float) -> list[tuple[int, str]]:
        """Days that are named, by their place; none nearer to another than `room`."""
        step = next((n for n in DAY_STEPS if n * self.width >= room), DAY_STEPS[-1])
        last = self.count - 1
        kept = [n for n in range(0, last, step) if (last - n) * self.width >= room]
        return [(n, day_text(self.period.days[n])) for n in (*kept, last)]


def day_text(day: date) -> str:
    """`13 Nov`."""
    return f"{day.day} {day:%b}"


def last_day_text(period: Period) -> str:
    """`23 Nov so far` where the time ends within its last day."""
    end = period.end.astimezone(period.zone)
    whole = (end.hour, end.minute, end.second) == (0, 0, 0)
    return day_text(period.days[-1]) + ("" if whole else " so far")
