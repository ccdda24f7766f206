"""How far the reading of past runs has come. Never asks, never writes."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar, cast

from django.conf import settings
from django.core.signals import setting_changed
from django.db.models import Count, F, Max, Min, Q, QuerySet

from dashboard.models import Follow, Run
from dashboard.models.run_queryset import RunQuerySet
from dashboard.services.runs import board

MAX_AGE = 2.0  # seconds for which a count is used again in a process
TIMED = 20  # so many read runs tell how fast it goes
NEAR = 200  # those are sought among so many that were created next
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class HistoryProgress:
    """How many past runs were fetched whole, of those that lists have told of so far."""

    read: int  # runs of the range that were fetched whole, or given up
    of: int  # runs of the range that lists have told of
    lists_done: int  # lists that were read back to the beginning of the range
    lists: int  # lists whose past runs are wanted
    days: int  # BACKFILL_DAYS
    stopped: bool
    seconds_left: float | None  # for the runs told of so far; None where not known or stopped

    @property
    def done(self) -> bool:
        """Whether every list was read and no run of the range is left to fetch."""
        return self.lists_done >= self.lists and self.read >= self.of


@dataclass(frozen=True, slots=True)
class _Range:
    """When past runs were created, and how many lists of them were read and are wanted."""

    begin: datetime
    end: datetime
    lists_done: int
    lists: int

    def runs(self) -> RunQuerySet:
        return Run.objects.seen().filter(sorted_at__gte=self.begin, sorted_at__lte=self.end)


def progress(now: datetime) -> HistoryProgress | None:
    """How far it is, at most 2 s old; None where no past runs were ever wanted."""
    return _recent("progress", lambda: _count(now))


def counts_by_workflow(now: datetime) -> dict[str, tuple[int, int]]:
    """The read past runs and all known ones by workflow ID, at most 2 s old."""
    return _recent("by_workflow", lambda: _count_by_workflow(now))


def forget() -> None:
    """Drops what was counted, which was for another database or setting."""
    _counted.clear()


def _count(now: datetime) -> HistoryProgress | None:
    wanted = _range()
    if wanted is None:
        return None
    of = wanted.runs().count()
    left = sum(waiting.count() for waiting in _left(wanted))
    stopped = board.history_stopped()
    return HistoryProgress(
        read=max(0, of - left),
        of=of,
        lists_done=wanted.lists_done,
        lists=wanted.lists,
        days=settings.BACKFILL_DAYS,
        stopped=stopped,
        seconds_left=None if stopped else _seconds_left(wanted, left, now),
    )


def _count_by_workflow(now: datetime) -> dict[str, tuple[int, int]]:
    wanted = _range()
    if wanted is None:
        return {}
    of = _by_workflow(wanted.runs())
    left: dict[str, int] = {}
    for waiting in _left(wanted):
        for workflow_id, count in _by_workflow(waiting).items():
            left[workflow_id] = left.get(workflow_id, 0) + count
    return {each: (max(0, n - left.get(each, 0)), n) for each, n in of.items()}


def _range() -> _Range | None:
    """The range of all lists; one that is paused or can't be read does not keep it open."""
    asked = Follow.objects.followed().filter(history_from__isnull=False)
    done = Q(history_done_at__isnull=False)
    found = asked.aggregate(
        begin=Min("history_from"),
        last=Max("history_from"),
        since=Max("since"),
        done=Count("pk", filter=done),
        lists=Count("pk", filter=done | Q(paused_at=None, trouble=None)),
    )
    if found["begin"] is None:
        return None
    # What is newer came after its workflow was followed, and is no past run.
    end = max(found["since"], found["last"] + timedelta(days=settings.BACKFILL_DAYS))
    return _Range(found["begin"], end, found["done"], found["lists"])


def _left(wanted: _Range) -> tuple[RunQuerySet, RunQuerySet]:
    """Past runs that wait for their first request, and those whose request failed so far.

    A run that was given up has no next refresh, and is left no more.
    """
    within = {"sorted_at__gte": wanted.begin, "sorted_at__lte": wanted.end}
    again = Run.objects.filter(finished=True, observed_at=None, next_refresh_at__isnull=False)
    return Run.objects.unfetched().filter(**within), again.filter(**within)


def _by_workflow(runs: QuerySet[Run]) -> dict[str, int]:
    rows: Iterable[tuple[str, int]] = (
        runs.exclude(workflow_id=None)
        .order_by()
        .values_list("workflow_id")
        .annotate(count=Count("pk"))
    )
    return dict(rows)


def _seconds_left(wanted: _Range, left: int, now: datetime) -> float | None:
    """From how long the 20 runs took that were read last; None where fewer are known.

    The newest runs are read first, so those are near the newest that waits. A run that was
    there long before may stand between them, which tells nothing of how fast it goes now.
    """
    newest = Run.objects.unfetched().filter(sorted_at__lte=wanted.end).first()
    if newest is None:
        return 0.0 if left == 0 else None
    above = wanted.runs().filter(sorted_at__gte=newest.sorted_at, observed_at__isnull=False)
    times = above.order_by(F("sorted_at").asc(), F("id").asc()).values_list(
        "observed_at", flat=True
    )
    moments = sorted(at for at in times[:NEAR] if at is not None)[-TIMED:]
    if len(moments) < TIMED:
        return None
    return left * max(0.0, (now - moments[0]).total_seconds()) / TIMED


# What was counted last

_counted: dict[str, tuple[float, object]] = {}


def _recent(name: str, count: Callable[[], T]) -> T:
    last = _counted.get(name)
    if last and time.monotonic() - last[0] < MAX_AGE:
        return cast(T, last[1])
    value = count()
    _counted[name] = (time.monotonic(), value)
    return value


def _setting_changed(*, setting: str, **_: object) -> None:
    if setting in {"BACKFILL_DAYS", "DATABASES"}:
        forget()


setting_changed.connect(_setting_changed)
