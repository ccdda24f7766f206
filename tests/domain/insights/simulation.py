"""An event-by-event simulation of a machine's containers, written from the rules alone."""

import heapq
from dataclasses import dataclass
from itertools import count

ENDED, CAME, EXPIRED = 0, 1, 2  # what happens first at one moment


@dataclass(eq=False)
class Container:
    """One of the simulation's, which keeps its own account."""

    always_on: bool
    run: int = -1
    busy: bool = False
    free_since: int = -1
    turn: int = 0  # how often it was taken: an end that was planned before is void


class Simulation:
    """Events in the order of time: a run came, a run ended, a container's warm time is over.

    Jobs are (came, boot, run). `go` tells for each whether it booted, and the time paid for it.
    """

    def __init__(
        self, jobs: list[tuple[int, int, int]], warm: int, limit: int | None, always_on: int
    ) -> None:
        self.jobs, self.warm, self.limit = jobs, warm, limit
        self.up = [Container(always_on=True) for _ in range(always_on)]
        self.line: list[int] = []
        self.cold, self.paid = [False] * len(jobs), [0] * len(jobs)
        self.order = count()
        self.events: list[tuple[int, int, int, int, Container | None, int]] = []
        for index, job in enumerate(jobs):
            self.plan(job[0], CAME, index)

    def plan(self, at: int, what: int, index: int, one: Container | None = None) -> None:
        turn = one.turn if one else 0
        heapq.heappush(self.events, (at, what, next(self.order), index, one, turn))

    def go(self) -> tuple[list[bool], list[int]]:
        while self.events:
            at, what = self.events[0][:2]
            while self.events and self.events[0][:2] == (at, what):
                _, _, _, index, one, turn = heapq.heappop(self.events)
                self.happen(at, what, index, one, turn)
                if what == CAME:
                    self.dispatch(at)
            self.dispatch(at)
        return self.cold, self.paid

    def happen(self, at: int, what: int, index: int, one: Container | None, turn: int) -> None:
        if what == CAME:
            self.line.append(index)
        elif one and what == ENDED:
            one.busy, one.free_since = False, at
            if not one.always_on:
                self.plan(at + self.warm, EXPIRED, index, one)
        elif one and one.turn == turn and not one.busy:
            self.paid[one.run] += at - one.free_since
            self.up.remove(one)

    def dispatch(self, at: int) -> None:
        while self.line:
            free = [one for one in self.up if not one.busy]
            index = self.line[0]
            if free:
                one = max(free, key=lambda each: (each.free_since, each.always_on, each.run))
                if not one.always_on:
                    self.paid[one.run] += at - one.free_since
            elif self.limit is None or len(self.up) < self.limit:
                one = Container(always_on=False)
                self.up.append(one)
                self.cold[index] = True
            else:
                return
            self.line.pop(0)
            lasts = self.jobs[index][2] + (self.jobs[index][1] if self.cold[index] else 0)
            one.busy, one.run, one.turn = True, index, one.turn + 1
            if not one.always_on:
                self.paid[index] += lasts
            self.plan(at + lasts, ENDED, index, one)
