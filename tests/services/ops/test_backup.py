"""A backup is the whole, of one moment."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection

from dashboard.models import Run, Snapshot
from dashboard.services.ops import backup, restore
from tests.builders import answer, running, store
from tests.services.ops.boards import lines

pytestmark = pytest.mark.django_db(transaction=True)


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
        restore.restore(tmp_path / f"{n}.gz", replace=True)
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


def test_every_table_is_in_a_backup_or_named_among_those_left_out(tmp_path: Path) -> None:
    backup.backup(tmp_path / "b.gz")
    held = {line["table"] for line in lines(tmp_path / "b.gz") if "table" in line}
    out = {table._meta.label_lower for table in backup.EXCLUDED}
    own = {table._meta.label_lower for table in apps.get_app_config("dashboard").get_models()}
    assert not held & out
    assert held | out == own | {"auth.user"}
