"""The containers of runs: when they were up, and what they and each run's part cost. Reads only."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from dashboard.domain.machines.cost import BusyTime, container_cost, container_shares, explains
from dashboard.models import Container, Run, UsedMachine
from dashboard.services.machines.prices import KnownPrice

COLUMNS = ("pk", "queued_at", "started_at", "ended_at")
Stay = tuple[int, datetime | None, datetime | None, datetime | None]  # of a run, by `COLUMNS`


@dataclass(frozen=True, slots=True)
class ContainerStory:
    """The container of a run, with its cost and the run's part of it where they are known."""

    id: UUID
    started_at: datetime | None
    ended_at: datetime | None
    gpu: str | None
    runs: int  # known ones that were on it
    cost: Decimal | None = None
    share: Decimal | None = None
    share_is_most: bool = False  # other runs may have been on it


def containers_of(
    runs: Sequence[Run],
    held: Mapping[int, Container],
    prices: Mapping[int, KnownPrice | None],
    machines: Mapping[str, UsedMachine],
) -> dict[int, ContainerStory]:
    """The story of each run's container in `held`, by the run's key. One query.

    A container is worked out once for all runs that pay the same price for it.
    """
    on = {run.pk: held[run.pk] for run in runs if run.pk in held}
    stays = _stays(on.values())
    worked_out: dict[tuple[object, ...], _Whole] = {}
    told = {}
    for run in runs:
        if run.pk not in on:
            continue
        row, price = on[run.pk], prices.get(run.pk)
        paid = price.per_second if price else None
        key = (row.id, paid, run.machine_id)
        if key not in worked_out:
            worked_out[key] = _whole(row, stays[row.id], paid, machines.get(run.machine_id or ""))
        told[run.pk] = worked_out[key].story_of(run.pk)
    return told


@dataclass(frozen=True, slots=True)
class _Whole:
    """A container's story but for a run's part, and the part of each run."""

    story: ContainerStory
    shares: Mapping[int, Decimal]

    def story_of(self, run: int) -> ContainerStory:
        share = self.shares.get(run)
        return self.story if share is None else replace(self.story, share=share)


def _stays(containers: Iterable[Container]) -> Mapping[UUID, Sequence[Stay]]:
    """When the known runs of each container were on it."""
    found: dict[UUID, list[Stay]] = defaultdict(list)
    ids = {str(row.id): row.id for row in containers}
    rows = Run.objects.filter(gpu_event_id__in=ids).values_list("gpu_event_id", *COLUMNS)
    for container, pk, queued, begin, end in rows if ids else ():
        found[ids[container or ""]].append((pk, queued, begin, end))
    return found


def _whole(
    row: Container, stays: Sequence[Stay], price: Decimal | None, machine: UsedMachine | None
) -> _Whole:
    story = ContainerStory(row.id, row.started_at, row.ended_at, row.gpu, len(stays))
    cost = container_cost(price, row.started_at, row.ended_at)
    if cost is None or row.started_at is None or row.ended_at is None:
        return _Whole(story, {})
    times = [BusyTime(pk, begin, end) for pk, _, begin, end in stays if begin and end]
    held = [(at, end) for _, queued, begin, end in stays if end and (at := queued or begin)]
    idle = machine.idle_timeout if machine and not machine.keep_warm else None
    known = len(times) == len(stays) and explains(row.started_at, row.ended_at, held, idle)
    story = replace(story, cost=cost, share_is_most=not known)
    return _Whole(story, container_shares(cost, times))
