"""Which runs a demo has: a belt that brings a new one every 30 s, and a month of history.

Everything follows from the clock alone, so a restarted simulator has the same runs.
The belt repeats four orders (`plans.ORDERED`): one run that waits two minutes in line,
two that boot for half a minute and one that boots for a whole one. Started 30 s apart,
three or four of them are always under way, and always in three different phases or more.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dashboard.simulator.ids import encode
from dashboard.simulator.run_plans import ordered
from dashboard.simulator.seeded_random import EPOCH, number, seeded_random

ORDERS = (1, 2, 2, 3)
LIVES = (178.4, 90.0, 90.0, 119.5)  # how long runs of these orders live at most
LISTED_FOR = 600.0
BLOCK, RECENT, MONTH = 7200, 31 * 3600, 30 * 86400
MOST = 300
ON_BELT = (
    "warm warm warm fail-midway warm private warm late warm cancel-running warm kinds warm "
    "no-files warm duplicates"
)
LATELY = (
    "warm fail-midway warm cold timeout private warm cancel-running warm fail-dispatch cold "
    "warm timeout kinds cancel-early queue"
)
SPECIAL = (
    "late workspace stale many runpod big-inputs kinds unknown-word retried unicode ahead "
    "cut-seconds private timeout no-files cold"
)


@dataclass(frozen=True, slots=True)
class DemoSchedule:
    every: float = 30.0
    live: int = 4
    speed: float = 1.0

    def newest(self, now: datetime) -> list[UUID]:
        """The runs that the demo has at this moment, newest first."""
        second = (now - EPOCH).total_seconds()
        found = [*self._belt(second), *_lately(second), *_long_ago(second)]
        return [run_id for _, run_id in sorted(found, reverse=True)[:MOST]]

    def _belt(self, second: float) -> Iterator[tuple[float, UUID]]:
        spacing = self.every * self._stride()
        last, count = int(second // spacing), min(MOST, math.ceil(LISTED_FOR / spacing))
        for slot in range(last, last - max(count, len(ORDERS)), -1):
            rng = seeded_random("belt", slot)
            start = slot * spacing + min(0.7, spacing / 40) * rng.random()
            order = ORDERS[slot % len(ORDERS)]
            name = _turn(ON_BELT, slot) if order != 1 else "warm"
            if start <= second:
                yield _run(start, name, ordered(order, number("belt seed", slot)))

    def _stride(self) -> int:
        """Every how many-th turn a run is started so that no more than `live` are under way."""
        return next((n for n in range(1, 1000) if self._most_at_once(n) <= self.live), 1000)

    def _most_at_once(self, stride: int) -> int:
        spacing = self.every * stride
        period = spacing * len(ORDERS)
        return max(
            sum(
                max(0, math.ceil((life / self.speed - (at - lane) * spacing % period) / period))
                for lane, life in enumerate(LIVES)
            )
            for at in range(len(ORDERS))
        )


def _lately(second: float) -> Iterator[tuple[float, UUID]]:
    """One run in each two hours, back to yesterday; none so young that it could be live."""
    last = int(second // BLOCK)
    for block in range(last, last - RECENT // BLOCK - 2, -1):
        start = (block + seeded_random("lately", block).random()) * BLOCK
        if LISTED_FOR <= second - start < RECENT:
            yield _run(start, _turn(LATELY, block), number("lately", block) >> 36)


def _long_ago(second: float) -> Iterator[tuple[float, UUID]]:
    """One or two runs on each day of a month, most of them in working hours."""
    today = int(second // 86400)
    for day in range(today, today - MONTH // 86400 - 2, -1):
        rng = seeded_random("day", day)
        for n in range(rng.choice((1, 1, 2))):
            start = day * 86400 + rng.triangular(6, 21, 10) * 3600
            name = _turn(SPECIAL, day) if n == 0 else rng.choice(("warm", "warm", "cold"))
            if RECENT <= second - start < MONTH:
                yield _run(start, name, _settled(name, rng.getrandbits(28)))


def _turn(names: str, n: int) -> str:
    words = names.split()
    return words[n % len(words)]


def _settled(name: str, seed: int) -> int:
    """A seed with which the run has come to rest: stale ones stay away, odd words have an end."""
    return seed | 1 if name == "stale" else seed & ~1


def _run(start: float, name: str, seed: int) -> tuple[float, UUID]:
    return start, encode(name, EPOCH + timedelta(milliseconds=round(start * 1000)), seed)
