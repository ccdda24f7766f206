"""Cold starts by weekday and hour of the day, and which of them are beyond chance."""

from collections.abc import Iterable
from dataclasses import dataclass

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.shares import SHARE_FROM, Share, wilson
from dashboard.domain.insights.starts import Start, cold_share

WEEKDAYS, HOURS = 7, 24
SURE = 0.999  # as up to 168 cells are looked at


@dataclass(frozen=True, slots=True)
class HourCell:
    """The starts that were created on a weekday (0: Monday; None: any) from an hour on."""

    weekday: int | None
    hour: int
    hours: int  # that it is wide
    share: Share
    stands_out: bool  # not the share of all starts, beyond chance


@dataclass(frozen=True, slots=True)
class HourMap:
    """All hours of the week in order; the same in steps of two hours; and all weekdays as one."""

    hours: tuple[HourCell, ...]
    pairs: tuple[HourCell, ...]
    of_day: tuple[HourCell, ...]

    @property
    def standing_out(self) -> tuple[HourCell, ...]:
        """Hours of the day, then hours of the week, that chance does not explain."""
        return tuple(cell for cell in (*self.of_day, *self.hours) if cell.stands_out)


def hour_map(starts: Iterable[Start], period: Period) -> HourMap:
    """Starts by the local hour of their creation."""
    own = list(starts)
    counts = [[[0, 0] for _ in range(HOURS)] for _ in range(WEEKDAYS)]
    for start in own:
        at = start.created.astimezone(period.zone)
        cell = counts[at.weekday()][at.hour]
        cell[0] += start.cold
        cell[1] += 1
    overall = cold_share(own)
    week = range(WEEKDAYS)
    return HourMap(
        hours=tuple(
            _cell(counts, overall, [day], hour, 1) for day in week for hour in range(HOURS)
        ),
        pairs=tuple(
            _cell(counts, overall, [day], hour, 2) for day in week for hour in range(0, HOURS, 2)
        ),
        of_day=tuple(_cell(counts, overall, list(week), hour, 1) for hour in range(HOURS)),
    )


def _cell(
    counts: list[list[list[int]]], overall: Share, weekdays: list[int], hour: int, hours: int
) -> HourCell:
    own = [counts[day][at] for day in weekdays for at in range(hour, hour + hours)]
    share = Share(sum(cold for cold, _ in own), sum(n for _, n in own))
    weekday = weekdays[0] if len(weekdays) == 1 else None
    return HourCell(weekday, hour, hours, share, _stands_out(share, overall))


def _stands_out(share: Share, overall: Share) -> bool:
    if share.n < SHARE_FROM or overall.value is None:
        return False
    return not wilson(share.part, share.n, SURE).holds(overall.value)
