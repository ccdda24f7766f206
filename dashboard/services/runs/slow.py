"""Which runs took longer than nine in ten like them, told once: when their end is stored.

Like a run are those of its workflow, GPU and start kind: the newest two hundred before it.
"""

from collections.abc import Iterable, Sequence

from django.db import connection

from dashboard.domain.run.usual import is_past_nine_in_ten
from dashboard.models import Run
from dashboard.models.run_queryset import RunQuerySet
from dashboard.presentation.run.headline import OPEN_SESSION

NEWEST = 200  # runs that are compared with
AT_ONCE = 100  # runs in one statement: neither engine takes parts without end

PastRow = tuple[int, float | None, float | None]  # which run's, and seconds of run and total


def mark(runs: Iterable[Run]) -> None:
    """Puts `slow` on the objects of runs that have just ended; the caller saves.

    One query for a hundred of them. Runs of one call do not count for each other.
    """
    ended = [run for run in runs if _has_like(run)]
    for first in range(0, len(ended), AT_ONCE):
        _mark(ended[first : first + AT_ONCE])


def _has_like(run: Run) -> bool:
    run.slow = False
    return bool(run.finished and run.workflow_id and run.origin not in OPEN_SESSION)


def _mark(runs: Sequence[Run]) -> None:
    past = _read(runs)
    for place, run in enumerate(runs):
        like = [row[1:] for row in past if row[0] == place]
        works, totals = zip(*like, strict=True) if like else ((), ())
        run.slow = is_past_nine_in_ten(run.run, works) or is_past_nine_in_ten(run.total, totals)


def _read(runs: Sequence[Run]) -> list[PastRow]:
    """The seconds of the good runs like each, by a walk of the index `run_usual` for each."""
    columns = ("run", "total", "status")
    queries = [_before(run).values(*columns).query.sql_with_params() for run in runs]
    # Django's own SQL, its parameters apart; only a number is put in here.
    parts = [
        f"SELECT {place} AS arm, a.run, a.total FROM ({sql}) AS a WHERE a.status = 'success'"  # noqa: S608
        for place, (sql, _) in enumerate(queries)
    ]
    # Neither engine takes a LIMIT for each part of Django's own union.
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [each for _, given in queries for each in given])
        rows: list[PastRow] = cursor.fetchall()
    return rows


def _before(run: Run) -> RunQuerySet:
    """Those like a run, whichever way they ended: so the walk is short, however many failed."""
    like = Run.objects.alike(run.workflow_id or "", run.gpu, run.start_kind)
    like = like.exclude(origin__in=OPEN_SESSION).exclude(pk=run.pk)
    return like.filter(sorted_at__lte=run.sorted_at).newest()[:NEWEST]
