"""The outputs of the runs of a list's page, and what whole days of the list hold."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from django.db.models import (
    Count,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Sum,
    TextField,
    Value,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber, TruncDate

from dashboard.domain.filters.sorts import Key
from dashboard.domain.filters.zones import day_in
from dashboard.domain.listing import VERSION
from dashboard.domain.run.marks import PICKED
from dashboard.models import Name, Output, OutputMark, Run, RunQuerySet, StoredFile
from dashboard.services.runs.run_pages import Page

PAGE_RUNS = 60
PAGE_OUTPUTS = 200
MOST_OF_RUN = 200  # outputs of one run; its own page has the rest
UNUSED = ("values", "error", "log_error", "list_error")


class DayCount(NamedTuple):
    """A whole day's files, the runs that made them, the ended runs that made none, and picks."""

    files: int
    runs: int
    without: int
    picked: int = 0


@dataclass(frozen=True, slots=True)
class GalleryPage:
    """Runs in the list's order with `outputs` and `stored_files` read, and the next page's key."""

    runs: Sequence[Run]
    older: Key | None
    days: Mapping[date, DayCount]
    versions: Mapping[str, str]  # what the runs' workflow versions are called, by ID


def page_of(
    listed: Page, chosen: RunQuerySet | None, zone: tzinfo, *, picks: bool = False
) -> GalleryPage:
    """The files of a list's page, of `PAGE_RUNS` runs: of the first of them, about 200 files.

    A run's outputs are on one page, and of a run with very many only the first 200; with
    `picks` the picked ones alone. `chosen` are all runs of the list, whose days in `zone` are
    counted whole, wherever the page ends; None where it does not stand by time. Six queries,
    however many runs.
    """
    found = Run.objects.filter(pk__in=[key.pk for key in listed.keys])
    files = dict(found.values_list("pk", "picked_count" if picks else "output_count"))
    there = [key for key in listed.keys if key.pk in files]
    shown = there[: _fitting([files[key.pk] for key in there])]
    runs = _with_files([key.pk for key in shown], picks=picks)
    goes_on = listed.older or len(shown) < len(there)
    return GalleryPage(
        runs=runs,
        older=shown[-1] if shown and goes_on else None,
        days={} if chosen is None else _count_days(chosen, [key.sorted_at for key in shown], zone),
        versions=_versions(runs),
    )


def day_of(run: Run, zone: tzinfo) -> date:
    """The day that a run is listed under."""
    return day_in(zone, run.sorted_at)


def _fitting(files: Sequence[int]) -> int:
    """How many of these runs a page takes: at least one."""
    total = 0
    for count, own in enumerate(files[:PAGE_RUNS]):
        total += min(own, MOST_OF_RUN)
        if count and total > PAGE_OUTPUTS:
            return count
    return min(len(files), PAGE_RUNS)


def _with_files(keys: Sequence[int], *, picks: bool) -> list[Run]:
    outputs, files = _picked() if picks else _first()
    read = (Prefetch("outputs", outputs), Prefetch("stored_files", files), "output_marks")
    runs = Run.objects.defer(*UNUSED).prefetch_related(*read).in_bulk(keys)
    return [runs[pk] for pk in keys if pk in runs]


def _first() -> tuple[QuerySet[Output], QuerySet[StoredFile]]:
    """The first outputs of runs, and their files."""
    outputs = Output.objects.filter(position__lt=MOST_OF_RUN).order_by("run", "position")
    near = Q(run__outputs__identity=F("identity"), run__outputs__position__lt=MOST_OF_RUN)
    return outputs, StoredFile.objects.filter(near)


def _picked() -> tuple[QuerySet[Output], QuerySet[StoredFile]]:
    """The first picked outputs of runs, wherever they stand, and the files of picked ones.

    `alike_before` is how many of the run's outputs before it come from the same place.
    """
    mark = OutputMark.objects.filter(
        run=OuterRef("run"), identity=OuterRef("identity"), choice=PICKED
    )
    node = Coalesce("node_id", Value("", TextField()))
    before = (
        Output.objects.annotate(node=node)
        .filter(
            **{name: OuterRef(name) for name in ("run", "node", "key", "kind")},
            position__lt=OuterRef("position"),
        )
        .order_by()
        .values("run")
        .annotate(number=Count("pk"))
        .values("number")
    )
    outputs = (
        Output.objects.filter(Exists(mark))
        .annotate(
            node=node,
            alike_before=Coalesce(Subquery(before), 0),
            rank=Window(RowNumber(), partition_by="run", order_by="position"),
        )
        .filter(rank__lte=MOST_OF_RUN)
        .order_by("run", "position")
    )
    return outputs, StoredFile.objects.filter(Exists(mark))


def _count_days(
    chosen: RunQuerySet, moments: Sequence[datetime], zone: tzinfo
) -> dict[date, DayCount]:
    """What the whole days between the first and last moment hold under the same filter."""
    if not moments:
        return {}
    first, last = (day_in(zone, at) for at in (min(moments), max(moments)))
    within = chosen.filter(
        sorted_at__gte=datetime.combine(first, time.min, zone),
        sorted_at__lt=datetime.combine(last + timedelta(days=1), time.min, zone),
    )
    rows = (
        within.order_by()
        .annotate(day=TruncDate("sorted_at", tzinfo=zone))
        .values_list("day")
        .annotate(
            files=Sum("output_count"),
            runs=Count("pk", filter=Q(output_count__gt=0)),
            without=Count("pk", filter=Q(output_count=0, finished=True)),
            picked=Sum("picked_count"),
        )
    )
    return {day: DayCount(*counts) for day, *counts in rows}


def _versions(runs: Iterable[Run]) -> dict[str, str]:
    ids = {run.workflow_version_id for run in runs if run.workflow_version_id}
    named = Name.objects.filter(kind=VERSION, upstream_id__in=ids).exclude(text="")
    return dict(named.values_list("upstream_id", "text"))
