"""What is usual for a run: the runs before it of the same workflow, GPU and start kind."""

import threading
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from dashboard.domain.run.durations import COLD, WARM
from dashboard.domain.run.usual import PastRun, Usual, current_start_kind, usual_of
from dashboard.domain.run.visibility import Visibility
from dashboard.models import Run
from dashboard.presentation.run.headline import OPEN_SESSION

NEWEST = 200  # runs that are compared with
KEPT_FOR = 60.0  # seconds
MAX_KEPT = 500

Group = tuple[str, str | None, str | None]  # workflow, GPU, start kind (None = either)


@dataclass(frozen=True, slots=True)
class Sample:
    """The newest runs of a group; `stamp` differs whenever they do."""

    past: tuple[PastRun, ...]
    stamp: int
    until: float
    whole: Usual


_samples: OrderedDict[Group, Sample] = OrderedDict()
_lock = threading.Lock()


def group_of(run: Run, visibility: Visibility) -> Group | None:
    """Which runs a run is compared with; None for a session's run, which has no start."""
    if not run.workflow_id or run.origin in OPEN_SESSION or not run.seen:
        return None
    return (
        run.workflow_id,
        run.gpu,
        current_start_kind(run, visibility, settings.COLD_START_SECONDS),
    )


def usual_for(run: Run, visibility: Visibility) -> Usual | None:
    """The bands that a run is compared with; a finished run is left out of its own."""
    group = group_of(run, visibility)
    if group is None:
        return None
    sample = sample_of(group)
    if not run.finished:
        return sample.whole
    return usual_of(sample.past, start_kind=group[2], gpu=group[1], without=run.pk)


def stamp_for(run: Run, visibility: Visibility) -> int:
    """A number that changes with the runs that a run is compared with; 0 for none."""
    group = group_of(run, visibility)
    return 0 if group is None else sample_of(group).stamp


def fill(asked: Iterable[tuple[Run, Visibility]]) -> None:
    """Reads what several runs are compared with in one query; `usual_for` then costs none."""
    groups = {group for run, visibility in asked if (group := group_of(run, visibility))}
    missing = [group for group in groups if _kept(group) is None]
    if missing:
        _keep(_read(missing))


def sample_of(group: Group) -> Sample:
    """A group's newest runs, read at most once a minute in this process."""
    return _kept(group) or _keep(_read([group]))[group]


def _kept(group: Group) -> Sample | None:
    with _lock:
        sample = _samples.get(group)
    return sample if sample and sample.until > time.monotonic() else None


def _keep(found: Mapping[Group, tuple[PastRun, ...]]) -> dict[Group, Sample]:
    until = time.monotonic() + KEPT_FOR
    made = {
        group: Sample(past, hash(past), until, usual_of(past, start_kind=group[2], gpu=group[1]))
        for group, past in found.items()
    }
    with _lock:
        for group, sample in made.items():
            _samples[group] = sample
            _samples.move_to_end(group)
        while len(_samples) > MAX_KEPT:
            _samples.popitem(last=False)
    return made


def forget() -> None:
    """Drops what is kept."""
    with _lock:
        _samples.clear()


def _read(groups: Sequence[Group]) -> dict[Group, tuple[PastRun, ...]]:
    """At most 200 runs of each group, in one query that walks the index `run_usual` for each."""
    arms = [
        (group, kind) for group in groups for kind in ((COLD, WARM) if not group[2] else group[2:])
    ]
    parts: list[str] = []
    given: list[Any] = []
    for place, (group, kind) in enumerate(arms):
        sql, params = _newest(group, str(kind)).query.sql_with_params()
        # Django's own SQL with its parameters beside it; ours adds a number.
        parts.append(f"SELECT {place} AS arm, a{place}.* FROM ({sql}) AS a{place}")  # noqa: S608
        given += params
    # Neither engine takes a LIMIT for each part of Django's own union.
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), given)
        rows = cursor.fetchall()
    return {group: _past(row[1:] for row in rows if arms[row[0]][0] == group) for group in groups}


def _past(rows: Iterable[Sequence[Any]]) -> tuple[PastRun, ...]:
    newest = sorted(rows, key=lambda row: row[0], reverse=True)[:NEWEST]
    return tuple(
        PastRun(pk, status == "success", queue, cold, run, total)
        for _, pk, status, queue, cold, run, total in newest
    )


def _newest(group: Group, kind: str) -> QuerySet[Run, Any]:
    columns = ("sorted_at", "pk", "status", "queue_wait", "cold_start", "run", "total")
    found = Run.objects.alike(group[0], group[1], kind).exclude(origin__in=OPEN_SESSION)
    if kind not in (COLD, WARM):
        found = found.filter(status="success")  # a start that never ended counts nowhere
    return found.newest().values_list(*columns)[:NEWEST]
