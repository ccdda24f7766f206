"""The runs of a workflow that failed in the same way. Reads only."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from dashboard.domain.changed.error_history import AlikeErrors, AlikeRun, GpuSplit, gpu_split
from dashboard.models import Run
from dashboard.services.remembered import Remembered

DRAWN = 60  # runs that are drawn: the newest, and the first
MOST = 1000  # alike runs that are read
COMPARED = 10_000  # the newest runs of the workflow among which GPUs are compared
CACHE_SECONDS, MAX_CACHED = 60.0, 500


_found: Remembered[tuple[str, str], AlikeErrors | None] = Remembered(CACHE_SECONDS, MAX_CACHED)
forget = _found.forget


def alike_errors(run: Run) -> AlikeErrors | None:
    """None where the error has no text; read at most once a minute in a process."""
    if not (run.error_digest and run.workflow_id):
        return None
    key = (run.workflow_id, run.error_digest)
    return _found.get(key, lambda: _read(*key))


def _read(workflow_id: str, digest: str) -> AlikeErrors | None:
    alike = Run.objects.filter(workflow_id=workflow_id, error_digest=digest)
    rows = list(alike.order_by("-sorted_at").values_list("uuid", "sorted_at", "gpu")[:MOST])
    if not rows:
        return None
    oldest = alike.order_by("sorted_at").values_list("uuid", "sorted_at").first() or rows[-1][:2]
    newest = [AlikeRun(uuid, at) for uuid, at, _ in rows[:DRAWN]]
    if oldest[0] not in {one.uuid for one in newest}:
        newest[-1] = AlikeRun(*oldest)
    number = len(rows) if len(rows) < MOST else alike.count()
    return AlikeErrors(
        number=number,
        first=AlikeRun(*oldest),
        runs=tuple(reversed(newest)),
        split=_split(workflow_id, rows),
    )


def _split(workflow_id: str, alike: Sequence[tuple[UUID, datetime, str | None]]) -> GpuSplit | None:
    """GPUs compared over one stretch: back to the oldest alike run, COMPARED runs at most."""
    ended = Run.objects.filter(
        workflow_id=workflow_id, finished=True, sorted_at__gte=alike[-1][1]
    ).exclude(status="cancelled")
    sample = list(ended.newest().values_list("gpu", "sorted_at")[:COMPARED])
    begin = sample[-1][1] if len(sample) == COMPARED else alike[-1][1]
    failed = Counter(gpu for _, at, gpu in alike if at >= begin)
    return gpu_split(failed, Counter(gpu for gpu, _ in sample))
