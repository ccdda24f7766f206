"""Storage usage: how many bytes runs and stored files take, by what was written.

The size of the database's file says less: it does not shrink when rows are
deleted, so a limit on it would remove more runs every day.
"""

from collections import Counter
from collections.abc import Iterable

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func, IntegerField, Sum, TextField, Value
from django.db.models.functions import Coalesce
from django.db.models.sql.compiler import SQLCompiler

from dashboard.models.run import Run
from dashboard.models.stored_file import StoredFile

RUN_ROW, CHILD_ROW = 1200, 300  # bytes of a row with its indexes, without its long texts


class StorageUsage(models.Model):
    """The bytes of all stored files, with those reserved for running copies: one row."""

    bytes = models.BigIntegerField(default=0)

    class Meta:
        db_table = "dashboard_shelf"

    def __str__(self) -> str:
        return f"{self.bytes} bytes"

    @classmethod
    def recount(cls) -> None:
        """Adds up all sizes; to be called in the transaction that changes one."""
        cls.objects.get_or_create(pk=1)
        cls.objects.select_for_update().get(pk=1)
        total = StoredFile.objects.aggregate(total=Sum("size"))["total"] or 0
        cls.objects.filter(pk=1).update(bytes=total)


class OctetLength(Func):
    function = "OCTET_LENGTH"
    output_field = IntegerField()

    def as_sqlite(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: object
    ) -> tuple[str, list[str | int] | tuple[str | int, ...]]:
        return self.as_sql(compiler, connection, template="LENGTH(CAST(%(expressions)s AS BLOB))")


def bytes_by_run() -> Counter[int]:
    """The bytes that each run takes with its rows in other tables and its files, by its key."""
    usage: Counter[int] = Counter()
    for table, key, row in _tables():
        texts = [f.name for f in table._meta.concrete_fields if isinstance(f, TextField)]
        length = sum((Coalesce(OctetLength(F(name)), 0) for name in texts), Value(row))
        sums = table._base_manager.order_by().values(key).annotate(bytes=Sum(length))
        for pk, amount in sums.values_list(key, "bytes").iterator():
            usage[pk] += amount
    files = Run.objects.values("id").annotate(bytes=Sum("stored_files__size", default=0))
    for pk, amount in files.values_list("id", "bytes").iterator():
        usage[pk] += amount
    usage.pop(None, None)  # type: ignore[call-overload]
    return usage


def _tables() -> Iterable[tuple[type[models.Model], str, int]]:
    """Runs, and every table that belongs to a run, with the column that names it."""
    yield Run, "id", RUN_ROW
    for relation in Run._meta.related_objects:
        yield relation.related_model, relation.field.attname, CHILD_ROW  # type: ignore[misc]
