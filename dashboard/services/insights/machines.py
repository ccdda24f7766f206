"""What is known of the machines that runs were on, for replaying them. Reads only."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID

from dashboard.domain.insights.keep_warm import MachineFacts
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.unexplained import ContainerLife, unexplained_share
from dashboard.models import Container, Run, UsedMachine

OWN_TYPES = frozenset({"classic", "runpod-serverless", "modal-serverless"})
MOST_CONTAINERS = 5_000  # of all machines; of more, the newest
AT_ONCE = 500

Life = tuple[UUID, str, datetime, datetime]  # a container's ID and machine, its start and end


def facts_of(machines: Collection[str], period: Period) -> dict[str, MachineFacts]:
    """Their settings as last told, whether they are own ones, and what their containers tell."""
    if not machines:
        return {}
    rows = UsedMachine.objects.defer("build").in_bulk(sorted(machines))
    known = {key: row for key, row in rows.items() if row.settings_of is not None}
    own = _own(machines, period)
    shares = _unexplained(known, period)
    return {
        machine: MachineFacts(
            stays_warm=row.idle_timeout if row else None,
            limit=row.concurrency_limit if row else None,
            always_on=(row.keep_warm or 0) if row else 0,
            own=machine in own,
            unexplained=shares.get(machine),
        )
        for machine in machines
        for row in (known.get(machine),)
    }


def _own(machines: Collection[str], period: Period) -> set[str]:
    """Those whose runs of this time say that they are the workspace's own."""
    runs = Run.objects.filter(
        machine_id__in=machines, sorted_at__gte=period.begin, sorted_at__lt=period.end
    )
    types: dict[str, set[str]] = defaultdict(set)
    told = runs.exclude(machine_type=None).order_by().values_list("machine_id", "machine_type")
    for machine, kind in told.distinct():
        types[machine or ""].add(kind or "")
    return {machine for machine, kinds in types.items() if kinds <= OWN_TYPES}


def _unexplained(machines: Mapping[str, UsedMachine], period: Period) -> dict[str, float]:
    """By machine the share of its containers' time that no known run explains.

    Of those with containers that are always up it cannot be told. People's sessions and fluid
    deployments have containers with rules of their own, which are left out.
    """
    told = {
        key: row.idle_timeout
        for key, row in machines.items()
        if row.idle_timeout is not None and not row.keep_warm
    }
    up = _containers(told, period)
    runs = _runs_on([key for key, *_ in up])
    lives: dict[str, list[ContainerLife]] = defaultdict(list)
    for key, machine, started, ended in up:
        lives[machine].append(ContainerLife(started, ended, runs.get(key, ())))
    shares = {key: unexplained_share(lives[key], idle) for key, idle in told.items()}
    return {key: share for key, share in shares.items() if share is not None}


def _containers(machines: Iterable[str], period: Period) -> list[Life]:
    """The containers of a time that have ended."""
    rows = Container.objects.filter(
        machine_id__in=list(machines),
        started_at__gte=period.begin,
        started_at__lt=period.end,
        ended_at__isnull=False,
        session_id=None,
        environment=None,
    ).order_by("-started_at", "pk")
    names = ("pk", "machine_id", "started_at", "ended_at")
    return list(rows.values_list(*names)[:MOST_CONTAINERS])


def _runs_on(containers: list[UUID]) -> Mapping[UUID, list[tuple[datetime, datetime]]]:
    """When each known run held its container: from when it was given to it, to its end."""
    found: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    names = ("gpu_event_id", "queued_at", "created_at", "ended_at")
    for first in range(0, len(containers), AT_ONCE):
        ids = {str(key): key for key in containers[first : first + AT_ONCE]}
        rows = Run.objects.filter(gpu_event_id__in=list(ids)).values_list(*names)
        for key, queued, created, ended in rows:
            begin = queued or created
            if begin and ended:
                found[ids[key or ""]].append((begin, ended))
    return found
