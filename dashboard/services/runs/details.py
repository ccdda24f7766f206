"""Node times, and errors before the log has them, from the older list of a workflow's runs.

One page of the list serves all runs of the workflow that have ended since the last one. A run
that lies deeper is sought once, when somebody opens it.
"""

import logging
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Case, DateTimeField, F, Q, Value, When

from dashboard.models import Run, RunNodes, WorkflowDetails
from dashboard.models.run_queryset import FAILED
from dashboard.services.comfydeploy.api_requests import get_body
from dashboard.services.runs import search_index
from dashboard.upstream.errors import UpstreamError
from dashboard.upstream.run_details import PAGE_SIZE, RunDetail, details_path, read_details

log = logging.getLogger(__name__)
REPORTED, NONE = "reported", "none"  # words of `Run.nodes_state`; "" where it is not known yet
EVERY = timedelta(seconds=30)  # at least, between two pages of one workflow
SETTLES = timedelta(seconds=3)  # the report comes around the end
LATEST = timedelta(seconds=15)  # after the end no report is to be expected
FRESH = timedelta(minutes=3)  # runs that ended since are served by the page
MOST_DOUBLINGS = 11  # of EVERY: most of a day
REQUESTS = 2  # for a run that is sought


def request(runs: Iterable[Run], now: datetime) -> None:
    """Plans a page of the lists of these runs' workflows, where they have just ended.

    Writes only.
    """
    ended = [run for run in runs if _may_have(run) and run.ended_at and now - run.ended_at < FRESH]
    workflows = sorted({run.workflow_id or "" for run in ended})
    if not workflows:
        return
    # Sorted, so that two processes never wait for each other's rows.
    rows = [WorkflowDetails(workflow_id=workflow) for workflow in workflows]
    WorkflowDetails.objects.bulk_create(rows, ignore_conflicts=True)
    for row in WorkflowDetails.objects.filter(pk__in=workflows).order_by("pk"):
        again = row.asked_at + _wait(row.failures) if row.asked_at else now
        at = max(now + SETTLES, again)
        later = Q(next_at=None) | Q(next_at__gt=at)
        WorkflowDetails.objects.filter(later, pk=row.pk).update(next_at=at)


def _may_have(run: Run) -> bool:
    """Whether its machine may have reported something that is not known yet."""
    reached = run.started_at is not None or run.status in FAILED
    own = bool(run.workflow_id) and not run.foreign
    return run.finished and run.fetched and own and reached and not run.nodes_state


def _wait(failures: int) -> timedelta:
    return EVERY * float(2 ** min(failures, MOST_DOUBLINGS))


def seek(run: Run, now: datetime) -> None:
    """Has an older run sought by its place, once, because somebody has opened it. Writes only."""
    old = run.ended_at is not None and now - run.ended_at >= FRESH
    if old and _may_have(run) and run.details_at is None:
        Run.objects.filter(pk=run.pk, details_at=None, nodes_state="").update(details_at=now)


def refresh(row: WorkflowDetails, now: datetime) -> None:
    """Asks for the newest page of a workflow's list and stores what it tells.

    Asks and writes; raises nothing of upstream.
    """
    try:
        found = read_details(get_body(details_path(row.pk)))
    except UpstreamError as error:
        log.info("No details of workflow %s: %s.", row.pk[:8], error.trouble)
        _plan(row, now, None, failures=min(row.failures + 1, 1000))
        return
    take(found, now)
    waiting = Run.objects.filter(
        workflow_id=row.pk, finished=True, nodes_state="", started_at__isnull=False, foreign=False
    ).filter(ended_at__gt=now - LATEST)
    _plan(row, now, now + EVERY if waiting.exists() else None, failures=0)


def _plan(row: WorkflowDetails, now: datetime, next_at: datetime | None, failures: int) -> None:
    """Writes how it ended; what was planned during the request, for sooner, stays."""
    planned = When(next_at__gt=now, next_at__lte=now + EVERY, then=F("next_at"))
    at = Case(planned, default=Value(next_at, output_field=DateTimeField()))
    WorkflowDetails.objects.filter(pk=row.pk).update(next_at=at, asked_at=now, failures=failures)


def find(run: Run, now: datetime) -> None:
    """Looks for a run at its place in its workflow's list, in at most two requests.

    Asks and writes; raises nothing of upstream. What is not found is not asked for again.
    """
    offset = max(0, _newer(run) - PAGE_SIZE // 2)
    for _ in range(REQUESTS):
        try:
            page = read_details(get_body(details_path(run.workflow_id or "", offset)))
        except UpstreamError as error:
            log.info("No details of run %s: %s.", run.short_id, error.trouble)
            Run.objects.filter(pk=run.pk).update(details_at=None)  # the next who opens it asks
            return
        take(page, now)
        step = _direction(run, page)
        if not step or (step < 0 and not offset):
            break
        offset = max(0, offset + step * PAGE_SIZE)
    Run.objects.filter(pk=run.pk, nodes_state="").update(nodes_state=NONE)
    Run.objects.filter(pk=run.pk).update(details_at=None)


def _newer(run: Run) -> int:
    """How many known runs of its workflow stand before it in the list."""
    newer = Run.objects.filter(workflow_id=run.workflow_id, sorted_at__gt=run.sorted_at)
    return newer.exclude(foreign=True).count()


def _direction(run: Run, page: Sequence[RunDetail]) -> int:
    """1 where the run stands further down than this page, -1 further up; 0 where it is here."""
    if any(one.id == run.uuid for one in page):
        return 0
    times = [one.created_at for one in page if one.created_at]
    if run.created_at is None or not times:
        return -1 if not page else 0
    if run.created_at < min(times):
        return 1
    return -1 if run.created_at > max(times) else 0


def take(found: Collection[RunDetail], now: datetime) -> None:
    """Stores what a page tells of ended runs that are known here. Writes only."""
    told = {one.id: one for one in found}
    runs = Run.objects.filter(uuid__in=told, finished=True, observed_at__isnull=False)
    for run in runs.filter(nodes_state="").only(
        "pk", "uuid", "status", "ended_at", "error", "list_error", "log_error", "nodes_state"
    ):
        _store(run, told[run.uuid], now)


@transaction.atomic
def _store(run: Run, detail: RunDetail, now: datetime) -> None:
    columns: dict[str, object] = {}
    if detail.nodes:
        columns["nodes_state"] = REPORTED
        reported = [node.stored() for node in detail.nodes]
        defaults = {"reported": reported, "read_at": now}
        RunNodes.objects.update_or_create(run_id=run.pk, defaults=defaults)
    elif run.ended_at is None or now - run.ended_at >= LATEST:
        columns["nodes_state"] = NONE
    if detail.error and run.status in FAILED and not (run.error or run.list_error):
        run.list_error = detail.error.stored()
        columns |= {"list_error": run.list_error, **run.error_columns()}
    if columns:
        rows = Run.objects.filter(pk=run.pk)
        rows.update(**columns, extras_version=F("extras_version") + 1)
        search_index.index_runs([run.pk])


def delete_unused() -> int:
    """Deletes the jobs of workflows without a stored run; returns how many. Writes only."""
    used = Run.objects.filter(workflow_id__isnull=False).values("workflow_id")
    return WorkflowDetails.objects.exclude(pk__in=used).delete()[0]
