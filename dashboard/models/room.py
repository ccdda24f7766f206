"""How much room the stored runs take, by what was written and not by the files' size.

A database's files do not shrink when rows go: a limit held against them would
remove more every day.
"""

from collections import Counter
from typing import Any

from django.db import models
from django.db.models import Func, IntegerField, Sum, Value
from django.db.models.functions import Coalesce

from dashboard.models.run import Output, Payload, Run, Snapshot

RUN_ROW, SNAPSHOT_ROW, OUTPUT_ROW = 1200, 200, 500
"""Bytes of a row with its indexes, its long texts apart."""


class OctetLength(Func):
    function = "OCTET_LENGTH"
    output_field = IntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))")


def bytes_by_run() -> Counter[int]:
    """The bytes that each run takes with all that belongs to it, by the run's key."""
    taken = Counter(dict.fromkeys(Run.objects.values_list("pk", flat=True).iterator(), RUN_ROW))
    for pk, inputs in _sums(Run.objects.filter(inputs__isnull=False), "pk", "inputs"):
        taken[pk] += inputs
    for pk, body in _sums(Payload.objects.all(), "run_id", "body"):
        taken[pk] += body
    for pk, texts in _sums(Snapshot.objects.all(), "run_id", "changes", row=SNAPSHOT_ROW):
        taken[pk] += texts
    for pk, texts in _sums(Output.objects.all(), "run_id", "url", "text", row=OUTPUT_ROW):
        taken[pk] += texts
    return taken


def _sums(rows: Any, key: str, *texts: str, row: int = 0) -> Any:
    length: Any = Value(row)
    for name in texts:
        length = length + Coalesce(OctetLength(models.F(name)), 0)
    found = rows.order_by().values(key).annotate(bytes=Sum(length))
    return found.values_list(key, "bytes").iterator()
