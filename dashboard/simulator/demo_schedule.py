"""Which runs the demo has: a new one every 30 s, and a month of history.

Everything follows from the clock alone, so a restarted simulator has the same runs.
New runs repeat four tempos (`run_plans.DEMO_TEMPOS`): one run waits two minutes in the
queue, two boot for half a minute and one boots for a minute. Started 30 s apart, three
or four of them are always live, and always in at least three different phases.

Twice a day somebody starts a batch of six to eight runs of one workflow. A workspace of
more than three workflows has most of its new runs elsewhere, a history for most of the
others, and a new batch every quarter of an hour.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple
from uuid import UUID

from dashboard.simulator.ids import encode
from dashboard.simulator.run_plans import with_tempo
from dashboard.simulator.seeded_random import EPOCH, number, seeded_random, stable_uuid
from dashboard.simulator.workflows import WORKFLOWS, place, run_details

TEMPOS = (1, 2, 2, 3)
LONGEST_LIVES = (178.4, 90.0, 90.0, 119.5)  # the longest life in seconds of a run of each tempo
LISTED_FOR = 600.0
BLOCK, RECENT, MONTH = 7200, 31 * 3600, 30 * 86400
MAX_RUNS = 300
HALF_DAY, QUARTER, HISTORY = 43_200, 900, 14 * 86400
DORMANT, DORMANT_DAYS = 5, (50, 51, 57)  # this workflow ran only so many days ago
IDLE = 7  # every seventh workflow never ran
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


class Planned(NamedTuple):
    """A run of the demo; `start` in seconds since 1970."""

    start: float
    run_id: UUID
    batch_id: str = ""


@dataclass(frozen=True, slots=True)
class DemoSchedule:
    """A new run every `every` seconds, at most `live` live at once, at `speed`.

    `workflows` is how many the workspace has; the batches of a large one come beside `live`.
    A `quiet` one has no runs.
    """

    every: float = 30.0
    live: int = 4
    speed: float = 1.0
    workflows: int = len(WORKFLOWS)
    quiet: bool = False

    def newest(self, now: datetime) -> list[UUID]:
        """The IDs of the demo's runs at `now`, newest first; at most 300."""
        return [run.run_id for run in self.runs(now)[:MAX_RUNS]]

    def runs(self, now: datetime) -> list[Planned]:
        """All of the demo's runs at `now`, newest first."""
        if self.quiet:
            return []
        second = (now - EPOCH).total_seconds()
        found = [
            *self._new_runs(second),
            *_recent_runs(second),
            *_older_runs(second),
            *self._batches(second, HALF_DAY, LISTED_FOR, 3 * 86400),
        ]
        if self.workflows > len(WORKFLOWS):
            found += self._batches(second, QUARTER, 0.0, 2 * 3600)
            for workflow in range(len(WORKFLOWS), self.workflows):
                found += _history(workflow, second)
        return sorted(found, reverse=True)

    def _batches(
        self, second: float, every: int, youngest: float, oldest: float
    ) -> Iterator[Planned]:
        """The runs of one batch in each block of `every` seconds, in this range of ages."""
        last = int(second // every)
        for block in range(last, last - int(oldest // every) - 2, -1):
            for run in _batch(every, block, self._active()):
                if youngest <= second - run.start < oldest:
                    yield run

    def _active(self) -> tuple[int, ...]:
        """The numbers of the workflows that run now and then."""
        return tuple(workflow for workflow in range(self.workflows) if _runs_often(workflow))

    def _elsewhere(self, slot: int, seed: int) -> int:
        """The seed, in two of three turns with a workflow beside the first three."""
        others = self._active()[len(WORKFLOWS) :]
        return place(others[slot % len(others)], seed) if others and slot % 3 else seed

    def _new_runs(self, second: float) -> Iterator[Planned]:
        spacing = self.every * self._stride()
        last, count = int(second // spacing), min(MAX_RUNS, math.ceil(LISTED_FOR / spacing))
        for slot in range(last, last - max(count, len(TEMPOS)), -1):
            rng = seeded_random("belt", slot)
            start = slot * spacing + min(0.7, spacing / 40) * rng.random()
            tempo = TEMPOS[slot % len(TEMPOS)]
            name = _turn(NEW_RUNS, slot) if tempo != 1 else "warm"
            if start <= second:
                seed = with_tempo(tempo, number("belt seed", slot))
                yield _run(start, name, self._elsewhere(slot, seed))

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


def _recent_runs(second: float) -> Iterator[Planned]:
    """One run every two hours back to yesterday; none so recent that it could be live."""
    last = int(second // BLOCK)
    for block in range(last, last - RECENT // BLOCK - 2, -1):
        start = (block + seeded_random("lately", block).random()) * BLOCK
        if LISTED_FOR <= second - start < RECENT:
            yield _run(start, _turn(RECENT_RUNS, block), number("lately", block) >> 36)


def _older_runs(second: float) -> Iterator[Planned]:
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


def _runs_often(workflow: int) -> bool:
    return workflow < len(WORKFLOWS) or (workflow != DORMANT and workflow % IDLE != IDLE - 1)


def _history(workflow: int, second: float) -> Iterator[Planned]:
    """The ended runs of a workflow beside the first three, one in so many hours."""
    if workflow == DORMANT:
        for days in DORMANT_DAYS:
            yield _past_run(workflow, 86400, int(second // 86400) - days)
    if not _runs_often(workflow):
        return
    every = seeded_random("rhythm", workflow).choice((6, 12, 12, 24, 48)) * 3600
    last = int(second // every)
    for block in range(last, last - HISTORY // every - 1, -1):
        run = _past_run(workflow, every, block)
        if LISTED_FOR <= second - run.start < HISTORY:
            yield run


@lru_cache(20_000)
def _past_run(workflow: int, every: int, block: int) -> Planned:
    rng = seeded_random("past", workflow, block)
    seed = place(workflow, rng.getrandbits(20))
    return _run((block + rng.random()) * every, _turn(RECENT_RUNS, block + workflow), seed)


@lru_cache(2_000)
def _batch(every: int, block: int, workflows: tuple[int, ...]) -> tuple[Planned, ...]:
    """Six to eight runs that one person started within seconds, of one workflow."""
    rng = seeded_random("batch", every, block)
    start, workflow = (block + 0.8 * rng.random()) * every, rng.choice(workflows)
    batch_id = str(stable_uuid("batch", every, block))
    first = place(workflow, rng.getrandbits(19))
    person = run_details(first).user_id
    seeds = (seed for seed in range(first, first + 1000) if run_details(seed).user_id == person)
    starts = [start + n * rng.uniform(0.2, 0.6) for n in range(rng.randint(6, 8))]
    return tuple(
        _run(at, "warm", seed)._replace(batch_id=batch_id)
        for at, seed in zip(starts, seeds, strict=False)
    )


def _run(start: float, name: str, seed: int) -> Planned:
    moment = EPOCH + timedelta(milliseconds=round(start * 1000))
    return Planned(start, encode(name, moment, seed))
