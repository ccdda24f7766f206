"""Which runs the demo has: a new one every 30 s, and a month of history.

Everything follows from the clock alone, so a restarted simulator has the same runs.
New runs repeat four tempos (`run_plans.DEMO_TEMPOS`): one run waits two minutes in the
queue, two boot for half a minute and one boots for a minute. Started 30 s apart, three
or four of them are always live, and always in at least three different phases.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dashboard.simulator.ids import encode
from dashboard.simulator.run_plans import with_tempo
from dashboard.simulator.seeded_random import EPOCH, number, seeded_random

TEMPOS = (1, 2, 2, 3)
LONGEST_LIVES = (178.4, 90.0, 90.0, 119.5)  # the longest life in seconds of a run of each tempo
LISTED_FOR = 600.0
BLOCK, RECENT, MONTH = 7200, 31 * 3600, 30 * 86400
MAX_RUNS = 300
NEW_RUNS = (
    "warm warm warm fail-midway warm private warm late warm cancel-running warm kinds warm "
    "no-files warm duplicates"
)
RECENT_RUNS = (
    "warm fail-midway warm cold timeout private warm cancel-running warm fail-dispatch cold "
    "warm timeout kinds cancel-early queue"
)
OLDER_RUNS = (
    "late workspace stale many runpod big-inputs kinds unknown-word retried unicode ahead "
    "cut-seconds private timeout no-files cold"
)


@dataclass(frozen=True, slots=True)
class DemoSchedule:
    """A new run every `every` seconds, at most `live` live at once, at `speed`."""

    every: float = 30.0
    live: int = 4
    speed: float = 1.0

    def newest(self, now: datetime) -> list[UUID]:
        """The IDs of the demo's runs at `now`, newest first; at most 300."""
        second = (now - EPOCH).total_seconds()
        found = [*self._new_runs(second), *_recent_runs(second), *_older_runs(second)]
        return [run_id for _, run_id in sorted(found, reverse=True)[:MAX_RUNS]]

    def _new_runs(self, second: float) -> Iterator[tuple[float, UUID]]:
        spacing = self.every * self._stride()
        last, count = int(second // spacing), min(MAX_RUNS, math.ceil(LISTED_FOR / spacing))
        for slot in range(last, last - max(count, len(TEMPOS)), -1):
            rng = seeded_random("belt", slot)
            start = slot * spacing + min(0.7, spacing / 40) * rng.random()
            tempo = TEMPOS[slot % len(TEMPOS)]
            name = _turn(NEW_RUNS, slot) if tempo != 1 else "warm"
            if start <= second:
                yield _run(start, name, with_tempo(tempo, number("belt seed", slot)))

    def _stride(self) -> int:
        """The smallest n for which a run on every nth turn keeps at most `live` runs live."""
        return next((n for n in range(1, 1000) if self._most_at_once(n) <= self.live), 1000)

    def _most_at_once(self, stride: int) -> int:
        spacing = self.every * stride
        period = spacing * len(TEMPOS)
        return max(
            sum(
                max(0, math.ceil((life / self.speed - (at - lane) * spacing % period) / period))
                for lane, life in enumerate(LONGEST_LIVES)
            )
            for at in range(len(TEMPOS))
        )


def _recent_runs(second: float) -> Iterator[tuple[float, UUID]]:
    """One run every two hours back to yesterday; none so recent that it could be live."""
    last = int(second // BLOCK)
    for block in range(last, last - RECENT // BLOCK - 2, -1):
        start = (block + seeded_random("lately", block).random()) * BLOCK
        if LISTED_FOR <= second - start < RECENT:
            yield _run(start, _turn(RECENT_RUNS, block), number("lately", block) >> 36)


def _older_runs(second: float) -> Iterator[tuple[float, UUID]]:
    """One or two runs on each day of the last month, most of them in working hours."""
    today = int(second // 86400)
    for day in range(today, today - MONTH // 86400 - 2, -1):
        rng = seeded_random("day", day)
        for n in range(rng.choice((1, 1, 2))):
            start = day * 86400 + rng.triangular(6, 21, 10) * 3600
            name = _turn(OLDER_RUNS, day) if n == 0 else rng.choice(("warm", "warm", "cold"))
            if RECENT <= second - start < MONTH:
                yield _run(start, name, _settled(name, rng.getrandbits(28)))


def _turn(names: str, n: int) -> str:
    words = names.split()
    return words[n % len(words)]


def _settled(name: str, seed: int) -> int:
    """A seed with which the run has ended: no return of "stale", an end of "unknown-word"."""
    return seed | 1 if name == "stale" else seed & ~1


def _run(start: float, name: str, seed: int) -> tuple[float, UUID]:
    return start, encode(name, EPOCH + timedelta(milliseconds=round(start * 1000)), seed)
