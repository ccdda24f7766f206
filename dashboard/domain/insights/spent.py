"""What some runs cost together: start-up and work, in exact decimals that add up."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import NamedTuple

from dashboard.domain.insights.runs import InsightRun
from dashboard.domain.machines.cost import MICRODOLLAR, run_cost

SUCCESS, CANCELLED = "success", "cancelled"
REASONS = ("live", "not_started", "no_price", "unknown")
PICKS_FROM = 20  # picks; of fewer there is no price of one
Boots = Mapping[int, float]
"""Seconds of a machine's boot that are paid for as start-up, by the run's key."""


class CostParts(NamedTuple):
    """A run's cost in millionths of a dollar: the two parts add up to it."""

    start_up: int
    work: int
    in_part: bool  # one of its times is not known, so that it cost more


def cost_parts(run: InsightRun, boot: float = 0.0) -> CostParts | None:
    """The parts of a run's cost; None where it has none.

    By the price of its GPU; where that does not make the cost that it has (another price was
    paid for its container), by seconds.
    """
    if run.cost_micros is None:
        return None
    if run.cold_start is None or run.run is None:
        start_up = 0 if run.cold_start is None else run.cost_micros
        return CostParts(start_up, run.cost_micros - start_up, in_part=True)
    seconds = run.cold_start + boot
    own = run_cost(run.price, seconds, run.run)
    if own and own.start_up is not None and own.micros == run.cost_micros:
        start_up = int(own.start_up / MICRODOLLAR)
    else:
        start_up = _by_seconds(run.cost_micros, seconds, run.run)
    return CostParts(start_up, run.cost_micros - start_up, in_part=False)


def _by_seconds(micros: int, start_up: float, work: float) -> int:
    """The part of the start-up, rounded."""
    one, other = Decimal(repr(start_up)), Decimal(repr(work))
    if not one + other:
        return 0
    return int((micros * one / (one + other)).to_integral_value(ROUND_HALF_EVEN))


@dataclass(frozen=True, slots=True)
class Unpriced:
    """How many runs have no cost, by why."""

    live: int = 0  # they have not ended
    not_started: int = 0  # they were cancelled before they started
    no_price: int = 0  # of their GPU, or the GPU is not known
    unknown: int = 0  # no time is reported, or it was a person's session

    @property
    def total(self) -> int:
        return self.live + self.not_started + self.no_price + self.unknown


@dataclass(frozen=True, slots=True)
class Spent:
    """US dollars of the runs with a cost, in whole millionths, and what they made.

    `pick_money` is of the runs whose workflow has picks, and so are `pick_outputs`.
    """

    runs: int
    finished: int  # with success
    in_part: int  # of which one time is not known, so that they cost more
    start_up: Decimal
    work: Decimal
    not_finished: Decimal  # of those that failed, timed out or were cancelled; in the total
    picked: int
    outputs: int
    pick_money: Decimal
    pick_outputs: int
    unpriced: Unpriced  # the other runs, which are in no figure

    @property
    def total(self) -> Decimal:
        return self.start_up + self.work

    @property
    def start_share(self) -> float | None:
        """The part of the total that is start-up; None where nothing was paid."""
        return float(self.start_up / self.total) if self.total else None

    @property
    def per_finished(self) -> Decimal | None:
        """All money of these runs by those that finished; None where none did."""
        return (self.total / self.finished).quantize(MICRODOLLAR) if self.finished else None

    @property
    def per_picked(self) -> Decimal | None:
        """The money of workflows with picks by their picked outputs; None under 20 picks."""
        if self.picked < PICKS_FROM:
            return None
        return (self.pick_money / self.picked).quantize(MICRODOLLAR)


class Tally:
    """Sums of runs while they are counted; money in millionths of a dollar."""

    def __init__(self) -> None:
        self.runs = self.finished = self.in_part = self.picked = self.outputs = 0
        self.start_up = self.work = self.not_finished = 0
        self.pick_money = self.pick_outputs = 0
        self.unpriced = dict.fromkeys(REASONS, 0)

    def add(self, run: InsightRun, parts: CostParts | None, *, picks: bool) -> None:
        """Counts a run; `picks` says whether its workflow has any."""
        if parts is None:
            self.unpriced[_why_unpriced(run)] += 1
            return
        self.runs += 1
        self.in_part += parts.in_part
        self.start_up += parts.start_up
        self.work += parts.work
        self.picked += run.picked
        self.outputs += run.outputs
        if run.status == SUCCESS:
            self.finished += 1
        else:
            self.not_finished += parts.start_up + parts.work
        if picks:
            self.pick_money += parts.start_up + parts.work
            self.pick_outputs += run.outputs

    def spent(self) -> Spent:
        """The sums so far."""
        return Spent(
            runs=self.runs,
            finished=self.finished,
            in_part=self.in_part,
            start_up=self.start_up * MICRODOLLAR,
            work=self.work * MICRODOLLAR,
            not_finished=self.not_finished * MICRODOLLAR,
            picked=self.picked,
            outputs=self.outputs,
            pick_money=self.pick_money * MICRODOLLAR,
            pick_outputs=self.pick_outputs,
            unpriced=Unpriced(**self.unpriced),
        )


def _why_unpriced(run: InsightRun) -> str:
    """The first reason that holds."""
    if not run.finished:
        return "live"
    if run.status == CANCELLED and run.cold_start is None and run.run is None:
        return "not_started"
    return "no_price" if run.price is None else "unknown"


def together(parts: Iterable[Spent]) -> Spent:
    """The sums of several groups as one. A run that is in two of them counts twice."""
    found = list(parts)

    def count(name: str) -> int:
        return sum(getattr(each, name) for each in found)

    def money(name: str) -> Decimal:
        return sum((getattr(each, name) for each in found), Decimal(0))

    return Spent(
        runs=count("runs"),
        finished=count("finished"),
        in_part=count("in_part"),
        start_up=money("start_up"),
        work=money("work"),
        not_finished=money("not_finished"),
        picked=count("picked"),
        outputs=count("outputs"),
        pick_money=money("pick_money"),
        pick_outputs=count("pick_outputs"),
        unpriced=Unpriced(
            **{name: sum(getattr(each.unpriced, name) for each in found) for name in REASONS}
        ),
    )
