"""What a run's machine tells of it: why it started cold or waited, and what it cost. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from dashboard.domain.machines.cost import (
    BusyTime,
    RunCost,
    container_cost,
    container_shares,
    explains,
    run_cost,
    start_up_seconds,
)
from dashboard.domain.machines.start_reason import (
    MachineContainer,
    MachineRun,
    Question,
    StartReason,
    start_reason,
)
from dashboard.domain.run.durations import COLD
from dashboard.domain.run.queue_split import LINE
from dashboard.models import Container, Run, UsedMachine
from dashboard.services.machines import prices, queue_splits
from dashboard.services.machines.limits import is_fluid
from dashboard.services.machines.prices import KnownPrice
from dashboard.services.remembered import Remembered

MOST_BEFORE = 60  # runs of the machine before the run
REACH = timedelta(hours=26)  # containers that were started so long before it
CACHE_SECONDS, MAX_CACHED = 60.0, 500


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


@dataclass(frozen=True, slots=True)
class LastRun:
    """The run before, which an idle machine's time counts from."""

    uuid: UUID
    ended_at: datetime

    @property
    def short_id(self) -> str:
        return str(self.uuid)[:8]


@dataclass(frozen=True, slots=True)
class Story:
    """Each is None where it is not known."""

    reason: StartReason | None = None
    last_run: LastRun | None = None
    cost: RunCost | None = None
    price: KnownPrice | None = None
    container: ContainerStory | None = None


NOTHING = Story()
_stories: Remembered[tuple[int, str], Story] = Remembered(CACHE_SECONDS, MAX_CACHED)
forget = _stories.forget


def story_of(run: Run) -> Story:
    """What is known of a run that has ended; read at most once a minute in a process."""
    if not run.finished or not (run.gpu or run.machine_id):
        return NOTHING
    return _stories.get((run.pk, run.shown_version), lambda: _read(run))


def _read(run: Run) -> Story:
    container = queue_splits.container_of(run)
    if container and container.session_id:
        return NOTHING
    machines = UsedMachine.objects.defer("build").filter(pk=run.machine_id)
    machine = machines.first() if run.machine_id else None
    price = prices.price_at((container and container.gpu) or run.gpu, run.created_at)
    reason = _reason(run, machine)
    return Story(
        reason=reason,
        last_run=_last_run(reason),
        cost=_cost(run, price),
        price=price,
        container=_container(run, container, price, machine) if container else None,
    )


def _cost(run: Run, price: KnownPrice | None) -> RunCost | None:
    start = start_up_seconds(run.cold_start, run.queue_kind, run.boot)
    return run_cost(price.per_second, start, run.run) if price else None


def _container(
    run: Run, row: Container, price: KnownPrice | None, machine: UsedMachine | None
) -> ContainerStory:
    columns = ("pk", "queued_at", "started_at", "ended_at")
    rows = list(Run.objects.filter(gpu_event_id=str(row.id)).values_list(*columns))
    times = [BusyTime(pk, begin, end) for pk, _, begin, end in rows if begin and end]
    story = ContainerStory(row.id, row.started_at, row.ended_at, row.gpu, len(rows))
    cost = container_cost(price.per_second if price else None, row.started_at, row.ended_at)
    if cost is None or row.started_at is None or row.ended_at is None:
        return story
    held = [(queued or begin, end) for _, queued, begin, end in rows if end and (queued or begin)]
    idle = machine.idle_timeout if machine and not machine.keep_warm else None
    known = len(times) == len(rows) and explains(row.started_at, row.ended_at, held, idle)
    return ContainerStory(
        *(row.id, row.started_at, row.ended_at, row.gpu, len(rows)),
        cost=cost,
        share=container_shares(cost, times).get(run.pk),
        share_is_most=not known,
    )


def _reason(run: Run, machine: UsedMachine | None) -> StartReason | None:
    in_line = run.gpu_wait if run.queue_kind == LINE else None
    cold = run.start_kind == COLD
    if not run.machine_id or run.created_at is None or not (cold or in_line):
        return None
    return start_reason(
        Question(
            created=run.created_at,
            cold=cold,
            in_line=in_line,
            container=run.gpu_event_id,
            deployment=run.deployment_id,
            fluid=is_fluid(run.deployment_id),
            before=_before(run, run.created_at),
            containers=_containers(run.machine_id, run.created_at),
            idle_timeout=machine.idle_timeout if machine else None,
            keep_warm=machine.keep_warm if machine else None,
            limit=machine.concurrency_limit if machine else None,
            version=machine.version if machine else None,
            version_id=machine.version_id if machine else None,
        )
    )


def _before(run: Run, created: datetime) -> Sequence[MachineRun]:
    """The runs of the machine that were created before, the newest first."""
    rows = (
        Run.objects.filter(machine_id=run.machine_id, sorted_at__lte=created, foreign=False)
        .exclude(pk=run.pk)
        .order_by("-sorted_at", "-pk")
    )
    columns = ("pk", "queued_at", "created_at", "ended_at", "gpu_event_id", "deployment_id")
    return [
        MachineRun(pk, queued or begin, ended, container, deployment)
        for pk, queued, begin, ended, container, deployment in rows.values_list(*columns)[
            :MOST_BEFORE
        ]
        if queued or begin
    ]


def _containers(machine_id: str, created: datetime) -> Sequence[MachineContainer]:
    rows = Container.objects.filter(
        machine_id=machine_id,
        session_id=None,
        started_at__gte=created - REACH,
        started_at__lte=created + REACH,
    )
    columns = ("pk", "started_at", "ended_at", "machine_version_id")
    return [
        MachineContainer(str(pk), started, ended, version)
        for pk, started, ended, version in rows.values_list(*columns)
    ]


def _last_run(reason: StartReason | None) -> LastRun | None:
    if reason is None or reason.last_run is None:
        return None
    row = Run.objects.filter(pk=reason.last_run).values_list("uuid", "ended_at").first()
    return LastRun(row[0], row[1]) if row and row[1] else None
