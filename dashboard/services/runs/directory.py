"""What is known of the workspace's workflows, deployments and machines, and asking for more."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from dashboard.domain.directory import DEPLOYMENTS, FLUID, LISTS, MACHINES, WORKFLOWS
from dashboard.domain.listing import DEPLOYMENT, MACHINE, WORKFLOW
from dashboard.domain.polling.trouble import Trouble
from dashboard.models import Deployment, DirectoryEntry, DirectoryList, Machine, Workflow
from dashboard.services.leases import LEASE_TIME

Key = tuple[str, str]  # kind and ID
TABLES: dict[str, type[DirectoryEntry]] = {
    WORKFLOW: Workflow,
    DEPLOYMENT: Deployment,
    MACHINE: Machine,
}
LISTS_OF = {WORKFLOW: (WORKFLOWS,), DEPLOYMENT: (DEPLOYMENTS, FLUID), MACHINE: (MACHINES,)}
NOT_LISTED = (Trouble.FORBIDDEN, Trouble.NOT_FOUND)
RECENT, GAP = timedelta(days=1), timedelta(minutes=1)


def texts(keys: Iterable[Key], now: datetime) -> dict[Key, str]:
    """The names that the lists of the last day gave to these (kind, ID)."""
    found: dict[Key, str] = {}
    for kind, ids in _by_kind(keys).items():
        rows = TABLES[kind]._default_manager.filter(pk__in=ids, seen_at__gt=now - RECENT)
        for pk, name in rows.exclude(name="").values_list("pk", "name"):
            found[kind, ids[pk]] = name
    return found


def _by_kind(keys: Iterable[Key]) -> dict[str, dict[UUID, str]]:
    """For each kind that is listed: the IDs that a list can have, with their spelling."""
    wanted: dict[str, dict[UUID, str]] = {}
    for kind, given in keys:
        if kind in TABLES:
            try:
                wanted.setdefault(kind, {})[UUID(given)] = given
            except ValueError:
                continue
    return wanted


def request(kinds: Collection[str], now: datetime) -> None:
    """Has the lists of these kinds asked for soon, because something unknown was heard of.

    Writes only. A list starts at most once a minute; one that has failed keeps its wait.
    """
    wanted = [name for kind in kinds for name in LISTS_OF.get(kind, ())]
    if not wanted:
        return
    rows = DirectoryList.objects.filter(name__in=sorted(wanted), trouble=None)
    for row in rows.order_by("name"):
        at = max(now, row.started_at + GAP) if row.started_at else now
        changes = {"wanted_at": now, **({"next_at": at} if at < row.next_at else {})}
        DirectoryList.objects.filter(pk=row.pk).update(**changes)


def start(now: datetime) -> None:
    """Makes all lists due, for a watcher that starts, perhaps with another key. Writes only."""
    rows = [DirectoryList(name=name, next_at=now) for name in LISTS]
    DirectoryList.objects.bulk_create(rows, ignore_conflicts=True)
    idle = Q(started_at=None) | Q(started_at__lt=now - GAP)
    not_leased = Q(next_at__gt=now + LEASE_TIME)
    DirectoryList.objects.filter(idle & not_leased, name__in=LISTS).update(next_at=now)


def not_listed() -> Iterator[str]:
    """The lists that this server's key may not read."""
    rows = DirectoryList.objects.filter(name__in=LISTS, trouble__in=NOT_LISTED)
    yield from rows.values_list("name", flat=True)
