"""Discovery: lists the workspace's workflows, deployments and machines, and stores them."""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, F, QuerySet, Value, When

from dashboard.domain.directory import DEPLOYMENTS, FLUID, MACHINES, WORKFLOWS, Listed, ListPage
from dashboard.domain.listing import DEPLOYMENT, MACHINE, WORKFLOW
from dashboard.domain.polling.trouble import Trouble
from dashboard.models import Deployment, DirectoryEntry, DirectoryList
from dashboard.services.comfydeploy.api_requests import get_body
from dashboard.services.jitter import jittered
from dashboard.services.runs import joining, names
from dashboard.services.runs.directory import GAP, NOT_LISTED, TABLES
from dashboard.upstream.directory_lists import MOST_ROWS, PAGE_SIZE, list_path, read_page
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
INTERVAL, FIRST_WAIT, NOT_LISTED_WAIT = 600.0, 60.0, 3600.0  # seconds
CLOCKS_DIFFER = timedelta(minutes=5)
AT_ONCE = 500  # rows in one statement
KINDS = {WORKFLOWS: WORKFLOW, DEPLOYMENTS: DEPLOYMENT, FLUID: DEPLOYMENT, MACHINES: MACHINE}


def refresh(row: DirectoryList, now: datetime) -> None:
    """Asks for one page of a list and stores it; the next page is due at once.

    Asks and writes. An upstream error is stored with the list and not raised; the
    listing then starts anew, later each time, or hourly where the key may not list.
    """
    started = row.started_at if row.offset and row.started_at else now
    _update(row, started_at=started)
    try:
        page = read_page(row.name, get_body(list_path(row.name, row.offset)))
    except UpstreamError as error:
        _store_trouble(row, error, now)
        return
    new = _store(row.name, page, started, now)
    passed = row.offset + PAGE_SIZE
    if page.last:
        _mark_deleted(row, started, now)
        if row.name == WORKFLOWS:
            joining.join(now)
        _end(row, started, now, listed_at=started)
    elif new and passed < MOST_ROWS:
        _update(row, offset=passed, next_at=now, **_good(now))
    else:
        log.warning("The list of %s does not end: it was read up to row %d.", row.name, passed)
        _end(row, started, now)


def _store(name: str, page: ListPage, started: datetime, now: datetime) -> int:
    """Stores the rows; returns how many are new to this listing: 0 for a page that repeats."""
    new = 0
    for rows in _chunks(page.rows):
        known = TABLES[KINDS[name]]._default_manager.in_bulk([row.id for row in rows])
        new += sum(row.id not in known or known[row.id].seen_at < started for row in rows)
        entries = [_entry(KINDS[name], row, known.get(row.id), now) for row in rows]
        _upsert(entries)
        names.take(KINDS[name], {str(entry.pk): entry.name for entry in entries}, now)
    return new


def _chunks(rows: Sequence[Listed]) -> Iterator[Sequence[Listed]]:
    for first in range(0, len(rows), AT_ONCE):
        yield rows[first : first + AT_ONCE]


def _entry(kind: str, row: Listed, known: DirectoryEntry | None, now: datetime) -> DirectoryEntry:
    """The row to store. A name that is no longer sent stays; a change in the future is unknown."""
    values = {field.name: getattr(row, field.name) for field in fields(row)}
    pk: UUID = values.pop("id")
    if values.pop("deleted"):
        values["deleted_at"] = (known and known.deleted_at) or now
    if row.changed_at and row.changed_at > now + CLOCKS_DIFFER:
        values["changed_at"] = None
    values["name"] = row.name or (known.name if known else "")
    return TABLES[kind](uuid=pk, seen_at=now, **values)


def _upsert(entries: Sequence[DirectoryEntry]) -> None:
    table = type(entries[0])
    columns = [field.attname for field in table._meta.concrete_fields if not field.primary_key]
    table._default_manager.bulk_create(
        sorted(entries, key=lambda entry: str(entry.pk)),  # two watchers never wait crosswise
        update_conflicts=True,
        unique_fields=["uuid"],
        update_fields=columns,
    )


def _mark_deleted(row: DirectoryList, started: datetime, now: datetime) -> None:
    """Marks what a whole listing no longer has.

    While pages are read one by one, a row may move from a page that is not read yet
    to one that is: there it must be missing from two whole listings.
    """
    missing_since = row.listed_at if row.offset else started
    if missing_since:
        gone = _of_list(row.name).filter(seen_at__lt=missing_since, deleted_at=None)
        gone.update(deleted_at=now)


def _of_list(name: str) -> QuerySet[DirectoryEntry]:
    if KINDS[name] == DEPLOYMENT:
        return Deployment.objects.filter(fluid=name == FLUID)
    return TABLES[KINDS[name]]._default_manager.all()


def _end(row: DirectoryList, started: datetime, now: datetime, **changes: object) -> None:
    """Plans the next listing: in 10 min, or sooner where it was wanted meanwhile."""
    later = now + timedelta(seconds=jittered(INTERVAL))
    soon = When(wanted_at__gt=started, then=Value(max(now, started + GAP)))
    next_at = Case(soon, default=Value(later))
    _update(row, offset=0, next_at=next_at, **_good(now), **changes)


def _good(now: datetime) -> dict[str, object]:
    return {"asked_at": now, "trouble": None, "failures": 0}


def _store_trouble(row: DirectoryList, error: UpstreamError, now: datetime) -> None:
    wait = min(INTERVAL, FIRST_WAIT * 2 ** min(row.failures, 10))
    if error.trouble in NOT_LISTED:
        wait = NOT_LISTED_WAIT
    elif error.trouble == Trouble.KEY_REJECTED:
        wait = INTERVAL
    wait = max(wait, error.retry_after or 0.0)
    _update(
        row,
        offset=0,
        next_at=now + timedelta(seconds=jittered(wait)),
        asked_at=now,
        trouble=error.trouble,
        failures=F("failures") + 1,
    )
    if row.trouble != error.trouble:
        log.info("No list of %s: %s.", row.name, error.trouble)


def _update(row: DirectoryList, **changes: object) -> None:
    DirectoryList.objects.filter(pk=row.pk).update(**changes)
