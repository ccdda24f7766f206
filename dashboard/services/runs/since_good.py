"""What changed between the last good run and one that failed, or was slow. Reads only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dashboard.domain.changed.since_good import Changes, RunSide, changes_since
from dashboard.domain.json_types import JsonObject
from dashboard.domain.listing import MACHINE, VERSION
from dashboard.models import Container, Name, Run, UsedMachine
from dashboard.models.keys import key_list
from dashboard.models.run_queryset import FAILED
from dashboard.services.machines import queue_splits
from dashboard.services.remembered import Remembered
from dashboard.services.runs import versions

CACHE_SECONDS, MAX_CACHED = 60.0, 200

SUCCESS = "success"
NEEDED = (
    *("uuid", "created_at", "deployment_id", "gpu", "workflow_version_id", "machine_id"),
    *("gpu_event_id", "inputs"),
)


@dataclass(frozen=True, slots=True)
class GoodRun:
    """The newest good run before; `same_deployment` unless only others of the workflow did well."""

    uuid: UUID
    created_at: datetime | None
    same_deployment: bool

    @property
    def short_id(self) -> str:
        return str(self.uuid)[:8]


@dataclass(frozen=True, slots=True)
class SinceGood:
    """The good run with all differences; without one, no run of the workflow has done well.

    `names` are those of versions and machines by their ID.
    """

    good: GoodRun | None = None
    changes: Changes | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    stamp: int = field(default_factory=count().__next__, compare=False)  # of each reading another


_found: Remembered[tuple[int, str], SinceGood] = Remembered(CACHE_SECONDS, MAX_CACHED)
forget = _found.forget


def since_good(run: Run, *, slow: bool = False) -> SinceGood | None:
    """The comparison of a failed or timed-out run, or of a slow one; None for any other.

    Read at most once a minute in a process.
    """
    if not _asked(run, slow=slow):
        return None
    return _found.get((run.pk, run.shown_version), lambda: since_good_of([run], slow=slow)[run.pk])


def since_good_of(
    runs: Iterable[Run], *, slow: bool = False, graphs: bool = True
) -> dict[int, SinceGood]:
    """The same for several runs, by their keys; without `graphs` no nodes are compared.

    Six queries, however many runs there are.
    """
    asked = [run.pk for run in runs if _asked(run, slow=slow)]
    if not asked:
        return {}
    rows = _with_good(asked)
    machines = queue_splits.containers_of([run for pair in rows.values() for run in pair])
    known = versions.graphs_of(_differing(rows.values())) if graphs else {}
    changes = {
        pk: changes_since(_side(good, machines, known), _side(run, machines, known))
        for pk, (run, good) in rows.items()
    }
    names = _names(changes.values())
    found = dict.fromkeys(asked, SinceGood())
    for pk, (run, good) in rows.items():
        same = not run.deployment_id or run.deployment_id == good.deployment_id
        told = GoodRun(good.uuid, good.created_at, same)
        sides = [side for one in changes[pk].facts for side in (one.before, one.after)]
        called = {side: names[side] for side in sides if side in names}
        found[pk] = SinceGood(told, changes[pk], called)
    return found


def _asked(run: Run, *, slow: bool) -> bool:
    asked = run.status in FAILED or (slow and run.status == SUCCESS)
    return bool(run.finished and run.fetched and run.workflow_id and asked)


def _with_good(asked: Sequence[int]) -> dict[int, tuple[Run, Run]]:
    """Each of these runs with the newest success before it; without those that have none.

    Of the same deployment, else of the workflow. Where only a list has told of it, its inputs
    are not known yet.
    """
    before = Run.objects.filter(
        workflow_id=OuterRef("workflow_id"), status=SUCCESS, sorted_at__lte=OuterRef("sorted_at")
    )
    before = before.exclude(pk=OuterRef("pk")).newest()
    # Its own index, newest first: the workflow may have many runs of other deployments.
    same = before.filter(deployment_id=OuterRef("deployment_id")).exclude(deployment_id="")
    newest = Coalesce(Subquery(same.values("pk")[:1]), Subquery(before.values("pk")[:1]))
    pairs = dict(Run.objects.filter(pk__in=key_list(asked)).values_list("pk", newest))
    good = {pk: found for pk, found in pairs.items() if found}
    rows = Run.objects.filter(pk__in=key_list({*good, *good.values()})).only(*NEEDED)
    known = {row.pk: row for row in rows} if good else {}
    return {
        pk: (known[pk], known[found])
        for pk, found in good.items()
        if pk in known and found in known
    }


def _differing(pairs: Iterable[tuple[Run, Run]]) -> set[str]:
    """The versions of the runs that have another one than the good run."""
    both = [(one.workflow_version_id, other.workflow_version_id) for one, other in pairs]
    return {each for one, other in both if one and other and one != other for each in (one, other)}


def _side(
    run: Run, containers: Mapping[int, Container], graphs: Mapping[str, JsonObject]
) -> RunSide:
    container = containers.get(run.pk)
    return RunSide(
        gpu=run.gpu,
        version=run.workflow_version_id,
        machine=run.machine_id,
        machine_version=container.machine_version_id if container else None,
        inputs=run.inputs,
        graph=graphs.get(run.workflow_version_id or ""),
    )


def _names(changes: Iterable[Changes]) -> dict[str, str]:
    facts = [change for each in changes for change in each.facts]
    ids = {side for change in facts for side in (change.before, change.after)}
    if not ids:
        return {}
    rows: QuerySet[Name] = Name.objects.filter(kind__in=(VERSION, MACHINE), upstream_id__in=ids)
    return {**dict(_numbered(ids)), **{row.upstream_id: row.text for row in rows if row.text}}


def _numbered(ids: set[str]) -> Iterator[tuple[str, str]]:
    """The machine versions whose number is known: a machine tells that of its newest alone."""
    for machine in UsedMachine.objects.filter(version_id__in=ids, version__isnull=False):
        if machine.version_id:
            yield machine.version_id, f"v{machine.version}"
