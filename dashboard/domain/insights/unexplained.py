"""How much of the time of a machine's containers no known run accounts for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.domain.machines.cost import IDLE_LATE

_NONE = timedelta(0)


@dataclass(frozen=True, slots=True)
class ContainerLife:
    """When a container was up, and when each known run held it."""

    started: datetime
    ended: datetime
    runs: Sequence[tuple[datetime, datetime]]


def unexplained_share(lives: Iterable[ContainerLife], stays_warm: int) -> float | None:
    """The share of the containers' time without a known run; None where they were never up.

    A container boots for its first run, and stays up for `stays_warm` seconds after each: that is
    explained. Of one without a known run nothing is.
    """
    whole = lost = _NONE
    for life in lives:
        whole += max(life.ended - life.started, _NONE)
        lost += _lost(life, timedelta(seconds=stays_warm))
    return lost / whole if whole else None


def _lost(life: ContainerLife, stays_warm: timedelta) -> timedelta:
    runs = sorted(run for run in life.runs if run[0] <= life.ended and run[1] >= life.started)
    if not runs:
        return max(life.ended - life.started, _NONE)
    lost, free_since = _NONE, runs[0][0]
    for begin, end in (*runs, (life.ended, life.ended)):
        gap = begin - free_since
        lost += gap - stays_warm if gap > stays_warm + IDLE_LATE else _NONE
        free_since = max(free_since, end)
    return lost
