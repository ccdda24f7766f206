"""A backup: every stored row as one compressed file, the same from SQLite and PostgreSQL.

The first line names the version that made the file; then each table's columns
and rows follow as JSON arrays. The last line has the number of rows of each
table, so that a truncated file is recognized.
"""

import gzip
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Protocol, TextIO, cast
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, models, transaction

from dashboard import __version__
from dashboard.models import (
    BulkAction,
    BulkItem,
    DirectoryList,
    Gate,
    Invitation,
    LiveLog,
    SearchDocument,
    Session,
    SharedState,
    SignInLink,
    SignInTry,
    StorageUsage,
)
from dashboard.services import clock

FORMAT = 1
EXCLUDED = (
    SharedState,
    Gate,
    DirectoryList,
    SignInTry,
    SignInLink,
    Invitation,
    Session,
    StorageUsage,
    LiveLog,
    SearchDocument,
    BulkAction,
    BulkItem,
)
"""Tables that are not in a backup.

Short-lived state, what is worked out again, and what grants access (links, sessions).
"""

BATCH = 200

Table = type[models.Model]


class BackupError(Exception):
    """A backup that cannot be made or restored; its text is for the terminal."""


def tables() -> list[Table]:
    """The tables of a backup: accounts first, then Runboard's own except EXCLUDED."""
    own = apps.get_app_config("dashboard").get_models()
    return [User, *(model for model in own if model not in EXCLUDED)]


def columns(table: Table) -> list["models.Field[object, object]"]:
    """The stored columns of a table."""
    return list(table._meta.concrete_fields)


def backup(path: Path) -> dict[str, int]:
    """Writes a backup as of one moment; returns the number of rows of each table.

    Others may write meanwhile. The file appears whole or not at all, readable by
    its owner only. Raises BackupError.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as raw:
            with gzip.open(raw, "wt", encoding="ascii", compresslevel=6) as file:
                counts = _write(file)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(path)
    except OSError as error:
        raise BackupError(f"{path} cannot be written: {error.strerror or error}") from error
    except DatabaseError as error:
        raise BackupError(f"The database cannot be read: {error}") from error
    finally:
        with suppress(OSError):
            part.unlink()
    return counts


def _write(file: TextIO) -> dict[str, int]:
    def write_line(value: object) -> None:
        file.write(json.dumps(value, separators=(",", ":"), default=_json_value) + "\n")

    counts: dict[str, int] = {}
    made_at = clock.now().isoformat()
    write_line({"runboard": __version__, "format": FORMAT, "made_at": made_at})
    with consistent_reads():
        for table in tables():
            label, fields = table._meta.label_lower, columns(table)
            write_line({"table": label, "columns": [field.attname for field in fields]})
            rows = table._base_manager.order_by("pk")
            counts[label] = 0
            for row in rows.values_list(*(f.attname for f in fields)).iterator(BATCH):
                write_line(row)
                counts[label] += 1
    write_line({"end": counts})
    return counts


def _json_value(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID | Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no place in a backup")


class _Sqlite(Protocol):
    """What Django's types leave out of a connection to SQLite."""

    transaction_mode: str | None


@contextmanager
def consistent_reads() -> Iterator[None]:
    """All reads inside see the database as of one moment; they block no writer."""
    if connection.in_atomic_block:
        yield
        return
    connection.ensure_connection()  # a new connection would reset the mode
    lite = cast(_Sqlite, connection) if connection.vendor == "sqlite" else None
    mode = lite.transaction_mode if lite else None
    try:
        if lite:
            lite.transaction_mode = "DEFERRED"  # in WAL it reads one state and takes no lock
        with transaction.atomic():
            if not lite:
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            yield
    finally:
        if lite:
            lite.transaction_mode = mode
