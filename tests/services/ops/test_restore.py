"""What was backed up comes back the same, or nothing changes."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from dashboard.models import Board, RemovedRun, Run, SharedState, SignInLink, StoredFile
from dashboard.services.accounts import sign_in_links
from dashboard.services.accounts.account_name import LOCAL
from dashboard.services.comfydeploy import shared_state
from dashboard.services.ops import backup, restore
from dashboard.services.runs import reindexing, run_search, search_index
from dashboard.services.runs.claims import claim
from tests.builders import NOON, answer, element, running, store
from tests.conftest import SAMPLES
from tests.services.ops.boards import YOUNGER, a_board, contents, lines

pytestmark = pytest.mark.django_db(transaction=True)


def test_what_was_backed_up_comes_back_to_the_last_value(tmp_path: Path) -> None:
    a_board()
    before = contents()
    counts = backup.backup(tmp_path / "b.gz")
    assert counts["dashboard.run"] == 2
    assert restore.restore(tmp_path / "b.gz", replace=True) == counts
    assert contents() == before
    assert User.objects.get(username="ana").check_password("a long password")


def test_new_rows_get_new_keys_after_a_restore(tmp_path: Path) -> None:
    a_board()
    backup.backup(tmp_path / "b.gz")
    restore.restore(tmp_path / "b.gz", replace=True)
    store(answer(outputs=[element()]))
    User.objects.create_user("ben")
    assert Run.objects.count() == 3


def test_what_came_back_is_found_once_it_is_indexed_and_what_went_is_not(tmp_path: Path) -> None:
    kept = store(answer(workflow_inputs={"prompt": "a storm"}))
    backup.backup(tmp_path / "b.gz")
    Run.objects.filter(pk=kept.pk).update(inputs={"prompt": "a calm"})
    search_index.index_runs([kept.pk])
    reindexing.index_older()
    restore.restore(tmp_path / "b.gz", replace=True)
    assert reindexing.index_older() == 1
    assert list(run_search.found(Run.objects.all(), "storm")) == [kept]
    assert not run_search.found(Run.objects.all(), "calm").exists()


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
    restore.restore(tmp_path / "b.gz")
    assert contents() == before


def test_nothing_is_restored_under_a_working_watcher(tmp_path: Path) -> None:
    backup.backup(tmp_path / "b.gz")
    shared_state.write_heartbeat(timezone.now())
    with pytest.raises(backup.BackupError, match="Stop Runboard"):
        restore.restore(tmp_path / "b.gz")


def test_sessions_links_and_marks_stay_out_and_end_with_a_restore(tmp_path: Path) -> None:
    sign_in_links.issue("ana")
    Client().force_login(User.objects.get())
    SharedState.put("upstream", timezone.now())
    backup.backup(tmp_path / "b.gz")
    tables = {line["table"] for line in lines(tmp_path / "b.gz") if "table" in line}
    assert not tables & {"sessions.session", "dashboard.signinlink", "dashboard.sharedstate"}
    restore.restore(tmp_path / "b.gz", replace=True)
    for table in (Session, SignInLink, SharedState):
        assert not table.objects.exists()


def test_claims_do_not_come_back(tmp_path: Path) -> None:
    run = store(running())
    claim(run, timezone.now(), even_if_not_due=True)
    backup.backup(tmp_path / "b.gz")
    restore.restore(tmp_path / "b.gz", replace=True)
    assert claim(Run.objects.get(), timezone.now(), even_if_not_due=True)


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
        restore.restore(tmp_path / "b.gz")
    rewritten(tmp_path / "b.gz", lambda rows: rows[1].update(table="dashboard.hat"))
    with pytest.raises(backup.BackupError, match="hat is unknown: update"):
        restore.restore(tmp_path / "b.gz")


def test_an_older_backup_takes_the_defaults_of_newer_columns(tmp_path: Path) -> None:
    store(answer())
    backup.backup(tmp_path / "b.gz")

    def older(rows: list[Any]) -> None:
        head = next(row for row in rows if isinstance(row, dict) and "run" in row.get("table", ""))
        at = head["columns"].index("starred")
        head["columns"].pop(at)
        rows[rows.index(head) + 1].pop(at)

    rewritten(tmp_path / "b.gz", older)
    restore.restore(tmp_path / "b.gz", replace=True)
    assert not Run.objects.get().starred


OLDER = SAMPLES / "backups" / "0013_seconds.gz"
"""Made before models and fields were renamed (migration 0014): every table has rows in it."""


def test_a_backup_from_before_the_renames_comes_back() -> None:
    counts = restore.restore(OLDER, replace=True)
    assert counts["dashboard.kept"] == StoredFile.objects.count() == 1
    assert counts["dashboard.removed"] == RemovedRun.objects.count() == 1
    assert all(t._base_manager.exists() for t in backup.tables() if t not in YOUNGER)
    assert Board.objects.get().follow == "chosen"  # it does not begin to follow everything
    run = Run.objects.get(status="success")
    assert (run.nudged_at, run.starred) == (NOON, True)
    assert run.extras_version >= 7
    assert run.stored_files.get().size == 10


def test_what_it_holds_is_backed_up_again_under_the_new_names(tmp_path: Path) -> None:
    restore.restore(OLDER, replace=True)
    before = contents()
    counts = backup.backup(tmp_path / "b.gz")
    assert (counts["dashboard.storedfile"], counts["dashboard.removedrun"]) == (1, 1)
    restore.restore(tmp_path / "b.gz", replace=True)
    assert contents() == before
