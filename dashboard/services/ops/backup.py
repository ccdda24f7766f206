"""A backup: every stored row as one compressed file, the same from SQLite and PostgreSQL.

The first line names the version that made the file; then each table's columns
and rows follow as JSON arrays. The last line has the number of rows of each
table, so that a truncated file is recognized.
"""

import gzip
import json
import os
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Protocol, TextIO, cast
from uuid import UUID

from django.apps import apps
from django.contrib.auth.models import User
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction

from dashboard import __version__
from dashboard.domain.json_types import JsonValue
from dashboard.domain.roles import ADMIN, MEMBER
from dashboard.models import (
    AuditEntry,
    DirectoryList,
    Gate,
    Invitation,
    Person,
    Run,
    Session,
    SharedState,
    SignInLink,
    SignInTry,
    StorageUsage,
)
from dashboard.services import clock
from dashboard.services.accounts.account_name import LOCAL
from dashboard.services.comfydeploy import shared_state
from dashboard.services.ops.renamed import RENAMED_COLUMNS, RENAMED_TABLES

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
)
"""Tables that are not in a backup: short-lived state, and what grants access (links, sessions)."""

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
    if isinstance(value, UUID):
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


def restore(path: Path, *, replace: bool = False) -> dict[str, int]:
    """Fills the database from a backup, all or nothing; returns the rows of each table.

    Raises BackupError where a watcher uses the database, and where it has any
    content unless `replace`.
    """
    _require_no_watcher()
    try:
        with _open_backup(path) as lines, transaction.atomic():
            if not replace and (content := _first_content()):
                raise BackupError(
                    f"The database holds {content} already. To lose that, add --replace."
                )
            _delete_everything()
            counts = _load(lines)
            _add_missing_roles(counts)
            _reset_sequences()
    except DatabaseError as error:
        raise BackupError(f"The database does not take the backup: {error}") from error
    return counts


def _require_no_watcher() -> None:
    clock.synchronize()
    now = clock.now()
    if shared_state.watcher_alive(SharedState.read(), now):
        raise BackupError(
            "A watcher is at work on this database. Stop Runboard, wait 10 seconds, try again."
        )


def _first_content() -> str:
    """The first content found, as text, or ""; the audit and the local user do not count."""
    for table in tables():
        rows = table._base_manager.all()
        if table is AuditEntry:
            continue
        if table is User:
            rows = rows.exclude(username=LOCAL)
        if number := rows.count():
            return f"{number:,} {table._meta.verbose_name_plural}"
    return ""


def _delete_everything() -> None:
    links = (User.groups.through, User.user_permissions.through)
    everything: list[Table] = [
        *apps.get_app_config("dashboard").get_models(),
        *links,
        User,
    ]
    for table in everything:
        # Foreign keys are checked when the transaction ends: any order will do.
        rows = table._base_manager.all()
        rows._raw_delete(rows.db)


@contextmanager
def _open_backup(path: Path) -> Iterator[Iterator[JsonValue]]:
    try:
        with gzip.open(path) as file_check:  # its checksum is at the end: read all of it first
            while file_check.read(1_000_000):
                pass
        with gzip.open(path, "rt", encoding="ascii") as file:
            yield map(json.loads, file)
    except FileNotFoundError:
        raise BackupError(f"There is no file {path}.") from None
    except (gzip.BadGzipFile, EOFError, zlib.error, ValueError) as error:
        raise BackupError(f"{path} is no whole backup of Runboard: {error}") from error
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror or error}") from error


def _load(lines: Iterator[JsonValue]) -> dict[str, int]:
    head = next(lines, None)
    if not isinstance(head, dict) or "runboard" not in head:
        raise ValueError("its first line is not that of a backup")
    if head.get("format") != FORMAT:
        raise BackupError(f"Runboard {head['runboard']} made this backup: update Runboard first.")
    known = {table._meta.label_lower: table for table in tables()}
    counts: dict[str, int] = {}
    loader: _Loader | None = None
    for line in lines:
        if isinstance(line, list):
            if loader is None:
                raise ValueError("rows without a table")
            loader.add(line)
            continue
        if loader:
            counts[loader.label] = loader.finish()
        if not isinstance(line, dict):
            raise ValueError("a line is neither a row nor a table")
        if "end" in line:
            if line["end"] != counts:
                raise ValueError("rows are missing")
            return counts
        loader = _Loader(cast(str, line["table"]), cast(list[str], line["columns"]), known)
    raise ValueError("its end is missing")


class _Loader:
    """Inserts the rows of one table in batches; columns that the backup lacks get defaults."""

    def __init__(self, label: str, names: list[str], known: dict[str, Table]) -> None:
        self.label = label  # the backup's own name for it, which its last line uses
        current = RENAMED_TABLES.get(label, label)
        if current not in known:
            raise BackupError(f"The backup's table {label} is unknown: update Runboard first.")
        self._table = known[current]
        renamed = RENAMED_COLUMNS.get(current, {})
        names = [renamed.get(name, name) for name in names]
        fields = {field.attname: field for field in columns(self._table)}
        if unknown := set(names) - set(fields):
            raise BackupError(
                f"The backup's columns {', '.join(sorted(unknown))} of {label} are unknown: "
                "update Runboard first."
            )
        self._fields = [fields[name] for name in names]
        self._rows: list[models.Model] = []
        self._count = 0

    def add(self, values: list[JsonValue]) -> None:
        row = self._table()
        for field, value in zip(self._fields, values, strict=True):
            setattr(row, field.attname, field.to_python(value))
        if isinstance(row, Run):
            row.claim_token = row.claimed_until = None  # the process that held the claim is gone
        self._rows.append(row)
        if len(self._rows) >= BATCH:
            self._flush()

    def finish(self) -> int:
        self._flush()
        return self._count

    def _flush(self) -> None:
        self._table._base_manager.bulk_create(self._rows)
        self._count += len(self._rows)
        self._rows = []


def _add_missing_roles(counts: dict[str, int]) -> None:
    """Gives a role to accounts of a backup from before there were roles: member, or admin."""
    if Person._meta.label_lower in counts:
        return
    for user in User.objects.exclude(username=LOCAL):
        Person.objects.create(user=user, role=ADMIN if user.is_superuser else MEMBER)


def _reset_sequences() -> None:
    """Sets PostgreSQL's sequences past the keys that were inserted."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(sql)
