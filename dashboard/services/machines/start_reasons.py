"""Why runs started cold or waited in line, from what their machines did before. Reads only."""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

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
from dashboard.models.keys import key_list
from dashboard.services.machines.limits import fluid_of

MOST_BEFORE = 60  # runs of the machine before the run
REACH = timedelta(hours=26)  # containers that were started so long before it, or its own after
LONG_AGO = datetime.min.replace(tzinfo=UTC)
COLUMNS = (
    *("pk", "machine_id", "sorted_at", "begin", "ended_at", "gpu_event_id"),
    *("deployment_id", "uuid"),
)

Span = tuple[datetime, datetime]  # both included


@dataclass(frozen=True, slots=True)
class LastRun:
    """The run before, which an idle machine's time counts from."""

    uuid: UUID
    ended_at: datetime

    @property
    def short_id(self) -> str:
        return str(self.uuid)[:8]


class Reason(NamedTuple):
    reason: StartReason
    last_run: LastRun | None


class _Before(NamedTuple):
    """A run of a machine, and its place in the machine's history."""

    at: datetime
    run: MachineRun | None  # None: when it began is not known
    pk: int
    uuid: UUID


class _Up(NamedTuple):
    at: datetime
    container: MachineContainer


class _Asked(NamedTuple):
    """A run that started cold or waited, with its machine and when it was created.

    Containers that were started after `until` tell nothing: it is then that it had its own.
    """

    run: Run
    machine: str
    created: datetime
    until: datetime


def reasons_of(
    runs: Iterable[Run], held: Mapping[int, Container], machines: Mapping[str, UsedMachine]
) -> dict[int, Reason]:
    """The reason of each run that has one, by its key; `held` are the runs' containers.

    Four queries, however many runs there are.
    """
    asked = [
        _Asked(run, run.machine_id, run.created_at, _until(run.created_at, held.get(run.pk)))
        for run in runs
        if run.machine_id and run.created_at and (_cold(run) or _in_line(run))
    ]
    if not asked:
        return {}
    fluid = fluid_of(one.run.deployment_id for one in asked)
    histories, containers = _histories(asked), _containers(asked)
    found = {}
    for one in asked:
        before = _before(histories[one.machine], one)
        up = _reached(containers[one.machine], one)
        question = _question(one, before, up, machines.get(one.machine), fluid)
        if reason := start_reason(question):
            found[one.run.pk] = Reason(reason, _last_run(reason, before))
    return found


def _cold(run: Run) -> bool:
    return run.start_kind == COLD


def _in_line(run: Run) -> float | None:
    return run.gpu_wait if run.queue_kind == LINE else None


def _until(created: datetime, own: Container | None) -> datetime:
    started = own.started_at if own else None
    return min(max(created, started or created), created + REACH)


def _question(
    asked: _Asked,
    before: Sequence[_Before],
    containers: Sequence[MachineContainer],
    machine: UsedMachine | None,
    fluid: set[str],
) -> Question:
    run = asked.run
    return Question(
        created=asked.created,
        cold=_cold(run),
        in_line=_in_line(run),
        container=run.gpu_event_id,
        deployment=run.deployment_id,
        fluid=run.deployment_id in fluid,
        before=[row.run for row in before if row.run],
        containers=containers,
        idle_timeout=machine.idle_timeout if machine else None,
        keep_warm=machine.keep_warm if machine else None,
        limit=machine.concurrency_limit if machine else None,
        version=machine.version if machine else None,
        version_id=machine.version_id if machine else None,
    )


def _histories(asked: Sequence[_Asked]) -> Mapping[str, Sequence[_Before]]:
    """The runs of each machine, the oldest first: all that one of those asked for looks back to."""
    edges = _edges(asked)
    spans = ((one.machine, (edges[one.run.pk] or LONG_AGO, one.created)) for one in asked)
    rows = Run.objects.filter(_within("sorted_at", spans), foreign=False)
    rows = rows.annotate(begin=Coalesce("queued_at", "created_at")).order_by("sorted_at", "pk")
    found: dict[str, list[_Before]] = defaultdict(list)
    for pk, machine, at, begin, ended, container, deployment, uuid in rows.values_list(*COLUMNS):
        run = MachineRun(pk, begin, ended, container, deployment) if begin else None
        found[machine or ""].append(_Before(at, run, pk, uuid))
    return found


def _edges(asked: Sequence[_Asked]) -> Mapping[int, datetime | None]:
    """When the farthest run that each looks back to was created; None where it sees them all."""
    before = (
        Run.objects.filter(
            machine_id=OuterRef("machine_id"), sorted_at__lte=OuterRef("created_at"), foreign=False
        )
        .exclude(pk=OuterRef("pk"))
        .order_by("-sorted_at", "-pk")
    )
    farthest = Subquery(before.values("sorted_at")[MOST_BEFORE - 1 : MOST_BEFORE])
    runs = Run.objects.filter(pk__in=key_list(one.run.pk for one in asked))
    return dict(runs.values_list("pk", farthest))


def _before(history: Sequence[_Before], asked: _Asked) -> Sequence[_Before]:
    """The runs of the machine that were created before, the newest first."""
    end = bisect_right(history, asked.created, key=lambda row: row.at)
    newest = history[max(0, end - MOST_BEFORE - 1) : end][::-1]
    return [row for row in newest if row.pk != asked.run.pk][:MOST_BEFORE]


def _containers(asked: Sequence[_Asked]) -> Mapping[str, Sequence[_Up]]:
    """The containers of each machine that were started near one of the runs asked for."""
    spans = ((one.machine, (one.created - REACH, one.until)) for one in asked)
    rows = Container.objects.filter(_within("started_at", spans), session_id=None)
    columns = ("machine_id", "pk", "started_at", "ended_at", "machine_version_id")
    found: dict[str, list[_Up]] = defaultdict(list)
    for machine, pk, at, ended, version in rows.order_by("started_at", "pk").values_list(*columns):
        if at:
            found[machine].append(_Up(at, MachineContainer(str(pk), at, ended, version)))
    return found


def _reached(containers: Sequence[_Up], asked: _Asked) -> Sequence[MachineContainer]:
    first = bisect_left(containers, asked.created - REACH, key=lambda row: row.at)
    end = bisect_right(containers, asked.until, key=lambda row: row.at)
    return [row.container for row in containers[first:end]]


def _within(column: str, spans: Iterable[tuple[str, Span]]) -> Q:
    """Rows of each machine within its spans, those that overlap as one."""
    of: dict[str, list[Span]] = defaultdict(list)
    for machine, span in spans:
        of[machine].append(span)
    found = Q()
    for machine, each in of.items():
        for begin, end in _joined(each):
            inside = {f"{column}__gte": begin, f"{column}__lte": end}
            found |= Q(machine_id=machine, **inside)
    return found


def _joined(spans: Iterable[Span]) -> Iterable[Span]:
    joined: list[Span] = []
    for begin, end in sorted(spans):
        if joined and begin <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((begin, end))
    return joined


def _last_run(reason: StartReason, before: Sequence[_Before]) -> LastRun | None:
    row = next((row for row in before if row.pk == reason.last_run), None)
    return LastRun(row.uuid, row.run.ended) if row and row.run and row.run.ended else None
