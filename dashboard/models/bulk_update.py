"""Updates many rows of a table with one prepared statement, without the ORM's query building."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import cache
from uuid import UUID

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

Row = tuple[int, Mapping[str, object]]  # a primary key and its columns' new values
Prepared = str | int | float | datetime | UUID | None  # what the database's driver takes
Prepare = Callable[[object, BaseDatabaseWrapper], Prepared]


def update_rows(model: type[models.Model], rows: Iterable[Row]) -> None:
    """Writes each row's values by its key, with one `executemany` for each set of columns.

    Django takes longer to build an UPDATE than the database to execute it.
    """
    groups: dict[tuple[str, ...], list[list[Prepared]]] = {}
    for pk, values in rows:
        names = tuple(sorted(values))
        prepared = [_prepare(model, name)(values[name], connection) for name in names]
        groups.setdefault(names, []).append([*prepared, pk])
    with connection.cursor() as cursor:
        for names, parameters in groups.items():
            cursor.executemany(_statement(model, names), parameters)


@cache
def _prepare(model: type[models.Model], name: str) -> Prepare:
    return _field(model, name).get_db_prep_save


def _field(model: type[models.Model], name: str) -> "models.Field[object, object]":
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


@cache
def _statement(model: type[models.Model], names: tuple[str, ...]) -> str:
    quote, meta = connection.ops.quote_name, model._meta
    columns = ", ".join(f"{quote(_field(model, name).column)} = %s" for name in names)
    assert meta.pk is not None
    return f"UPDATE {quote(meta.db_table)} SET {columns} WHERE {quote(meta.pk.column)} = %s"  # noqa: S608
