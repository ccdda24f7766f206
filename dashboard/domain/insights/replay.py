"""A machine's runs once more, as they came, with containers that stay warm for another time."""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from typing import NamedTuple

NEVER = -1  # an always-on container has not been busy yet
ENDS, ALWAYS_ON = 1, 0  # whether a container ends when it stays without a run


class Job(NamedTuple):
    """A run: when it came, and what it takes to boot a container for it and to run.

    All in whole microseconds, so that two moments are equal or they are not.
    """

    at: int
    boot: int
    run: int


@dataclass(frozen=True, slots=True)
class Rules:
    """How containers live: microseconds without a run, how many at once, how many never end."""

    stays_warm: int
    limit: int | None = None  # None: as many as there are runs
    always_on: int = 0


@dataclass(frozen=True, slots=True)
class Replayed:
    """By run: whether it had to boot a container, and the microseconds that are paid for it.

    Paid are boot, run, and the time that its container then stayed up without one. What runs in
    an always-on container is paid anyway, and 0 here.
    """

    booted: list[bool]
    paid: list[int]


def replay(jobs: Sequence[Job], rules: Rules) -> Replayed:
    """Serves the runs in the order in which they came.

    Each takes the container that was busy last and is free; of several alike an always-on one,
    else that of the later run. Else it boots one if fewer than the limit are up, else it waits for
    the first to be free. A container ends when it was free for longer than it stays warm.
    O(n log n).
    """
    up = _Containers(rules, len(jobs))
    for index, job in enumerate(jobs):
        up.settle(job.at)
        up.serve(index, job)
    up.close()
    return Replayed(up.booted, up.paid)


class _Containers:
    """Those that are up: busy ones in a heap, free ones in the order in which they became free."""

    def __init__(self, rules: Rules, runs: int) -> None:
        self.rules = rules
        self.busy: list[tuple[int, int, int]] = []  # until, whether it ends, its run
        self.free: deque[tuple[int, int]] = deque()  # since, the run before
        self.always_on = [NEVER] * rules.always_on  # free ones, since
        self.booted, self.paid = [False] * runs, [0] * runs

    def settle(self, at: int) -> None:
        """Frees what has ended its run by now, and ends what was free for too long."""
        while self.busy and self.busy[0][0] <= at:
            since, ends, run = heappop(self.busy)
            if ends:
                self.free.append((since, run))
            else:
                self.always_on.append(since)
        while self.free and self.free[0][0] + self.rules.stays_warm < at:
            self._end(self.free.popleft()[1])

    def serve(self, index: int, job: Job) -> None:
        """Gives a run its container: one that is free, a new one, or the first to be free."""
        full = self.rules.limit is not None and len(self.busy) >= self.rules.limit
        if full and not self.free and not self.always_on:
            self.settle(self.busy[0][0])
        begin, ends = self._begin(index, job)
        if ends:
            self.paid[index] += job.run
        heappush(self.busy, (begin + job.run, ends, index))

    def _begin(self, index: int, job: Job) -> tuple[int, int]:
        """When the run begins, and whether its container ends."""
        if self.always_on and not (self.free and self.free[-1][0] > self.always_on[-1]):
            return max(job.at, self.always_on.pop()), ALWAYS_ON
        if self.free:
            since, run = self.free.pop()
            begin = max(job.at, since)
            self.paid[run] += begin - since
            return begin, ENDS
        self.booted[index] = True
        self.paid[index] = job.boot
        return job.at + job.boot, ENDS

    def close(self) -> None:
        """Lets everything end that does."""
        for _, run in self.free:
            self._end(run)
        for _, ends, run in self.busy:
            if ends:
                self._end(run)

    def _end(self, run: int) -> None:
        self.paid[run] += self.rules.stays_warm
