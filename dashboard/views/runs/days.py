"""The rows of a list by day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from itertools import groupby

from dashboard.domain.filters.zones import day_in
from dashboard.presentation.day_text import day_heading


@dataclass(frozen=True, slots=True)
class Day:
    """The rows of one day, in order; no heading where a list is not by day."""

    heading: str
    rows: tuple[str, ...]


def by_day(rows: Iterable[tuple[datetime, str]], now: datetime, zone: tzinfo) -> list[Day]:
    """The rows, each with its moment, under the days of the zone that they are of."""
    today = day_in(zone, now)
    groups = groupby(rows, key=lambda row: day_in(zone, row[0]))
    return [Day(day_heading(day, today), tuple(row for _, row in group)) for day, group in groups]
