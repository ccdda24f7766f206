"""Restores a backup (`backup.py`) into an empty database, or in place of what it holds."""

import gzip
import json
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from django.apps import apps
from django.contrib.auth.models import User
from django.core.management.color import no_style
from django.db import DatabaseError, connection, models, transaction
from django.db.models import Min

from dashboard.domain.json_types import JsonValue
from dashboard.domain.roles import ADMIN, MEMBER
from dashboard.models import AuditEntry, Board, Person, Run, SearchDocument, SharedState
from dashboard.models.board import CHOSEN
from dashboard.services import clock
from dashboard.services.accounts.account_name import LOCAL
from dashboard.services.comfydeploy import shared_state
from dashboard.services.ops.backup import BATCH, FORMAT, BackupError, Table, columns, tables
from dashboard.services.ops.renamed import RENAMED_COLUMNS, RENAMED_TABLES


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
            _add_missing_board(counts)
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
        if table in (AuditEntry, Board):
            continue
        if table is User:
            rows = rows.exclude(username=LOCAL)
        if number := rows.count():
            return f"{number:,} {table._meta.verbose_name_plural}"
    return ""


def _delete_everything() -> None:
    SearchDocument.clear()
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


def _add_missing_board(counts: dict[str, int]) -> None:
    """A backup from before boards filled themselves keeps following what was chosen."""
    first = Run.objects.aggregate(at=Min("first_seen_at"))["at"]
    if Board._meta.label_lower not in counts and first:
        Board.objects.create(first_started_at=first, follow=CHOSEN)


def _reset_sequences() -> None:
    """Sets PostgreSQL's sequences past the keys that were inserted."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(sql)
