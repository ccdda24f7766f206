"""How long machines had been idle before their starts, and when they go cold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from dashboard.domain.insights.shares import SHARE_FROM, Share
from dashboard.domain.insights.starts import Start

EDGES = (0, 15, 30, 60, 120, 240, 600, 1800)  # seconds; the last bar has no end
HALF = 0.5

Verdict = Literal["goes-cold", "still-warm"]


@dataclass(frozen=True, slots=True)
class IdlePanel:
    """The cold starts of a machine by its idle time, one share for each of EDGES.

    Not in them: starts `during` another run, and those `after_nothing` that is known here.
    """

    machine: str
    bars: tuple[Share, ...]
    during: int
    after_nothing: int

    @property
    def starts(self) -> int:
        return sum(bar.n for bar in self.bars)

    def verdict(self, stays_warm: float) -> Verdict | None:
        """Whether it goes cold once it was idle for the seconds that it is to stay warm.

        Judged by the first bar after them that has five starts, against a half; a machine that
        is cold before them as well is none that goes cold then.
        """
        after = next((bar for bar in self._after(stays_warm) if bar.n >= SHARE_FROM), None)
        if after is None or after.interval is None:
            return None
        if after.interval.high < HALF:
            return "still-warm"
        before = self._before(stays_warm).interval
        goes = after.interval.low > HALF and before is not None and before.high < HALF
        return "goes-cold" if goes else None

    def _before(self, seconds: float) -> Share:
        bars = [bar for bar, end in zip(self.bars, EDGES[1:], strict=False) if end <= seconds]
        return Share(sum(bar.part for bar in bars), sum(bar.n for bar in bars))

    def _after(self, seconds: float) -> Iterator[Share]:
        return (bar for bar, begin in zip(self.bars, EDGES, strict=True) if begin >= seconds)


@dataclass(slots=True)
class _Machine:
    """What is known of a machine while its starts are walked through."""

    last_end: datetime | None = None
    busy: bool = False  # with a live run
    bars: list[list[int]] = field(default_factory=lambda: [[0, 0] for _ in EDGES])
    during: int = 0
    after_nothing: int = 0

    def count(self, start: Start) -> None:
        if self.busy or (self.last_end is not None and start.created < self.last_end):
            self.during += 1
        elif self.last_end is None:
            self.after_nothing += 1
        else:
            bar = self.bars[_bar((start.created - self.last_end).total_seconds())]
            bar[0] += start.cold
            bar[1] += 1

    def take(self, start: Start) -> None:
        self.busy = self.busy or start.live
        if start.ended is not None:
            self.last_end = max(start.ended, self.last_end or start.ended)

    def panel(self, machine: str) -> IdlePanel:
        bars = tuple(Share(*bar) for bar in self.bars)
        return IdlePanel(machine, bars, self.during, self.after_nothing)


def idle_panels(now: Iterable[Start], before: Iterable[Start]) -> tuple[IdlePanel, ...]:
    """A panel for each machine that has starts in `now`, in the order of their first ones.

    The time is from the end of the last run seen here on the machine to the start's creation;
    runs that do not tell of their start held no container that is known here.
    """
    machines: dict[str, _Machine] = {}
    for start in _in_order(before):
        if start.machine is not None:
            machines.setdefault(start.machine, _Machine()).take(start)
    drawn: dict[str, _Machine] = {}
    for start in _in_order(now):
        if start.machine is not None:
            machine = machines.setdefault(start.machine, _Machine())
            machine.count(start)
            machine.take(start)
            drawn[start.machine] = machine
    return tuple(machine.panel(id) for id, machine in drawn.items())


def _in_order(starts: Iterable[Start]) -> list[Start]:
    return sorted(starts, key=lambda start: start.created)


def _bar(seconds: float) -> int:
    return sum(seconds >= edge for edge in EDGES) - 1
