"""What a key finds in its first minutes: the workspace, what is followed, what was read."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q

from dashboard.domain.directory import WORKFLOWS
from dashboard.domain.listing import WORKFLOW
from dashboard.models import Deployment, DirectoryList, Follow, Run, Workflow
from dashboard.models.run_queryset import FAILED
from dashboard.presentation.reading import share
from dashboard.services.runs import board, history, names
from dashboard.services.runs.directory import NOT_LISTED
from dashboard.services.runs.history import HistoryProgress

NO_KEY, WAITING, LISTING = "no-key", "waiting", "listing"
FOUND, NOTHING, FORBIDDEN = "found", "nothing", "forbidden"
SHOWN = 100  # workflows; the rest is shown when asked for
NEWEST = 5
QUIET = timedelta(days=30)
AT_ONCE = 500  # rows in one statement
BEFORE_ALL = {"production": 0, "staging": 1}
HEAVY = ("inputs", "values", "error", "log_error")


@dataclass(frozen=True, slots=True)
class FoundWorkflow:
    """A workflow of the workspace; `read` of its `listed` past runs are fetched."""

    id: UUID
    name: str
    environments: tuple[str, ...]
    last_run_at: datetime | None
    answered: bool  # its runs were listed at least once
    ticked: bool
    read: int
    listed: int

    @property
    def percent(self) -> int:
        return share(self.read, self.listed)

    def quiet(self, now: datetime) -> bool:
        """Whether its list is known to have no run of the last 30 days."""
        at = self.last_run_at
        return self.answered and (at is None or at < now - QUIET)


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of fetched runs of the days that are read, and of those that are live now."""

    fetched: int
    cold: int
    failed: int
    live: int


@dataclass(frozen=True, slots=True)
class Workspace:
    """All that was found, the workflows with the newest runs first."""

    workflows: tuple[FoundWorkflow, ...]
    deployments: int
    joins: bool  # workflows that are made later are followed by themselves

    @property
    def ticked(self) -> int:
        return sum(row.ticked for row in self.workflows)


def discovery_state() -> str:
    """How far the search for workflows is: one of the words above."""
    if not settings.COMFYDEPLOY_API_KEY:
        return NO_KEY
    row = DirectoryList.objects.filter(name=WORKFLOWS).first()
    if row is None:
        return WAITING
    if Workflow.objects.filter(deleted_at=None).exists():
        return FOUND
    if row.trouble in NOT_LISTED:
        return FORBIDDEN
    return NOTHING if row.listed_at else LISTING


def workspace(now: datetime) -> Workspace:
    """What is known of the workspace, in five queries whatever their number."""
    joins = board.follows_all()
    follows = {row.target: row for row in Follow.objects.filter(kind=WORKFLOW)}
    counts = history.counts_by_workflow(now)
    deployments, environments = _deployments()
    rows = [
        _found(pk, name, follows.get(pk), environments.get(pk, ()), counts, joins)
        for pk, name in Workflow.objects.filter(deleted_at=None).values_list("pk", "name")
    ]
    rows.sort(key=_place)
    return Workspace(tuple(rows), deployments, joins)


def _found(
    pk: UUID,
    name: str,
    follow: Follow | None,
    environments: Collection[str],
    counts: Mapping[str, tuple[int, int]],
    joins: bool,
) -> FoundWorkflow:
    """One workflow; without a row of its own yet, it is followed where all are."""
    read, listed = counts.get(str(pk), (0, 0))
    return FoundWorkflow(
        id=pk,
        name=name or str(pk)[:8],
        environments=tuple(sorted(environments, key=lambda word: (BEFORE_ALL.get(word, 2), word))),
        last_run_at=follow.newest_at if follow else None,
        answered=bool(follow and follow.answered_at),
        ticked=follow.left_out_at is None if follow else joins,
        read=read,
        listed=listed,
    )


def _place(row: FoundWorkflow) -> tuple[float, str, str]:
    newest = row.last_run_at.timestamp() if row.last_run_at else float("-inf")
    return -newest, row.name.casefold(), str(row.id)


def _deployments() -> tuple[int, dict[UUID, set[str]]]:
    """How many deployments there are, and the environments of each workflow's."""
    found: dict[UUID, set[str]] = {}
    rows = Deployment.objects.filter(deleted_at=None).values_list("workflow_id", "environment")
    number = 0
    for workflow, environment in rows:
        number += 1
        if workflow and environment:
            found.setdefault(workflow, set()).add(environment)
    return number, found


def totals(days: int, now: datetime) -> Totals:
    """Counts over the runs of the last days, in one query, and of the live ones."""
    live = Run.objects.live().count()
    since = now - timedelta(days=days)
    fetched = Run.objects.seen().filter(sorted_at__gte=since, observed_at__isnull=False)
    counted = fetched.aggregate(
        fetched=Count("pk"),
        cold=Count("pk", filter=Q(start_kind="cold")),
        failed=Count("pk", filter=Q(status__in=FAILED)),
    )
    return Totals(live=live, **counted)


def newest_runs() -> list[Run]:
    return list(Run.objects.seen().newest().defer(*HEAVY)[:NEWEST])


def reading(now: datetime) -> HistoryProgress | None:
    """How far the reading of past runs is; None where there is none, or it has ended."""
    progress = history.progress(now)
    return None if progress is None or progress.done else progress


def tick(wanted: Collection[UUID] | None, on: bool, now: datetime) -> None:
    """Follows these workflows or leaves them out; None means all of the workspace.

    What was read of them stays. Writes only; IDs that are no workflow here are passed over.
    """
    known = Workflow.objects.filter(deleted_at=None)
    chosen = known if wanted is None else known.filter(pk__in=wanted)
    ids = list(chosen.order_by("pk").values_list("pk", flat=True))
    for first in range(0, len(ids), AT_ONCE):
        _tick(ids[first : first + AT_ONCE], on, now)


def _tick(ids: list[UUID], on: bool, now: datetime) -> None:
    left_out = None if on else now
    rows = Follow.objects.filter(kind=WORKFLOW, target__in=ids)
    new = set(ids) - set(rows.values_list("target", flat=True))
    if on:
        again = {"left_out_at": None, "paused_at": None, "paused_by": None, "next_at": now}
        rows.filter(left_out_at__isnull=False).update(**again)
    else:
        rows.filter(left_out_at=None).update(left_out_at=now)
    wanted = {"since": now, "next_at": now, "history_from": board.history_from(now)}
    made = [
        Follow(kind=WORKFLOW, target=target, left_out_at=left_out, **wanted)
        for target in sorted(new)
    ]
    Follow.objects.bulk_create(made, ignore_conflicts=True)
    if on:
        names.schedule([(WORKFLOW, str(target)) for target in sorted(new)], now)
