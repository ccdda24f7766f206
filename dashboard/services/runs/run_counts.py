"""Runs of workflows and deployments: counted by day, and the newest of each. Reads only."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Func,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.utils import timezone

from dashboard.domain.listing import DEPLOYMENT, WORKFLOW
from dashboard.domain.tally import Tally
from dashboard.models import Run
from dashboard.models.run_queryset import FAILED, RunQuerySet

DAYS = 14
COLUMNS = {WORKFLOW: "workflow_id", DEPLOYMENT: "deployment_id"}
SHOWN = ("uuid", "status", "finished", "ended_at", "created_at", "sorted_at")
_CUTS = ((1, 8), (9, 4), (13, 4), (17, 4), (21, 12))  # of the 32 hex digits of a UUID


class DashedUUID(Func):
    """A UUID column as the text that a run's columns hold, in both databases."""

    template = "CAST(%(expressions)s AS varchar)"
    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **_: Any) -> tuple[str, list[Any]]:
        sql, params = compiler.compile(self.source_expressions[0])
        parts = (f"substr({sql}, {start}, {length})" for start, length in _CUTS)
        return " || '-' || ".join(parts), [*params] * len(_CUTS)


def day_starts(now: datetime) -> list[datetime]:
    """The midnights of the last 14 days in the current time zone, the oldest first."""
    zone = timezone.get_current_timezone()
    today = now.astimezone(zone).date()
    dates = [today - timedelta(days=back) for back in reversed(range(DAYS))]
    return [datetime.combine(date, time.min, tzinfo=zone) for date in dates]


def by_day(kind: str, ids: Collection[str], now: datetime) -> dict[str, list[Tally]]:
    """14 tallies for each ID that has runs in these days, the oldest day first."""
    starts = day_starts(now)
    days = [When(sorted_at__gte=start, then=Value(n)) for n, start in enumerate(starts)]
    day = Case(*reversed(days), output_field=IntegerField())
    found: dict[str, list[Tally]] = {}
    for upstream_id, at, tally in _tallies(_since(starts[0], kind, ids), COLUMNS[kind], day):
        found.setdefault(upstream_id, [Tally()] * DAYS)[at] = tally
    return found


def today(kind: str, ids: Collection[str], now: datetime) -> dict[str, Tally]:
    """Today's tally for each ID that has runs today."""
    runs = _since(day_starts(now)[-1], kind, ids)
    return {each: tally for each, _, tally in _tallies(runs, COLUMNS[kind], Value(0))}


def count_today(ids: Mapping[str, Collection[str]], now: datetime) -> int:
    """How many runs of these IDs (by kind) there were today, each counted once."""
    any_of = Q()
    for kind, each in ids.items():
        any_of |= Q(**{f"{COLUMNS[kind]}__in": each})
    return Run.objects.seen().filter(any_of, sorted_at__gte=day_starts(now)[-1]).count()


def _since(start: datetime, kind: str, ids: Collection[str]) -> RunQuerySet:
    return Run.objects.seen().filter(sorted_at__gte=start, **{f"{COLUMNS[kind]}__in": ids})


def _tallies(runs: RunQuerySet, column: str, day: Case | Value) -> Iterable[tuple[str, int, Tally]]:
    rows = (
        runs.order_by()
        .annotate(day=day)
        .values_list(column, "day")
        .annotate(
            runs=Count("pk"),
            failed=Count("pk", filter=Q(status__in=FAILED)),
            cold=Count("pk", filter=Q(start_kind="cold")),
            started=Count("pk", filter=Q(start_kind__in=("cold", "warm"))),
        )
    )
    for upstream_id, at, *counts in rows:
        yield upstream_id, at, Tally(*counts)


def with_newest(rows: QuerySet[Any], kind: str, field: str) -> QuerySet[Any]:
    """The rows, each with `newest_run`: the key of the newest run of the UUID in `field`."""
    own = {COLUMNS[kind]: DashedUUID(OuterRef(field))}
    newest = Run.objects.seen().filter(**own).newest().values("pk")[:1]
    found: QuerySet[Any] = rows.annotate(newest_run=Subquery(newest))
    return found


def runs_of(keys: Iterable[int | None]) -> dict[int, Run]:
    """What lists show of the runs with these keys."""
    wanted = [key for key in keys if key is not None]
    return Run.objects.only(*SHOWN).in_bulk(wanted)
