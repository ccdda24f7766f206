"""The containers of machines: asked for while runs use them, and kept. ComfyDeploy forgets in 24 h.

A machine is asked for at most once in 5 min: soon after a run on it has ended, when a page of
such a run is open, and later again while a container is up.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, F, Q, Value, When

from dashboard.domain.machines.container import ContainerFacts
from dashboard.models import Container, Run, UsedMachine
from dashboard.services.comfydeploy.api_requests import get_body
from dashboard.services.machines import queue_splits
from dashboard.upstream.errors import UpstreamError
from dashboard.upstream.machines import containers_path, read_containers

log = logging.getLogger(__name__)
GAP = timedelta(minutes=5)  # at least, between two requests for a machine
DAILY = timedelta(hours=20)  # at most, while it is used: in 24 h they are forgotten
USUALLY_CLOSED = timedelta(seconds=90)  # after a run has ended, where its idle time is not known
MOST_DOUBLINGS = 8  # of GAP: more than DAILY
AT_ONCE = 500  # rows in one statement
COLUMNS = (
    *("machine_id", "machine_version_id", "gpu", "environment", "session_id"),
    *("started_at", "ended_at", "open"),
)


def request(runs: Sequence[Run], now: datetime) -> None:
    """Plans requests for these runs' containers, as far as they are not fully known. Writes only.

    Those of a run that has ended wait until its container is likely to be down.
    """
    used = [run for run in runs if run.machine_id and run.gpu_event_id]
    ids = {found for run in used if (found := queue_splits.container_id(run))}
    if not ids:
        return
    known = dict(Container.objects.filter(pk__in=ids).values_list("pk", "open"))
    wanted: dict[str, datetime] = {}
    for run in used:
        container = queue_splits.container_id(run)
        if container and known.get(container, True):
            at = _closed_at(run, now) if run.finished else now
            machine = run.machine_id or ""
            wanted[machine] = min(at, wanted.get(machine, at))
    _plan(wanted, now)


def _closed_at(run: Run, now: datetime) -> datetime:
    """When the container of an ended run is likely to be down: it may take other runs first."""
    ended = run.ended_at or now
    return max(now, min(ended + USUALLY_CLOSED, now + GAP))


def request_now(run: Run, now: datetime) -> None:
    """Plans a request for an ended run that somebody has opened, if its container is not known.

    Writes only. What was asked for after the run's end is not asked for again.
    """
    told = run.queue_kind or not (run.machine_id and run.gpu_event_id and run.ended_at)
    if told or run.ended_at is None or now - run.ended_at > DAILY:
        return
    asked = UsedMachine.objects.filter(pk=run.machine_id, asked_at__gt=run.ended_at)
    if not asked.exists():
        _plan({run.machine_id or "": now}, now)


def _plan(wanted: dict[str, datetime], now: datetime) -> None:
    """Brings forward when these machines are asked for, within the pace of each."""
    # Sorted, so that two processes never wait for each other's rows.
    rows = [UsedMachine(id=machine, settings_at=now) for machine in sorted(wanted)]
    UsedMachine.objects.bulk_create(rows, ignore_conflicts=True)
    for row in UsedMachine.objects.filter(pk__in=wanted).order_by("pk"):
        at = max(wanted[row.pk], row.asked_at + _gap(row.failures) if row.asked_at else now)
        later = Q(next_at=None) | Q(next_at__gt=at)
        UsedMachine.objects.filter(later, pk=row.pk).update(next_at=at)


def _gap(doublings: int) -> timedelta:
    return min(DAILY, GAP * float(2 ** min(doublings, MOST_DOUBLINGS)))


def refresh(machine: UsedMachine, now: datetime) -> None:
    """Asks for a machine's containers, stores them, and takes their runs' queues apart.

    Asks and writes; raises nothing of upstream.
    """
    try:
        found = read_containers(get_body(containers_path(machine.pk)), machine.pk, now)
    except UpstreamError as error:
        log.info("No containers of machine %s: %s.", machine.pk[:8], error.trouble)
        wait = max(_gap(machine.failures + 1), timedelta(seconds=error.retry_after or 0.0))
        _update(machine, now, next_at=now + wait, failures=F("failures") + 1)
        return
    changed = store(found, now)
    unchanged = 0 if changed else machine.unchanged + 1
    _update(
        machine,
        now,
        next_at=_next(found, unchanged, now),
        answered_at=now,
        unchanged=unchanged,
        failures=0,
    )
    queue_splits.split_of_containers(changed)


def _update(
    machine: UsedMachine, now: datetime, next_at: datetime | None, **columns: object
) -> None:
    """Writes how the request ended; what was planned meanwhile for sooner stays."""
    leased = Q(next_at=None) | Q(next_at__lte=now + timedelta(minutes=2))
    sooner = When(~leased & Q(next_at__lt=next_at), then=F("next_at")) if next_at else None
    planned = Case(sooner, default=Value(next_at)) if sooner else next_at
    UsedMachine.objects.filter(pk=machine.pk).update(asked_at=now, next_at=planned, **columns)


def _next(found: Collection[ContainerFacts], unchanged: int, now: datetime) -> datetime | None:
    """When to ask again by itself: later each time while a container stays up, once a day else."""
    if any(container.open for container in found):
        return now + _gap(unchanged)
    return now + DAILY if found else None


def store(found: Iterable[ContainerFacts], now: datetime) -> list[UUID]:
    """Stores containers; returns the IDs of those that are new or have changed. Writes only."""
    told = {container.id: container for container in found}
    known = Container.objects.in_bulk(told)
    changed = [each for each in told.values() if _differs(known.get(each.id), each)]
    rows = [
        Container(id=each.id, listed_at=now, **{name: getattr(each, name) for name in COLUMNS})
        for each in sorted(changed, key=lambda one: str(one.id))
    ]
    for first in range(0, len(rows), AT_ONCE):
        Container.objects.bulk_create(
            rows[first : first + AT_ONCE],
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*COLUMNS, "listed_at"],
        )
    return [each.id for each in changed]


def _differs(known: Container | None, told: ContainerFacts) -> bool:
    return known is None or any(getattr(known, name) != getattr(told, name) for name in COLUMNS)


def delete_unused(now: datetime) -> int:
    """Deletes containers and machines that no stored run was on; returns how many. Writes only."""
    used = Run.objects.filter(machine_id__isnull=False).values("machine_id")
    old = Container.objects.filter(listed_at__lt=now - DAILY).exclude(machine_id__in=used)
    unused = UsedMachine.objects.exclude(pk__in=used)
    return old.delete()[0] + unused.delete()[0]
