"""The runs that a filter lets through in a time, as Insights count them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import F

from dashboard.domain.filters.fields import CREATED, Form
from dashboard.domain.filters.moments import stretch_of
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import (
    OUT_OF_RANGE,
    UNKNOWN,
    InsightRun,
    Population,
    population_of,
)
from dashboard.models import Run, RunQuerySet
from dashboard.services.machines import prices
from dashboard.services.runs.run_filter import RunFilter

MOST = 100_000  # runs of one time that are read; of more, the newest
COLUMNS = (
    *("id", "created_at", "ended_at", "status", "finished", "origin", "start_kind"),
    *("queue_wait", "cold_start", "run", "total", "gpu", "machine_id", "workflow_id"),
    *("workflow_version_id", "user_id", "error_cause", "error_digest"),
    *("output_count", "picked_count", "cost_micros"),
)


@dataclass(frozen=True, slots=True)
class Counted:
    """The runs of a time, in the order of their creation.

    `cut_at` is when the oldest of them was created where older ones are left out, being too many.
    """

    population: Population
    cut_at: datetime | None = None


def period_of(choice: RunFilter, now: datetime) -> Period:
    """The time that a filter asks for, up to now and not before the first run known here.

    Of several times it is the stretch in which they all lie.
    """
    terms = [term for term in choice.query.of(CREATED) if term.form == Form.TIME]
    stretches = [stretch_of(term.value, now, choice.zone) for term in terms]
    first = _first_created()
    begins = [each.begin or first or now for each in stretches] or [first or now]
    end = min(max((each.end or now for each in stretches), default=now), now)
    begin = max(min(begins), first) if first else min(begins)
    return Period(min(begin, end), end, choice.zone, first)


def has_one_time(choice: RunFilter) -> bool:
    """Whether a filter asks for one stretch of time, so that there is a time before it."""
    terms = (*choice.query.of(CREATED), *choice.query.of(CREATED, excluded=True))
    return len(terms) == 1 and terms[0].form == Form.TIME and not terms[0].excluded


def counted(choice: RunFilter) -> Counted:
    """The runs of a filter, whatever time it asks for."""
    return _counted(choice.runs(every=True))


def counted_before(choice: RunFilter, period: Period) -> Counted:
    """The runs of the same filter in another time. Its own time must be one stretch."""
    begin = period.begin.isoformat().replace("+00:00", "Z")
    query = choice.query.without_name(CREATED).adding((CREATED, f">={begin}"))
    runs = replace(choice, query=query).runs(every=True)
    # No run is in the list after its creation, so the first of these can be seen in its index.
    return _counted(runs.filter(sorted_at__lt=period.end, created_at__lt=period.end))


def _first_created() -> datetime | None:
    """When the first run of the list was created."""
    first = Run.objects.seen().filter(created_at__isnull=False).order_by("sorted_at", "id")
    return first.values_list("created_at", flat=True).first()


def _counted(runs: RunQuerySet) -> Counted:
    ordered = runs.filter(created_at__isnull=False).order_by(F("sorted_at").desc(), F("id").desc())
    rows = list(ordered.values_list(*COLUMNS)[: MOST + 1])
    cut = len(rows) > MOST
    rows = sorted(rows[:MOST], key=lambda row: (row[1], row[0]))
    population = population_of(_told(rows))
    return Counted(population, rows[0][1] if cut else None)


def _told(rows: list[tuple[Any, ...]]) -> Iterator[InsightRun]:
    """The rows with the price of each at its time, and whether its start cannot be."""
    paid = prices.prices_at([(row[11], row[1]) for row in rows])
    odd = _out_of_range([row[0] for row in rows if row[6] == UNKNOWN])
    for row, price in zip(rows, paid, strict=True):
        told = InsightRun(*row)
        yield told._replace(
            status=told.status.lower(),
            price=price.per_second if price else None,
            out_of_range=told.id in odd,
        )


def _out_of_range(keys: list[int]) -> set[int]:
    """Those of these runs with a start that cannot be."""
    found = set()
    warned = Run.objects.exclude(warnings=[]).values_list("pk", "warnings")
    for first in range(0, len(keys), 1_000):
        for key, warnings in warned.filter(pk__in=keys[first : first + 1_000]):
            if not OUT_OF_RANGE.isdisjoint(warnings):
                found.add(key)
    return found
