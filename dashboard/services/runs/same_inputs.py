"""Earlier runs of the same workflow with the same inputs. Reads only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from dashboard.models import Run
from dashboard.services.remembered import Remembered

SHOWN = 3  # at once; the others in a fold
LISTED = 30
MOST = 1000  # counted
CACHE_SECONDS, MAX_CACHED = 60.0, 500


@dataclass(frozen=True, slots=True)
class EarlierRun:
    uuid: UUID
    status: str | None
    finished: bool
    total: float | None
    start_kind: str
    created_at: datetime | None

    @property
    def short_id(self) -> str:
        return str(self.uuid)[:8]


@dataclass(frozen=True, slots=True)
class SameInputs:
    """The newest of the runs with the same inputs, and how many there are with another seed."""

    runs: tuple[EarlierRun, ...] = ()
    number: int = 0
    other_seeds: int = 0

    @property
    def first(self) -> tuple[EarlierRun, ...]:
        return self.runs[:SHOWN]

    @property
    def rest(self) -> tuple[EarlierRun, ...]:
        return self.runs[SHOWN:]


_found: Remembered[tuple[int, str], SameInputs] = Remembered(CACHE_SECONDS, MAX_CACHED)
forget = _found.forget


def same_inputs(run: Run) -> SameInputs:
    """Read at most once a minute in a process; nothing for inputs that cannot be compared."""
    if not (run.inputs_digest and run.workflow_id):
        return SameInputs()
    return _found.get((run.pk, run.inputs_digest), lambda: _read(run))


def _read(run: Run) -> SameInputs:
    same = _earlier(run).filter(inputs_digest=run.inputs_digest)
    columns = ("uuid", "status", "finished", "total", "start_kind", "created_at")
    rows = tuple(EarlierRun(*row) for row in same.values_list(*columns)[:LISTED])
    number = len(rows) if len(rows) < LISTED else same[:MOST].count()
    others = 0
    if run.seedless_digest and run.seedless_digest != run.inputs_digest:
        alike = _earlier(run).filter(seedless_digest=run.seedless_digest)
        others = alike.exclude(inputs_digest=run.inputs_digest)[:MOST].count()
    return SameInputs(rows, number, others)


def _earlier(run: Run) -> QuerySet[Run]:
    runs = Run.objects.seen().filter(workflow_id=run.workflow_id, sorted_at__lte=run.sorted_at)
    return runs.exclude(pk=run.pk).order_by("-sorted_at", "-pk")
