"""What is usual for a run: the earlier runs of the same workflow, GPU and start kind."""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from cachetools import LRUCache, TTLCache
from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from dashboard.domain.run.durations import COLD, WARM
from dashboard.domain.run.usual import (
    PastRun,
    Usual,
    current_start_kind,
    is_past_nine_in_ten,
    usual_of,
)
from dashboard.domain.run.visibility import Visibility
from dashboard.models import Run
from dashboard.presentation.run.headline import OPEN_SESSION

NEWEST = 200  # runs that are compared with
CACHE_SECONDS = 60.0
MAX_CACHED = 500  # groups
MAX_SLOW = 5000  # runs

Group = tuple[str, str | None, str | None]  # workflow, GPU, start kind (None = either)

PastRow = tuple[
    datetime, int, str | None, float | None, float | None, float | None, float | None
]  # the columns of `_newest`


@dataclass(frozen=True, slots=True)
class Sample:
    """The newest runs of a group and what is usual among them; `stamp` changes with them."""

    past: tuple[PastRun, ...]
    stamp: int
    whole: Usual


_samples: TTLCache[Group, Sample] = TTLCache(MAX_CACHED, CACHE_SECONDS)
_slow: LRUCache[tuple[int, str, int], bool] = LRUCache(MAX_SLOW)
_lock = threading.Lock()


def group_of(run: Run, visibility: Visibility) -> Group | None:
    """The group of runs to compare a run with; None for a session's run, which has no start.

    Also None for a run that only a list has told of: lists may lack what the group hangs on.
    """
    if not run.workflow_id or run.origin in OPEN_SESSION or not run.fetched:
        return None
    return (
        run.workflow_id,
        run.gpu,
        current_start_kind(run, visibility, settings.COLD_START_SECONDS),
    )


def usual_for(run: Run, visibility: Visibility) -> Usual | None:
    """What is usual for a run; a finished run is not compared with itself."""
    group = group_of(run, visibility)
    if group is None:
        return None
    sample = sample_of(group)
    if not run.finished:
        return sample.whole
    return usual_of(sample.past, start_kind=group[2], gpu=group[1], without=run.pk)


def is_slow(run: Run, visibility: Visibility) -> bool:
    """Whether an ended run took longer than nine in ten like it, of ten at least."""
    key = (run.pk, run.shown_version, stamp_for(run, visibility))
    with _lock:
        known = _slow.get(key)
    if known is None:
        known = _is_past_nine_in_ten(run, usual_for(run, visibility))
        with _lock:
            _slow[key] = known
    return known


def _is_past_nine_in_ten(run: Run, usual: Usual | None) -> bool:
    bands = ((run.run, usual and usual.run), (run.total, usual and usual.total))
    return any(band and is_past_nine_in_ten(seconds, band.values) for seconds, band in bands)


def stamp_for(run: Run, visibility: Visibility) -> int:
    """A number that changes with the runs to compare a run with; 0 without any."""
    group = group_of(run, visibility)
    return 0 if group is None else sample_of(group).stamp


def preload(runs: Iterable[tuple[Run, Visibility]]) -> None:
    """Reads the groups of several runs in one query, so that `usual_for` needs none."""
    groups = {group for run, visibility in runs if (group := group_of(run, visibility))}
    missing = [group for group in groups if _cached(group) is None]
    if missing:
        _cache(_read(missing))


def sample_of(group: Group) -> Sample:
    """A group's newest runs, read at most once a minute in this process."""
    return _cached(group) or _cache(_read([group]))[group]


def _cached(group: Group) -> Sample | None:
    with _lock:
        return _samples.get(group)


def _cache(groups: Mapping[Group, tuple[PastRun, ...]]) -> dict[Group, Sample]:
    samples = {
        group: Sample(past, hash(past), usual_of(past, start_kind=group[2], gpu=group[1]))
        for group, past in groups.items()
    }
    with _lock:
        _samples.update(samples)
    return samples


def forget() -> None:
    """Empties the cache."""
    with _lock:
        _samples.clear()
        _slow.clear()


def _read(groups: Sequence[Group]) -> dict[Group, tuple[PastRun, ...]]:
    """At most 200 runs of each group, in one query that walks the index `run_usual` for each."""
    arms = [
        (group, kind) for group in groups for kind in ((COLD, WARM) if not group[2] else group[2:])
    ]
    queries = [_newest(group, str(kind)).query.sql_with_params() for group, kind in arms]
    # Django's own SQL, its parameters apart; only a number is put in here.
    parts = [
        f"SELECT {place} AS arm, a{place}.* FROM ({sql}) AS a{place}"  # noqa: S608
        for place, (sql, _) in enumerate(queries)
    ]
    parameters = [parameter for _, of_arm in queries for parameter in of_arm]
    # Neither engine takes a LIMIT for each part of Django's own union.
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), parameters)
        rows = cursor.fetchall()
    return {group: _past(row[1:] for row in rows if arms[row[0]][0] == group) for group in groups}


def _past(rows: Iterable[PastRow]) -> tuple[PastRun, ...]:
    newest = sorted(rows, key=lambda row: row[0], reverse=True)[:NEWEST]
    return tuple(
        PastRun(pk, status == "success", queue, cold, run, total)
        for _, pk, status, queue, cold, run, total in newest
    )


def _newest(group: Group, kind: str) -> QuerySet[Run, PastRow]:
    columns = ("sorted_at", "pk", "status", "queue_wait", "cold_start", "run", "total")
    runs = Run.objects.alike(group[0], group[1], kind).exclude(origin__in=OPEN_SESSION)
    if kind not in (COLD, WARM):
        runs = runs.filter(status="success")  # a start that never ended counts nowhere
    return runs.newest().values_list(*columns)[:NEWEST]
