"""The runs that Insights count, and those that they leave out and tell of."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

WORKSPACE = "workspace"  # the origin of a person's session in the editor
TIMEOUT = "timeout"
COLD, WARM, UNKNOWN = "cold", "warm", "unknown"
OUT_OF_RANGE = frozenset({"negative-cold_start", "absurd-cold_start"})
"""The warnings of a start that cannot be, as `domain/run/durations` gives them."""


class InsightRun(NamedTuple):
    """What Insights know of a run. Moments are in UTC, durations in seconds; None: not reported."""

    id: int
    created: datetime
    ended: datetime | None
    status: str  # ComfyDeploy's word in small letters
    finished: bool
    origin: str | None
    start_kind: str  # cold, warm or unknown
    queue: float | None
    cold_start: float | None
    run: float | None
    total: float | None
    gpu: str | None
    machine: str | None
    workflow: str | None
    version: str | None
    user: str | None
    error_cause: str  # a word of `domain/logs/causes`; "" where not known
    error_digest: str  # the same for the same error; "" without one
    outputs: int
    picked: int  # of its outputs
    cost_micros: int | None  # millionths of a dollar
    price: Decimal | None = None  # dollars a second of its GPU, when it was created
    out_of_range: bool = False  # a start was reported that cannot be


@dataclass(frozen=True, slots=True)
class LeftOut:
    """How many runs of the time are in no figure, by why."""

    workspace: int = 0
    assumed_timeout: int = 0
    out_of_range: int = 0

    @property
    def total(self) -> int:
        return self.workspace + self.assumed_timeout + self.out_of_range


@dataclass(frozen=True, slots=True)
class Population:
    """The runs of a time that figures are of, in the order that they came in."""

    runs: tuple[InsightRun, ...]
    left_out: LeftOut

    def of_kind(self, start_kind: str) -> list[InsightRun]:
        """Those that started so: `cold`, `warm`, or `unknown` where that is not reported."""
        return [run for run in self.runs if run.start_kind == start_kind]


def population_of(runs: Iterable[InsightRun]) -> Population:
    """The runs that count. What is left out has one reason, the first of these that holds:

    a session in the editor is no run of a workflow; of a timeout that is only assumed, the times
    are not known; a run with a start that cannot be is not believed.
    """
    kept, reasons = [], [0, 0, 0]
    for run in runs:
        reason = _reason(run)
        if reason is None:
            kept.append(run)
        else:
            reasons[reason] += 1
    return Population(tuple(kept), LeftOut(*reasons))


def _reason(run: InsightRun) -> int | None:
    if run.origin == WORKSPACE:
        return 0
    if run.status == TIMEOUT and run.finished and run.ended is None:
        return 1
    return 2 if run.out_of_range else None
