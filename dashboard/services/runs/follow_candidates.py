"""The workspace's workflows and deployments that are not followed. Reads only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

from django.db.models import QuerySet

from dashboard.domain.directory import DEPLOYMENTS, FLUID, WORKFLOWS
from dashboard.domain.listing import DEPLOYMENT, WORKFLOW
from dashboard.domain.tally import Tally
from dashboard.models import Deployment, DirectoryEntry, DirectoryList, Follow, Run, Workflow
from dashboard.services.runs import run_counts, shown_names
from dashboard.services.runs.directory import NOT_LISTED, TABLES
from dashboard.services.runs.shown_names import Shown

FIRST = 6
KINDS = (WORKFLOW, DEPLOYMENT)
LISTS = (WORKFLOWS, DEPLOYMENTS, FLUID)
NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Candidate:
    """One that is not followed, with its newest run and how many it had today."""

    kind: str
    target: UUID
    shown: Shown
    last: Run | None = None
    today: int = 0

    @property
    def value(self) -> str:
        """What the form sends for it."""
        return f"{self.kind}:{self.target}"

    @property
    def order(self) -> tuple[float, str, str]:
        at = self.last.sorted_at if self.last else NEVER
        return -at.timestamp() if self.last else 0.0, self.shown.name.casefold(), self.value


@dataclass(frozen=True, slots=True)
class Candidates:
    """The first of those that match, and of how many; when they were listed."""

    rows: Sequence[Candidate] = ()
    matching: int = 0
    not_followed: int = 0
    listed_at: datetime | None = None
    may_list: bool = True


def find(text: str, now: datetime) -> Candidates:
    """Those whose name, environment or ID holds the text, the ones that ran last first."""
    lists = {row.name: row for row in DirectoryList.objects.filter(name__in=LISTS)}
    listed = [row for row in lists.values() if row.trouble not in NOT_LISTED]
    every = list(_not_followed())
    wanted = text.strip().casefold()
    matching = sorted((each for each in every if _holds(each, wanted)), key=lambda each: each.order)
    moments = [row.listed_at for row in listed if row.listed_at]
    return Candidates(
        rows=_with_today(matching[:FIRST], now),
        matching=len(matching),
        not_followed=len(every),
        listed_at=min(moments) if len(moments) == len(listed) and moments else None,
        may_list=bool(listed) or not lists,
    )


def picked(value: str, text: str) -> Candidate | None:
    """What a form picked, where it is in ComfyDeploy's lists and matches the text beside it."""
    kind, _, upstream_id = value.partition(":")
    try:
        target = UUID(upstream_id)
    except ValueError:
        return None
    if kind not in KINDS or not TABLES[kind]._default_manager.filter(pk=target).exists():
        return None
    found = Candidate(kind, target, shown_names.known([(kind, target)]).show(kind, target))
    return found if _holds(found, text.strip().casefold()) else None


def kind_of(target: UUID) -> str:
    """What an ID is by ComfyDeploy's lists; "" where they do not have it."""
    if Deployment.objects.filter(pk=target).exists():
        return DEPLOYMENT
    return WORKFLOW if Workflow.objects.filter(pk=target).exists() else ""


def _not_followed() -> Iterator[Candidate]:
    followed = set(Follow.objects.followed().values_list("kind", "target"))
    found: list[tuple[str, UUID, int | None]] = []
    for kind in KINDS:
        rows: QuerySet[DirectoryEntry] = TABLES[kind]._default_manager.filter(deleted_at=None)
        keys = run_counts.with_newest(rows, kind, "pk").values_list("pk", "newest_run")
        found += [(kind, pk, run) for pk, run in keys if (kind, pk) not in followed]
    runs = run_counts.runs_of(run for _, _, run in found)
    known = shown_names.known([(kind, pk) for kind, pk, _ in found])
    for kind, pk, run in found:
        yield Candidate(kind, pk, known.show(kind, pk), runs.get(run) if run else None)


def _holds(one: Candidate, wanted: str) -> bool:
    texts = (one.shown.name, one.shown.environment, str(one.target))
    return any(wanted in each.casefold() for each in texts)


def _with_today(rows: Sequence[Candidate], now: datetime) -> list[Candidate]:
    counts = {
        kind: run_counts.today(kind, [str(each.target) for each in rows if each.kind == kind], now)
        for kind in KINDS
    }
    return [
        replace(each, today=counts[each.kind].get(str(each.target), Tally()).runs) for each in rows
    ]
