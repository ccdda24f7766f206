"""A backup is the whole, of one moment, and comes back the same."""

import gzip
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from dashboard.models import (
    Deployment,
    Machine,
    RemovedRun,
    Run,
    SharedState,
    SignInLink,
    Snapshot,
    StoredFile,
    Workflow,
)
from dashboard.services.accounts import sign_in_links
from dashboard.services.accounts.account_name import LOCAL
from dashboard.services.comfydeploy import shared_state
from dashboard.services.ops import backup
from dashboard.services.runs.claims import claim
from tests.builders import NOON, answer, element, running, store
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db(transaction=True)


def contents() -> dict[str, list[tuple[Any, ...]]]:
    """Every stored value of every table of a backup."""
    return {
        table._meta.label_lower: list(
            table._base_manager.order_by("pk").values_list(
                *(field.attname for field in backup.columns(table))
            )
        )
        for table in backup.tables()
    }


def a_board() -> None:
    """Runs in every shape: live, starred, with outputs and numbers that floats would lose."""
    payload = running(workflow_inputs={"seed": 2**62 + 1, "text": "ü\U0001f600 \u2028", "b": 1.0})
    store(payload, NOON)
    store({**payload, "progress": 0.7}, NOON + timedelta(seconds=2))
    done = store(answer(outputs=[element(), element("b.png")]))
    Run.objects.filter(pk=done.pk).update(starred=True)
    User.objects.create_user("ana", password="a long password")
    for number, table in enumerate(YOUNGER, 1):
        table.objects.create(uuid=UUID(int=number), name="lighthouse", seen_at=NOON)


def lines(path: Path) -> list[Any]:
    with gzip.open(path, "rt") as file:
        return [json.loads(line) for line in file]


def test_what_was_backed_up_comes_back_to_the_last_value(tmp_path: Path) -> None:
    a_board()
    before = contents()
    counts = backup.backup(tmp_path / "b.gz")
    assert counts["dashboard.run"] == 2
    assert backup.restore(tmp_path / "b.gz", replace=True) == counts
    assert contents() == before
    assert User.objects.get(username="ana").check_password("a long password")


def test_new_rows_get_new_keys_after_a_restore(tmp_path: Path) -> None:
    a_board()
    backup.backup(tmp_path / "b.gz")
    backup.restore(tmp_path / "b.gz", replace=True)
    store(answer(outputs=[element()]))
    User.objects.create_user("ben")
    assert Run.objects.count() == 3


def test_a_database_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    a_board()
    backup.backup(tmp_path / "b.gz")
    store(answer())
    before = contents()
    with pytest.raises(CommandError, match="--replace"):
        call_command("restore", str(tmp_path / "b.gz"))
    assert contents() == before


def test_the_local_user_alone_is_an_empty_database(tmp_path: Path) -> None:
    a_board()
    backup.backup(tmp_path / "b.gz")
    before = contents()
    for table in reversed(backup.tables()):
        table._base_manager.all().delete()
    User.objects.create(username=LOCAL)
    backup.restore(tmp_path / "b.gz")
    assert contents() == before


def test_nothing_is_restored_under_a_working_watcher(tmp_path: Path) -> None:
    backup.backup(tmp_path / "b.gz")
    shared_state.write_heartbeat(timezone.now())
    with pytest.raises(backup.BackupError, match="Stop Runboard"):
        backup.restore(tmp_path / "b.gz")


def test_sessions_links_and_marks_stay_out_and_end_with_a_restore(tmp_path: Path) -> None:
    sign_in_links.issue("ana")
    Client().force_login(User.objects.get())
    SharedState.put("upstream", timezone.now())
    backup.backup(tmp_path / "b.gz")
    tables = {line["table"] for line in lines(tmp_path / "b.gz") if "table" in line}
    assert not tables & {"sessions.session", "dashboard.signinlink", "dashboard.sharedstate"}
    backup.restore(tmp_path / "b.gz", replace=True)
    for table in (Session, SignInLink, SharedState):
        assert not table.objects.exists()


def test_claims_do_not_come_back(tmp_path: Path) -> None:
    run = store(running())
    claim(run, timezone.now(), even_if_not_due=True)
    backup.backup(tmp_path / "b.gz")
    backup.restore(tmp_path / "b.gz", replace=True)
    assert claim(Run.objects.get(), timezone.now(), even_if_not_due=True)


def test_a_backup_is_for_its_owner_alone_and_leaves_no_part(tmp_path: Path) -> None:
    call_command("backup", str(tmp_path / "b.gz"))
    assert [path.name for path in tmp_path.iterdir()] == ["b.gz"]
    assert (tmp_path / "b.gz").stat().st_mode & 0o777 == 0o600


def test_a_backup_that_cannot_be_written_keeps_the_older_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "b.gz"
    path.write_text("older")

    def full(_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_write", full)
    with pytest.raises(CommandError, match="No space left on device"):
        call_command("backup", str(path))
    assert [(one.name, one.read_text()) for one in tmp_path.iterdir()] == [("b.gz", "older")]
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("backup", str(path / "b.gz"))


def damaged(path: Path, how: str) -> None:
    whole = path.read_bytes()
    rows = [json.dumps(line) for line in lines(path)]
    if how == "cut":
        path.write_bytes(whole[: len(whole) // 2])
    elif how == "garbage":
        path.write_bytes(b"not a backup")
    elif how == "other":
        path.write_bytes(gzip.compress(b'{"id": 1}\n[1]\n'))
    elif how == "end":
        path.write_bytes(gzip.compress("\n".join(rows[:-1]).encode()))
    elif how == "row":
        rows.pop(next(n for n, row in enumerate(rows) if row.startswith("[")))
        path.write_bytes(gzip.compress("\n".join(rows).encode()))
    elif how == "flipped":
        path.write_bytes(whole[:200] + bytes([whole[200] ^ 0xFF]) + whole[201:])
    else:
        path.unlink()


@pytest.mark.parametrize("how", ["cut", "garbage", "other", "end", "row", "flipped", "gone"])
def test_a_damaged_backup_changes_nothing(tmp_path: Path, how: str) -> None:
    a_board()
    backup.backup(tmp_path / "b.gz")
    before = contents()
    damaged(tmp_path / "b.gz", how)
    with pytest.raises(CommandError, match=r"whole backup|no file"):
        call_command("restore", str(tmp_path / "b.gz"), "--replace")
    assert contents() == before


def rewritten(path: Path, change: Any) -> None:
    rows = lines(path)
    change(rows)
    path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))


def test_a_backup_of_a_newer_runboard_asks_for_the_update(tmp_path: Path) -> None:
    backup.backup(tmp_path / "b.gz")
    rewritten(tmp_path / "b.gz", lambda rows: rows[1]["columns"].append("hat"))
    with pytest.raises(backup.BackupError, match="hat of auth.user are unknown: update"):
        backup.restore(tmp_path / "b.gz")
    rewritten(tmp_path / "b.gz", lambda rows: rows[1].update(table="dashboard.hat"))
    with pytest.raises(backup.BackupError, match="hat is unknown: update"):
        backup.restore(tmp_path / "b.gz")


def test_an_older_backup_takes_the_defaults_of_newer_columns(tmp_path: Path) -> None:
    store(answer())
    backup.backup(tmp_path / "b.gz")

    def older(rows: list[Any]) -> None:
        head = next(row for row in rows if isinstance(row, dict) and "run" in row.get("table", ""))
        at = head["columns"].index("starred")
        head["columns"].pop(at)
        rows[rows.index(head) + 1].pop(at)

    rewritten(tmp_path / "b.gz", older)
    backup.restore(tmp_path / "b.gz", replace=True)
    assert not Run.objects.get().starred


@contextmanager
def runs_being_written() -> Iterator[Any]:
    """Live runs that get a new answer as fast as the database takes it."""
    over, written = Event(), []
    payloads = [running() for _ in range(5)]

    def write() -> None:
        step = 0
        while not over.is_set():
            step += 1
            for payload in payloads:
                store({**payload, "progress": step % 100 / 100, "live_status": f"Step {step}"})
                written.append(step)
        connection.close()

    writer = Thread(target=write)
    writer.start()
    try:
        yield written
    finally:
        over.set()
        writer.join(30)


def test_a_backup_under_way_is_of_one_moment_and_stops_no_writer(tmp_path: Path) -> None:
    with runs_being_written() as written:
        for n in range(3):
            wanted = len(written) + 12
            while len(written) < wanted:
                time.sleep(0.005)  # the writer has the processor meanwhile
            backup.backup(tmp_path / f"{n}.gz")
    assert not connection.in_atomic_block
    for n in range(3):
        backup.restore(tmp_path / f"{n}.gz", replace=True)
        assert Run.objects.count() == 5
        for run in Run.objects.all():
            # The run, its answer and its snapshots were written together.
            last = Snapshot.objects.filter(run=run).latest("pk")
            assert Snapshot.objects.filter(run=run).count() == run.snapshot_count
            assert last.live_status == run.live_status
            assert json.loads(run.payload.body)["live_status"] == run.live_status


def test_a_write_goes_through_while_a_backup_reads() -> None:
    store(answer())
    connection.close()  # as in a command that has only just started

    def write() -> None:
        store(answer())
        connection.close()

    with backup.consistent_reads():
        assert Run.objects.count() == 1
        writer = Thread(target=write)
        writer.start()
        writer.join(30)
        assert not writer.is_alive()
        assert Run.objects.count() == 1
    assert Run.objects.count() == 2


OLDER = SAMPLES / "backups" / "0013_seconds.gz"
"""Made before models and fields were renamed (migration 0014): each table has rows."""
YOUNGER = (Workflow, Deployment, Machine)
"""Tables that came later."""


def test_a_backup_from_before_the_renames_comes_back() -> None:
    counts = backup.restore(OLDER, replace=True)
    assert counts["dashboard.kept"] == StoredFile.objects.count() == 1
    assert counts["dashboard.removed"] == RemovedRun.objects.count() == 1
    assert all(t._base_manager.exists() for t in backup.tables() if t not in YOUNGER)
    run = Run.objects.get(status="success")
    assert (run.nudged_at, run.starred) == (NOON, True)
    assert run.extras_version >= 7
    assert run.stored_files.get().size == 10


def test_what_it_holds_is_backed_up_again_under_the_new_names(tmp_path: Path) -> None:
    backup.restore(OLDER, replace=True)
    before = contents()
    counts = backup.backup(tmp_path / "b.gz")
    assert (counts["dashboard.storedfile"], counts["dashboard.removedrun"]) == (1, 1)
    backup.restore(tmp_path / "b.gz", replace=True)
    assert contents() == before


def test_every_table_is_in_a_backup_or_named_among_those_left_out(tmp_path: Path) -> None:
    backup.backup(tmp_path / "b.gz")
    held = {line["table"] for line in lines(tmp_path / "b.gz") if "table" in line}
    out = {table._meta.label_lower for table in backup.EXCLUDED}
    own = {table._meta.label_lower for table in apps.get_app_config("dashboard").get_models()}
    assert not held & out
    assert held | out == own | {"auth.user"}
