"""Starts of ComfyUI: which runs tell of theirs, and how long it took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from dashboard.domain.insights.bootstrap import median_change
from dashboard.domain.insights.percentiles import p50, p90
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import COLD, WARM, InsightRun
from dashboard.domain.insights.shares import Interval, Share


class Start(NamedTuple):
    """A start that was reported as cold or warm, and what it belongs to."""

    created: datetime
    ended: datetime | None
    live: bool
    seconds: float
    cold: bool
    machine: str | None
    workflow: str | None
    gpu: str | None
    price: Decimal | None  # dollars a second


def starts_of(runs: Iterable[InsightRun]) -> list[Start]:
    """The starts of runs that tell whether they were cold or warm, in the runs' order."""
    return [
        Start(
            run.created,
            run.ended,
            not run.finished,
            run.cold_start,
            run.start_kind == COLD,
            run.machine,
            run.workflow,
            run.gpu,
            run.price,
        )
        for run in runs
        if run.cold_start is not None and run.start_kind in (COLD, WARM)
    ]


def cold_share(starts: Iterable[Start]) -> Share:
    kinds = [start.cold for start in starts]
    return Share(sum(kinds), len(kinds))


def seconds_of(starts: Iterable[Start]) -> list[float]:
    """How long the starts took, in seconds, rising."""
    return sorted(start.seconds for start in starts)


def seconds_by_day(starts: Iterable[Start], period: Period) -> dict[date, list[float]]:
    """How long the starts of each day of the period's zone took; days without one are not in it."""
    days: dict[date, list[float]] = {}
    for start in starts:
        days.setdefault(period.day_of(start.created), []).append(start.seconds)
    return days


@dataclass(frozen=True, slots=True)
class StartTimes:
    """How long starts of one kind took, in seconds, against those of the time before."""

    n: int
    p50: float | None
    p90: float | None
    p50_before: float | None
    change: Interval | None  # of the p50, in seconds; None: too little to tell

    @property
    def difference(self) -> float | None:
        if self.p50 is None or self.p50_before is None:
            return None
        return self.p50 - self.p50_before


def start_times(now: list[Start], before: list[Start] | None, period: Period) -> StartTimes:
    """The times of starts of one kind; `before` is None where the time before is not known."""
    seconds, past = seconds_of(now), seconds_of(before or ())
    change = None
    if before:
        days = (seconds_by_day(starts, period) for starts in (now, before))
        change = median_change(*(list(each.values()) for each in days))
    return StartTimes(len(seconds), p50(seconds), p90(seconds), p50(past), change)
