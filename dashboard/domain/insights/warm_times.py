"""The figures of each warm time of a machine, against those of today's, with their intervals."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from dashboard.domain.insights.bootstrap import DRAWS
from dashboard.domain.insights.day_draws import drawn_sums
from dashboard.domain.insights.percentiles import percentile
from dashboard.domain.insights.replay import Job, Rules, replay
from dashboard.domain.insights.shares import Interval

MICROS = 1_000_000
TAIL = 2.5  # percent on either side of an interval
FIELDS = 3  # of a day and warm time: boots, their microseconds, and those that are paid


@dataclass(frozen=True, slots=True)
class WarmTime:
    """What one warm time comes to. Seconds and dollars a day; None: not known.

    Intervals are of 95 %, by drawing the days again. What is avoided and extra is against today's
    warm time, and negative where this one is worse or saves.
    """

    seconds: int
    boots: int
    runs: int
    interval: Interval | None  # of the cold share
    waiting: float  # for boots
    cost: Decimal | None
    avoided: float | None
    avoided_interval: Interval | None
    extra: Decimal | None
    extra_interval: Interval | None
    per_minute: Decimal | None  # dollars of extra cost by avoided minute; None where none is
    per_minute_interval: Interval | None  # None within chance

    @property
    def share(self) -> float:
        return self.boots / self.runs

    @property
    def is_beyond_chance(self) -> bool:
        """Whether it changes waiting by more than the days may differ."""
        return self.avoided_interval is not None and not self.avoided_interval.holds(0)


def replayed_times(
    jobs: Sequence[Job],
    days: Sequence[date],
    rules: Mapping[int, Rules],
    today: int | None,
    price: Decimal | None,
    length: float,
) -> tuple[WarmTime, ...]:
    """The figures of the rules of each warm time, in their order; there is at least one job.

    `days` are the days of the jobs, `length` is the days that the cost and waiting are over, and
    `price` is dollars a second.
    """
    rows = _day_rows(jobs, days, list(rules.values()))
    sums, draws = [sum(column) for column in zip(*rows, strict=True)], drawn_sums(rows)
    order = list(rules)
    base = None if today is None else order.index(today) * FIELDS
    told = _Told(len(jobs), sums, draws, base, price, length)
    return tuple(told.of(seconds, place * FIELDS) for place, seconds in enumerate(order))


def _day_rows(jobs: Sequence[Job], days: Sequence[date], rules: Sequence[Rules]) -> list[list[int]]:
    """For each day with runs, in order: the fields of each of the rules, and how many runs."""
    place = {day: index for index, day in enumerate(sorted(set(days)))}
    rows = [[0] * (FIELDS * len(rules) + 1) for _ in place]
    own = [rows[place[day]] for day in days]
    for row in own:
        row[-1] += 1
    for number, each in enumerate(rules):
        at, found = FIELDS * number, replay(jobs, each)
        for row, job, booted, paid in zip(own, jobs, found.booted, found.paid, strict=True):
            row[at + 2] += paid
            if booted:
                row[at] += 1
                row[at + 1] += job.boot
    return rows


@dataclass(frozen=True, slots=True)
class _Told:
    """Sums of the fields of all warm times, of the days as they were and as they are drawn."""

    runs: int
    sums: Sequence[int]
    draws: Sequence[Sequence[int]]
    base: int | None  # where the fields of today's warm time begin
    price: Decimal | None
    length: float

    def of(self, seconds: int, at: int) -> WarmTime:
        avoided, extra = self._avoided(self.sums, at), self._extra(at)
        avoided_interval = self._interval(lambda sums: self._avoided(sums, at))
        chance = avoided_interval is None or avoided_interval.holds(0)
        return WarmTime(
            seconds=seconds,
            boots=self.sums[at],
            runs=self.runs,
            interval=self._interval(lambda sums: sums[at] / sums[-1]),
            waiting=self.sums[at + 1] / MICROS / self.length,
            cost=self._cost(self.sums[at + 2]),
            avoided=avoided,
            avoided_interval=avoided_interval,
            extra=extra,
            extra_interval=self._interval(lambda sums: self._extra_float(sums, at)),
            per_minute=extra / Decimal(avoided) * 60 if avoided and extra is not None else None,
            per_minute_interval=None
            if chance
            else self._interval(lambda sums: self._per_minute(sums, at)),
        )

    def _avoided(self, sums: Sequence[int], at: int) -> float | None:
        if self.base is None:
            return None
        return (sums[self.base + 1] - sums[at + 1]) / MICROS / self.length

    def _cost(self, micros: int) -> Decimal | None:
        return None if self.price is None else self.price * micros / MICROS / Decimal(self.length)

    def _extra(self, at: int) -> Decimal | None:
        if self.base is None:
            return None
        return self._cost(self.sums[at + 2] - self.sums[self.base + 2])

    def _extra_float(self, sums: Sequence[int], at: int) -> float | None:
        if self.base is None or self.price is None:
            return None
        return float(self.price) * (sums[at + 2] - sums[self.base + 2]) / MICROS / self.length

    def _per_minute(self, sums: Sequence[int], at: int) -> float | None:
        extra, avoided = self._extra_float(sums, at), self._avoided(sums, at)
        return extra / avoided * 60 if avoided and extra is not None else None

    def _interval(self, figure: Callable[[Sequence[int]], float | None]) -> Interval | None:
        """The middle 95 % of a figure over the draws; None where a tenth of them have none."""
        found = sorted(one for sums in self.draws if (one := figure(sums)) is not None)
        if not found or len(found) < DRAWS * 0.9:
            return None
        return Interval(percentile(found, TAIL), percentile(found, 100 - TAIL))
