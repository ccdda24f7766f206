"""Which container each run was on: a pure function of the runs of one machine."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from dashboard.simulator.seeded_random import seeded_random, stable_uuid

IDLE_TIMEOUT = 60  # seconds that a container stays up after its last run
COLD_AFTER = timedelta(seconds=5)
UP_BEFORE = timedelta(seconds=40)


@dataclass(frozen=True, slots=True)
class Use:
    """When a run was created, given to a container, started there and over."""

    run_id: UUID
    created: datetime
    queued: datetime
    started: datetime
    ended: datetime


@dataclass(slots=True)
class SimulatedContainer:
    """One container from its start to its end, which may lie in the future."""

    id: UUID
    gpu: str | None
    start: datetime
    idle: timedelta
    runs: list[Use] = field(default_factory=list)

    @property
    def end(self) -> datetime:
        return max(use.ended for use in self.runs) + self.idle

    def takes(self, use: Use) -> bool:
        """Whether it is up when the run is created, and free when the run is given to it."""
        free_from = max(one.ended for one in self.runs)
        return self.start <= use.created and free_from <= use.queued <= self.end


def assign(
    uses: Iterable[Use], gpu: str | None, idle: float = IDLE_TIMEOUT
) -> list[SimulatedContainer]:
    """The containers of a machine's runs, in the order of their start.

    A cold run starts one, most of them while it waits. A warm run joins the one that has been
    idle for the shortest time; where none is free, one that was up before it, as a machine
    that is kept warm has.
    """
    found: list[SimulatedContainer] = []
    for use in sorted(uses, key=lambda one: (one.queued, one.run_id)):
        cold = use.started - use.queued > COLD_AFTER
        free = [] if cold else [one for one in found if one.takes(use)]
        if free:
            max(free, key=lambda one: one.end).runs.append(use)
        else:
            start = _start(use) if cold else use.created - UP_BEFORE
            name = stable_uuid("container", use.run_id)
            found.append(SimulatedContainer(name, gpu, start, timedelta(seconds=idle), [use]))
    return sorted(found, key=lambda one: (one.start, one.id))


def _start(use: Use) -> datetime:
    """Within the wait of a cold run; the container's clock may be a little late."""
    rng = seeded_random("container", use.run_id)
    if rng.random() < 0.05:
        return use.queued + timedelta(seconds=rng.uniform(0.1, 1.5))
    return use.created + (use.queued - use.created) * rng.uniform(0.3, 0.9)


def by_run(containers: Sequence[SimulatedContainer]) -> dict[UUID, SimulatedContainer]:
    return {use.run_id: container for container in containers for use in container.runs}
