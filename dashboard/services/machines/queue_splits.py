"""Takes the queues of runs apart, by the containers they were on."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db.models import F

from dashboard.domain.run.queue_split import QueueSplit, split_queue
from dashboard.domain.run.values import parse_uuid
from dashboard.models import Container, Run, UsedMachine
from dashboard.models.bulk_update import update_rows

NONE = ("", None, None)
NOWHERE = UUID(int=0)
COLUMNS = ("queue_kind", "gpu_wait", "boot")
NEEDED = ("pk", "gpu_event_id", "queue_wait", "created_at", *COLUMNS)


def split(runs: Sequence[Run]) -> list[Run]:
    """Puts the parts of their queues on these runs; returns those that changed. Reads only."""
    wanted = {found_id for run in runs if (found_id := container_id(run))}
    containers = Container.objects.in_bulk(wanted) if wanted else {}
    machines = {container.machine_id for container in containers.values()}
    optimised = set(_optimised(machines)) if machines else set()
    changed = []
    for run in runs:
        found = _split(run, containers.get(container_id(run) or NOWHERE), optimised)
        parts = (found.kind, found.gpu_wait, found.boot) if found else NONE
        if parts != (run.queue_kind, run.gpu_wait, run.boot):
            run.queue_kind, run.gpu_wait, run.boot = parts
            changed.append(run)
    return changed


def split_of_containers(containers: Iterable[UUID]) -> None:
    """The same for the stored runs of these containers. Writes.

    Their pages are drawn anew in any case: the end of a container says what it cost.
    """
    ids = [str(each) for each in containers]
    runs = list(Run.objects.filter(gpu_event_id__in=ids).only(*NEEDED)) if ids else []
    if changed := split(runs):
        update_rows(
            Run, [(run.pk, {name: getattr(run, name) for name in COLUMNS}) for run in changed]
        )
    if runs:
        drawn = Run.objects.filter(pk__in=[run.pk for run in runs])
        drawn.update(extras_version=F("extras_version") + 1)


def _split(run: Run, container: Container | None, optimised: Collection[str]) -> QueueSplit | None:
    if container is None or container.session_id:
        return None
    return split_queue(
        run.queue_wait,
        run.created_at,
        container.started_at,
        optimised=container.machine_id in optimised,
    )


def _optimised(machines: Collection[str]) -> Iterable[str]:
    rows = UsedMachine.objects.filter(pk__in=machines, optimised=True)
    return rows.values_list("pk", flat=True)


def container_of(run: Run) -> Container | None:
    """The container that a run was on; None where it is not known. Reads only."""
    found = container_id(run)
    return Container.objects.filter(pk=found).first() if found else None


def container_id(run: Run) -> UUID | None:
    """The container that a run says it was on; None where it names none."""
    return parse_uuid(run.gpu_event_id)
