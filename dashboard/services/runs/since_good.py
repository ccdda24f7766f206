"""What changed between the last good run and one that failed, or was slow. Reads only."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from uuid import UUID

from django.db.models import QuerySet

from dashboard.domain.changed.since_good import Changes, RunSide, changes_since
from dashboard.domain.listing import MACHINE, VERSION
from dashboard.models import Name, Run, UsedMachine
from dashboard.models.run_queryset import FAILED
from dashboard.services.machines import queue_splits
from dashboard.services.remembered import Remembered
from dashboard.services.runs import versions

CACHE_SECONDS, MAX_CACHED = 60.0, 200

SUCCESS = "success"


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
    asked = run.status in FAILED or (slow and run.status == SUCCESS)
    if not (run.finished and run.fetched and run.workflow_id and asked):
        return None
    return _found.get((run.pk, run.shown_version), lambda: _read(run))


def _read(run: Run) -> SinceGood:
    good, same_deployment = _last_good(run)
    if good is None:
        return SinceGood()
    changes = changes_since(_side(good), _side(run))
    told = GoodRun(good.uuid, good.created_at, same_deployment)
    return SinceGood(told, changes, _names(changes))


def _last_good(run: Run) -> tuple[Run | None, bool]:
    """The newest success before it: of the same deployment, else of the workflow.

    Where only a list has told of it, its inputs are not known yet.
    """
    before = Run.objects.filter(workflow_id=run.workflow_id, status=SUCCESS)
    before = before.filter(sorted_at__lte=run.sorted_at).exclude(pk=run.pk).newest()
    if run.deployment_id:
        # Its own index, newest first: the workflow may have many runs of other deployments.
        found = before.filter(deployment_id=run.deployment_id).first()
        if found:
            return found, True
    return before.first(), not run.deployment_id


def _side(run: Run) -> RunSide:
    container = queue_splits.container_of(run)
    return RunSide(
        gpu=run.gpu,
        version=run.workflow_version_id,
        machine=run.machine_id,
        machine_version=container.machine_version_id if container else None,
        inputs=run.inputs,
        graph=versions.graph_of(run.workflow_version_id),
    )


def _names(changes: Changes) -> dict[str, str]:
    ids = {side for change in changes.facts for side in (change.before, change.after)}
    if not ids:
        return {}
    rows: QuerySet[Name] = Name.objects.filter(kind__in=(VERSION, MACHINE), upstream_id__in=ids)
    return {**dict(_numbered(ids)), **{row.upstream_id: row.text for row in rows if row.text}}


def _numbered(ids: set[str]) -> Iterator[tuple[str, str]]:
    """The machine versions whose number is known: a machine tells that of its newest alone."""
    for machine in UsedMachine.objects.filter(version_id__in=ids, version__isnull=False):
        if machine.version_id:
            yield machine.version_id, f"v{machine.version}"
