"""Rows by very many of their keys, in one query."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler


class OneOf(Func):
    """Whether a key is one of these: one parameter, however many there are."""

    output_field = models.BooleanField()

    def __init__(self, keys: Sequence[int], key: str = "pk") -> None:
        super().__init__(F(key))
        self.keys = list(keys)

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, list[Any]]:
        sql, params = compiler.compile(self.get_source_expressions()[0])
        if connection.vendor == "sqlite":
            return f"{sql} IN (SELECT value FROM json_each(%s))", [*params, json.dumps(self.keys)]  # noqa: S608
        return f"{sql} = ANY(%s::bigint[])", [*params, self.keys]


def key_list(keys: Iterable[int]) -> RawSQL:
    """Keys for an `__in`, written out: Django takes longer over a parameter than the databases.

    Of a thousand keys that is most of what such a query costs.
    """
    numbers = ",".join(map(int.__repr__, keys))  # of anything else a TypeError
    return RawSQL(numbers or "NULL", ())  # noqa: S611 - numbers alone
