"""Starts by day: each day alone, and with the six before it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard.domain.insights.percentiles import MEDIAN_FROM, p50, p95, percentile
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.shares import Share
from dashboard.domain.insights.starts import Start, seconds_by_day

WEEK = 7  # days that a smooth line is of: single ones have too few cold starts for a p95

Days = Mapping[date, list[float]]


@dataclass(frozen=True, slots=True)
class StartDay:
    """The starts of a day of the period's zone, in seconds; `week_…` of it and the six before."""

    day: date
    cold: int
    warm: int
    middle: float | None  # the median cold start, of however few
    week_p50: float | None
    week_p95: float | None
    week_warm: float | None  # the median warm start

    @property
    def p50(self) -> float | None:
        return self.middle if self.cold >= MEDIAN_FROM else None

    @property
    def share(self) -> Share:
        return Share(self.cold, self.cold + self.warm)


def start_days(
    now: Iterable[Start], before: Iterable[Start], period: Period
) -> tuple[StartDay, ...]:
    """Every day of the period in order. Days before it are in the weeks of its first six."""
    of_now, of_before = (list(now), list(before))
    own = [_kind(of_now, cold, period) for cold in (True, False)]
    cold, warm = (_kind([*of_before, *of_now], kind, period) for kind in (True, False))
    return tuple(_day(day, own, cold, warm) for day in period.days)


def _kind(starts: list[Start], cold: bool, period: Period) -> Days:
    return seconds_by_day((start for start in starts if start.cold is cold), period)


def _day(day: date, own: list[Days], cold: Days, warm: Days) -> StartDay:
    alone, week = sorted(own[0].get(day, ())), _week(cold, day)
    return StartDay(
        day=day,
        cold=len(alone),
        warm=len(own[1].get(day, ())),
        middle=percentile(alone, 50) if alone else None,
        week_p50=p50(week),
        week_p95=p95(week),
        week_warm=p50(_week(warm, day)),
    )


def _week(days: Days, last: date) -> list[float]:
    own = (days.get(last - timedelta(days=n), ()) for n in range(WEEK))
    return sorted(seconds for day in own for seconds in day)
