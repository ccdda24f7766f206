"""Columns of the newest 10,000 runs of a filter, however the database finds them soonest."""

from collections.abc import Sequence
from heapq import nlargest
from operator import itemgetter
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Field, Func
from django.db.models.expressions import Combinable
from django.db.models.sql.compiler import SQLCompiler

from dashboard.models import Run, RunQuerySet
from dashboard.services.runs.filter_counts import LIMIT
from dashboard.services.runs.run_filter import RunFilter

MANY = 20_000  # runs that are sorted

Row = tuple[Any, ...]
Column = str | Combinable


def rows(choice: RunFilter, *columns: Column) -> list[Row]:
    """The columns of the filter's newest runs, of one more than 10,000 where there are more."""
    parts = choice.parts(every=True)
    if len(parts) > 1:
        return _merged(parts, columns)
    return list(_newest(choice, parts).values_list(*columns)[: LIMIT + 1])


def _newest(choice: RunFilter, parts: Sequence[RunQuerySet]) -> RunQuerySet:
    """The runs of a filter, newest first, so that the first 10,000 are soon there.

    Those that no index has in this order are found by the filter's own first, and then sorted,
    unless they are very many: then some thousand are soon walked over.
    """
    runs = parts[0] if parts else choice.runs(every=True)
    hits = runs.order_by().values("pk")[: MANY + 1]
    if parts or hits.count() > MANY:
        return runs.newest()
    return Run.objects.filter(pk__in=hits).newest()


def _merged(parts: Sequence[RunQuerySet], columns: Sequence[Column]) -> list[Row]:
    """The newest rows of several querysets; no database merges the orders of two indexes."""
    found = {
        row[1]: row
        for part in parts
        for row in part.newest().values_list(_Place("sorted_at"), "pk", *columns)[: LIMIT + 1]
    }
    return [row[2:] for row in nlargest(LIMIT + 1, found.values(), key=itemgetter(0, 1))]


class _Place(Func):
    """What sorts as a moment does, and is read much sooner."""

    output_field = Field()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, Any]:
        return self.as_sql(compiler, connection, template="%(expressions)s")  # stored as text

    def as_postgresql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, Any]:
        template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"
        return self.as_sql(compiler, connection, template=template)
