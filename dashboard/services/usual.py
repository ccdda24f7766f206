"""What is usual for a run: the runs before it of the same workflow, GPU and start kind."""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from dashboard.domain.durations import COLD, WARM
from dashboard.domain.facts import Sight
from dashboard.domain.usual import Past, Usual, kind_now, usual_of
from dashboard.domain.verdict import OPEN_SESSION
from dashboard.models import Run

NEWEST = 200  # runs that are compared with
KEPT_FOR = 60.0  # seconds
MOST_KEPT = 500

Group = tuple[str, str | None, str | None]  # workflow, GPU, start kind (None = either)


@dataclass(frozen=True, slots=True)
class Sample:
    """The newest runs of a group; `stamp` differs whenever they do."""

    past: tuple[Past, ...]
    stamp: int
    until: float
    whole: Usual


_samples: OrderedDict[Group, Sample] = OrderedDict()
_lock = threading.Lock()


def group_of(run: Run, sight: Sight) -> Group | None:
    """Which runs a run is compared with; None for a session's run, which has no start."""
    if not run.workflow_id or run.origin in OPEN_SESSION or not run.seen:
        return None
    return run.workflow_id, run.gpu, kind_now(run, sight, settings.COLD_START_SECONDS)


def usual_for(run: Run, sight: Sight) -> Usual | None:
    """The bands that a run is compared with; a finished run is left out of its own."""
    group = group_of(run, sight)
    if group is None:
        return None
    sample = sample_of(group)
    if not run.finished:
        return sample.whole
    return usual_of(sample.past, start_kind=group[2], gpu=group[1], without=run.pk)


def stamp_for(run: Run, sight: Sight) -> int:
    """A number that changes with the runs that a run is compared with; 0 for none."""
    group = group_of(run, sight)
    return 0 if group is None else sample_of(group).stamp


def sample_of(group: Group) -> Sample:
    """A group's newest runs, read at most once a minute in this process."""
    now = time.monotonic()
    with _lock:
        sample = _samples.get(group)
    if sample and sample.until > now:
        return sample
    past = _read(group)
    whole = usual_of(past, start_kind=group[2], gpu=group[1])
    sample = Sample(past, hash(past), now + KEPT_FOR, whole)
    with _lock:
        _samples[group] = sample
        _samples.move_to_end(group)
        while len(_samples) > MOST_KEPT:
            _samples.popitem(last=False)
    return sample


def forget() -> None:
    """Drops what is kept."""
    with _lock:
        _samples.clear()


def _read(group: Group) -> tuple[Past, ...]:
    """At most 200 runs: one query by the index `run_usual`, two while the start is open."""
    workflow, gpu, kind = group
    kinds = (COLD, WARM) if kind is None else (kind,)
    rows = [row for each in kinds for row in _newest(workflow, gpu, each)]
    rows.sort(key=lambda row: row[0], reverse=True)
    return tuple(
        Past(pk, status == "success", queue, cold, run, total)
        for _, pk, status, queue, cold, run, total in rows[:NEWEST]
    )


Row = tuple[datetime, int, str | None, float | None, float | None, float | None, float | None]


def _newest(workflow: str, gpu: str | None, kind: str) -> list[Row]:
    columns = ("sorted_at", "pk", "status", "queue_wait", "cold_start", "run", "total")
    found = Run.objects.alike(workflow, gpu, kind).exclude(origin__in=OPEN_SESSION)
    if kind not in (COLD, WARM):
        found = found.filter(status="success")  # a start that never ended counts nowhere
    return list(found.newest().values_list(*columns)[:NEWEST])
