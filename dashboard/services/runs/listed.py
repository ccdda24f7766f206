"""Takes the rows of lists of runs: new ones are stored as they are, moved ones become due."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F

from dashboard.domain.listing import DEPLOYMENT, ListedRun, is_ahead
from dashboard.models import RemovedRun, Run, Workflow
from dashboard.services.machines import costs
from dashboard.services.runs import names, search_index
from dashboard.services.runs.nudge import nudge

AT_ONCE = 500  # rows in one statement
PAST = timedelta(hours=1)
ASKED_RECENTLY = timedelta(minutes=2)  # a list that tells otherwise so soon lags behind
KNOWN = ("uuid", "status", "finished", "asked_at", "deployment_id", "batch_id")


def take(
    rows: Iterable[ListedRun],
    now: datetime,
    *,
    target: UUID | None = None,
    not_before: datetime | None = None,
) -> int:
    """Stores what a list tells; returns how many runs are new. Writes, never asks.

    A new run is shown at once with what the list tells, and fetched soon; one that
    ended more than an hour ago waits in the queue of past runs. Runs that other
    workspaces started count only in the list of their own workflow, `target`.
    Runs that were removed here stay removed, and finished ones that were created
    `not_before` then are left alone.
    """
    listed = list(rows)
    return sum(
        _take(listed[first : first + AT_ONCE], now, target, not_before)
        for first in range(0, len(listed), AT_ONCE)
    )


def _take(
    rows: Sequence[ListedRun], now: datetime, target: UUID | None, not_before: datetime | None
) -> int:
    foreign = _foreign(rows)
    rows = [row for row in rows if row.id not in foreign or _is_of(row, target)]
    ids = [row.id for row in rows]
    known = {run.uuid: run for run in Run.objects.filter(uuid__in=ids).only(*KNOWN)}
    removed = RemovedRun.among(ids)
    new = [row for row in rows if row.id not in known and row.id not in removed]
    new = [row for row in new if not _is_too_old(row, not_before)]
    _store_new(new, foreign, now)
    nudge([row.id for row in rows if row.id in known and _has_moved(known[row.id], row, now)], now)
    _add_missing([row for row in rows if row.id in known], known, now)
    return len(new)


def _is_too_old(row: ListedRun, not_before: datetime | None) -> bool:
    created, ended = row.created_at, row.facts is not None and row.facts.finished
    return ended and not_before is not None and created is not None and created < not_before


def _foreign(rows: Sequence[ListedRun]) -> set[UUID]:
    """The runs that belong to another workspace than their workflow does."""
    workflows = {row.id: workflow for row in rows if (workflow := _workflow_of(row))}
    own = Workflow.objects.in_bulk(set(workflows.values()))
    found = set()
    for row in rows:
        its = own.get(workflows[row.id]) if row.id in workflows else None
        if its and row.org_id is not None and row.org_id != its.org_id:
            found.add(row.id)
    return found


def _workflow_of(row: ListedRun) -> UUID | None:
    try:
        return UUID((row.facts and row.facts.workflow_id) or "")
    except ValueError:
        return None


def _is_of(row: ListedRun, target: UUID | None) -> bool:
    return target is not None and _workflow_of(row) == target


def _store_new(rows: Sequence[ListedRun], foreign: Collection[UUID], now: datetime) -> None:
    """Makes a row for each run; the newest is stored last, as if it had been seen last."""
    runs = [_new_run(row, row.id in foreign, now) for row in reversed(rows)]
    names.name_new_runs(runs)
    costs.put(runs)
    with transaction.atomic():
        Run.objects.bulk_create(runs, ignore_conflicts=True)
        seen = Run.objects.seen().filter(uuid__in=[run.uuid for run in runs])
        search_index.index_runs(seen.lock())


def _new_run(row: ListedRun, foreign: bool, now: datetime) -> Run:
    run = Run(
        uuid=row.id,
        first_seen_at=now,
        sorted_at=now,
        next_refresh_at=now,
        deployment_id=row.deployment_id,
        batch_id=row.batch_id,
        foreign=foreign,
    )
    if row.facts:
        run.apply_facts(row.facts, now)
        if run.finished and run.sorted_at < now - PAST:
            run.next_refresh_at = None
    return run


def _has_moved(run: Run, row: ListedRun, now: datetime) -> bool:
    """Whether the list is ahead of us; of an ended run, only if we have not asked just now."""
    if run.status is None or row.status is None or not is_ahead(row.status, run.status):
        return False
    return not run.finished or run.asked_at is None or now - run.asked_at >= ASKED_RECENTLY


def _add_missing(rows: Sequence[ListedRun], known: dict[UUID, Run], now: datetime) -> None:
    """Stores the deployment and batch of known runs, which only lists contain."""
    for column in ("deployment_id", "batch_id"):
        for value, ids in _missing(rows, known, column):
            with transaction.atomic():
                keys = Run.objects.filter(uuid__in=ids).lock()
                Run.objects.filter(pk__in=keys).update(
                    **{column: value}, extras_version=F("extras_version") + 1
                )
            if column == "deployment_id":
                names.schedule([(DEPLOYMENT, value)], now)


def _missing(
    rows: Sequence[ListedRun], known: dict[UUID, Run], column: str
) -> Iterator[tuple[str, list[UUID]]]:
    by_value: dict[str, list[UUID]] = {}
    for row in rows:
        value: str | None = getattr(row, column)
        if value and not getattr(known[row.id], column):
            by_value.setdefault(value, []).append(row.id)
    yield from by_value.items()
