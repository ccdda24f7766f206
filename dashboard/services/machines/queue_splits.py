"""Takes the queues of runs apart, by the containers they were on."""

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F

from dashboard.domain.run.queue_split import QueueSplit, split_queue
from dashboard.domain.run.values import parse_uuid
from dashboard.models import Container, Run, UsedMachine
from dashboard.models.bulk_update import update_rows
from dashboard.models.keys import key_list
from dashboard.services.machines import costs

NONE = ("", None, None)
NOWHERE = UUID(int=0)
COLUMNS = ("queue_kind", "gpu_wait", "boot")
NEEDED = tuple({"queue_wait", *COLUMNS, *costs.NEEDED})
AT_ONCE = 50  # containers whose runs are locked at a time


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
    """The same for the stored runs of these containers, with what the runs cost. Writes.

    Their pages are drawn anew in any case: the end of a container says what it cost.
    """
    ids = [str(each) for each in containers]
    for first in range(0, len(ids), AT_ONCE):
        _split_stored(ids[first : first + AT_ONCE])


@transaction.atomic
def _split_stored(ids: Sequence[str]) -> None:
    # Locked first: what is read here is made of the answers that are being stored meanwhile.
    keys = Run.objects.filter(gpu_event_id__in=ids).lock()
    runs = list(Run.objects.filter(pk__in=key_list(keys)).only(*NEEDED)) if keys else []
    changed = dict.fromkeys((*split(runs), *costs.put(runs)))
    columns = (*COLUMNS, costs.COLUMN)
    update_rows(Run, [(run.pk, {name: getattr(run, name) for name in columns}) for run in changed])
    if keys:
        drawn = Run.objects.filter(pk__in=key_list(keys))
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
    return containers_of([run]).get(run.pk)


def containers_of(runs: Iterable[Run]) -> dict[int, Container]:
    """The same for several runs, by their keys. One query, none where no run names one."""
    named = {run.pk: found for run in runs if (found := container_id(run))}
    known = Container.objects.in_bulk(set(named.values())) if named else {}
    return {pk: known[found] for pk, found in named.items() if found in known}


def container_id(run: Run) -> UUID | None:
    """The container that a run says it was on; None where it names none."""
    return parse_uuid(run.gpu_event_id)
