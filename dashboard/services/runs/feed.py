"""The feed of new runs: what to subscribe to, and what becomes of the runs that it names."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Max

from dashboard.domain.feed import NewRun
from dashboard.domain.listing import WORKFLOW
from dashboard.models import Follow, Run, Workflow
from dashboard.services.runs import board, follow, pasted
from dashboard.services.runs.nudge import nudge


@dataclass(frozen=True, slots=True)
class Subscription:
    """What a feed is asked by: a run stands for its whole workspace, a workflow for itself."""

    kind: str  # "run" or "workflow"
    id: UUID

    @property
    def path(self) -> str:
        # Without the status a run's feed would end with the first run that ends.
        return f"/v2/stream-progress?{self.kind}_id={self.id}&status=input"


def subscription(refused: Collection[UUID]) -> Subscription | None:
    """The newest run that could be read and was not refused; before any, the newest workflow.

    Reads only. None where there is neither: lists alone find new runs then.
    """
    run_id = readable_run(refused)
    if run_id:
        return Subscription("run", run_id)
    if Run.objects.seen().exists():
        return None
    workflows = Workflow.objects.filter(deleted_at__isnull=True).exclude(uuid__in=refused)
    newest = workflows.order_by(F("changed_at").desc(nulls_last=True), "-seen_at")
    found = newest.values_list("uuid", flat=True).first()
    return Subscription("workflow", found) if found else None


def readable_run(refused: Collection[UUID] = (), *, after: int = 0) -> UUID | None:
    """The newest run whose last request succeeded, tracked after that row; reads only."""
    runs = Run.objects.seen().filter(trouble__isnull=True, pk__gt=after)
    newest = runs.exclude(uuid__in=refused).newest()
    return newest.values_list("uuid", flat=True).first()


def last_row() -> int:
    """The key of the run that was tracked last; 0 without one. Reads only."""
    return Run.objects.aggregate(last=Max("pk"))["last"] or 0


def receive(runs: Sequence[NewRun], now: datetime) -> None:
    """Makes the runs due that a feed has named, and tracks the unknown ones of what is followed.

    Writes, never asks. Runs that were removed here stay removed.
    """
    known = nudge([run.id for run in runs], now)
    unknown = [run for run in runs if run.id not in known]
    if unknown:
        followed = _followed(unknown)
        pasted.track_all([run.id for run in followed], even_if_removed=False)
        follow.heard_of({run.workflow_id for run in followed if run.workflow_id}, now)


def _followed(runs: Sequence[NewRun]) -> list[NewRun]:
    """The runs of followed workflows; where all are, also those of workflows not listed yet."""
    named = {run.workflow_id for run in runs if run.workflow_id}
    follows = Follow.objects.filter(kind=WORKFLOW, target__in=named)
    active = set(follows.active().values_list("target", flat=True))
    if not board.follows_all():
        return [run for run in runs if run.workflow_id in active]
    silent = set(follows.values_list("target", flat=True)) - active
    return [run for run in runs if run.workflow_id not in silent]
