"""How much room the stored runs take, by what was written and not by the files' size.

A database's files do not shrink when rows go: a limit held against them would
remove more every day.
"""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import F, Func, IntegerField, Sum, TextField, Value
from django.db.models.functions import Coalesce

from dashboard.models.run import Run

RUN_ROW, CHILD_ROW = 1200, 300
"""Bytes of a row with its indexes, its long texts apart."""


class OctetLength(Func):
    function = "OCTET_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))")


def bytes_by_run() -> Counter[int]:
    """The bytes that each run takes with all that belongs to it, by the run's key."""
    taken: Counter[int] = Counter()
    for table, key, row in _parts():
        texts = [f.name for f in table._meta.concrete_fields if isinstance(f, TextField)]
        length: Any = sum((Coalesce(OctetLength(F(name)), 0) for name in texts), Value(row))
        found = table._base_manager.order_by().values(key).annotate(bytes=Sum(length))
        for pk, amount in found.values_list(key, "bytes").iterator():
            taken[pk] += amount
    kept = Run.objects.values("id").annotate(bytes=Sum("stored_files__size", default=0))
    for pk, amount in kept.values_list("id", "bytes").iterator():
        taken[pk] += amount
    taken.pop(None, None)  # type: ignore[call-overload]
    return taken


def _parts() -> Iterable[tuple[type[models.Model], str, int]]:
    """Runs, and every table that belongs to a run, with the column that names it."""
    yield Run, "id", RUN_ROW
    for relation in Run._meta.related_objects:
        yield relation.related_model, relation.field.attname, CHILD_ROW  # type: ignore[misc]
