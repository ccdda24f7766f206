"""Search documents: what the words of the box are looked up in."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from hashlib import blake2b
from typing import Any

from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import F, Func
from django.db.models.sql.compiler import SQLCompiler

from dashboard.domain.search.tokens import GAP, TOKEN_RULES
from dashboard.domain.search.words import Phrase
from dashboard.models.run import Run

TABLE = "dashboard_searchdocument"
INDEX = "dashboard_searchindex"  # of SQLite: a full-text table that keeps no text of its own

Tokens = Sequence[str]
Stored = tuple[int, bytes]  # the rules and the content of a stored document


class SearchDocument(models.Model):
    """The tokens that one run is found by. PostgreSQL has them in a column `words` besides."""

    run = models.OneToOneField(
        Run, models.CASCADE, primary_key=True, related_name="search_document"
    )
    rules = models.PositiveSmallIntegerField()  # TOKEN_RULES when it was written; 0: to be redone
    # On SQLite the tokens, compressed: its index forgets a document by them. On PostgreSQL
    # their digest.
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"Words of run {self.run_id}"

    @classmethod
    def write(cls, documents: Mapping[int, Tokens]) -> int:
        """Stores the tokens of runs, by their keys, where they differ; returns how many did.

        To be called in the transaction that changes the runs. Written in the order of the keys,
        so that no two processes wait for each other.
        """
        stored = _stored(documents) if documents else {}
        pack = _compressed if _is_sqlite() else _digest
        packed = {pk: (TOKEN_RULES, pack(tokens)) for pk, tokens in documents.items()}
        changed = [pk for pk in sorted(documents) if stored.get(pk) != packed[pk]]
        if changed:
            write = _write_sqlite if _is_sqlite() else _write_postgres
            write({pk: (documents[pk], packed[pk]) for pk in changed}, stored)
        return len(changed)

    @classmethod
    def remove(cls, keys: Collection[int]) -> None:
        """Forgets the documents of these runs."""
        rows = cls.objects.filter(pk__in=list(keys))
        if _is_sqlite():
            _forget_sqlite(dict(rows.values_list("pk", "content")))
        rows.delete()

    @classmethod
    def clear(cls) -> None:
        """Forgets all documents."""
        if _is_sqlite():
            with connection.cursor() as cursor:
                cursor.execute(f"INSERT INTO {INDEX} ({INDEX}) VALUES ('delete-all')")  # noqa: S608
        cls.objects.all().delete()

    @classmethod
    def first_hits(cls, query: str, limit: int) -> list[int]:
        """The keys of up to `limit` runs that a query (`query_of`) hits, in no order."""
        sql = f"{_hits_sql()} LIMIT %s"
        with connection.cursor() as cursor:
            cursor.execute(sql, [query, limit])
            return [pk for (pk,) in cursor.fetchall()]

    @classmethod
    def hits_between(cls, query: str, low: int, high: int) -> set[int]:
        """The keys from `low` to `high` of the runs that a query (`query_of`) hits."""
        column = "rowid" if _is_sqlite() else "run_id"
        sql = f"{_hits_sql()} AND {column} BETWEEN %s AND %s"
        with connection.cursor() as cursor:
            cursor.execute(sql, [query, low, high])
            return {pk for (pk,) in cursor.fetchall()}


class Hit(Func):
    """Whether a query (`query_of`) hits the run with this key."""

    output_field = models.BooleanField()

    def __init__(self, query: str, key: str = "pk") -> None:
        super().__init__(F(key))
        self.query = query

    def as_sql(  # type: ignore[override]
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_: Any
    ) -> tuple[str, list[str | int]]:
        sql, params = compiler.compile(self.get_source_expressions()[0])
        if connection.vendor == "sqlite":
            # The plus keeps SQLite from reading and sorting all hits: it goes through the list's
            # own order instead, and looks each run up among the hits.
            return f"+{sql} IN ({_hits_sql()})", [*params, self.query]
        # Of what is not IN very many, PostgreSQL would read all of these for each run.
        return f"EXISTS ({_hits_sql()} AND run_id = {sql})", [self.query, *params]


def query_of(phrases: Collection[Phrase], *, any_of: bool = False) -> str:
    """The database's own query for all of these phrases, or for `any_of` them."""
    if _is_sqlite():
        return (" OR " if any_of else " AND ").join(map(_sqlite_phrase, phrases))
    return (" | " if any_of else " & ").join(map(_postgres_phrase, phrases))


def _sqlite_phrase(phrase: Phrase) -> str:
    return f'"{" ".join(phrase.tokens)}"{" *" if phrase.prefix else ""}'


def _postgres_phrase(phrase: Phrase) -> str:
    quoted = " <-> ".join(map(_quoted, phrase.tokens))
    return f"({quoted}{':*' if phrase.prefix else ''})"


def _quoted(token: str) -> str:
    if token.isalnum():
        return f"'{token}'"
    doubled = token.replace("\\", "\\\\").replace("'", "''")
    return f"'{doubled}'"


def _is_sqlite() -> bool:
    return connection.vendor == "sqlite"


def _hits_sql() -> str:
    if _is_sqlite():
        return f"SELECT rowid FROM {INDEX} WHERE {INDEX} MATCH %s"  # noqa: S608
    return f"SELECT run_id FROM {TABLE} WHERE words @@ %s::tsquery"  # noqa: S608


def _compressed(tokens: Tokens) -> bytes:
    return zlib.compress(" ".join(tokens).encode(), 6, wbits=-15)


def _digest(tokens: Tokens) -> bytes:
    return blake2b(" ".join(tokens).encode(), digest_size=8).digest()


def _stored(keys: Collection[int]) -> dict[int, Stored]:
    marks = ", ".join(["%s"] * len(keys))
    sql = f"SELECT run_id, rules, content FROM {TABLE} WHERE run_id IN ({marks})"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, list(keys))
        return {pk: (rules, bytes(content)) for pk, rules, content in cursor.fetchall()}


Changed = Mapping[int, tuple[Tokens, Stored]]


def _write_sqlite(changed: Changed, stored: Mapping[int, Stored]) -> None:
    _forget_sqlite({pk: stored[pk][1] for pk in changed if pk in stored})
    rows = [(pk, " ".join(tokens)) for pk, (tokens, _) in changed.items()]
    documents = [(pk, *packed) for pk, (_, packed) in changed.items()]
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {INDEX} (rowid, words) VALUES (%s, %s)", rows)  # noqa: S608
        cursor.executemany(
            f"INSERT OR REPLACE INTO {TABLE} (run_id, rules, content) VALUES (%s, %s, %s)",  # noqa: S608
            documents,
        )


def _forget_sqlite(contents: Mapping[int, bytes]) -> None:
    rows = [(pk, zlib.decompress(content, wbits=-15).decode()) for pk, content in contents.items()]
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {INDEX} ({INDEX}, rowid, words) VALUES ('delete', %s, %s)",  # noqa: S608
                rows,
            )


def _write_postgres(changed: Changed, stored: Mapping[int, Stored]) -> None:
    """In one statement, whose rows are in the order of the keys."""
    rows = [(pk, *packed, _vector(tokens)) for pk, (tokens, packed) in changed.items()]
    columns = [list(column) for column in zip(*rows, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (run_id, rules, content, words)"  # noqa: S608
            " SELECT run_id, rules, content, words::tsvector FROM"
            " unnest(%s::bigint[], %s::smallint[], %s::bytea[], %s::text[])"
            " AS given (run_id, rules, content, words)"
            " ON CONFLICT (run_id) DO UPDATE SET rules = EXCLUDED.rules,"
            " content = EXCLUDED.content, words = EXCLUDED.words",
            columns,
        )


def _vector(tokens: Tokens) -> str:
    """Tokens with their positions, as PostgreSQL writes a `tsvector`."""
    return " ".join(f"{_quoted(token)}:{at}" for at, token in enumerate(tokens, 1) if token != GAP)
