"""A full disk and a read-only database: told, survived, and gone on from."""

import contextlib
import os
import sqlite3
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.engine.stage import Stage
from tests.engine.upstream import run_id
from tests.patience import PATIENCE, until

pytestmark = pytest.mark.slow
UNSEEN = 900


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MB, where this user may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)]
    prefix = next((each for each in ([], ["sudo", "-n"]) if works(*each, *command)), None)
    if prefix is None:
        pytest.skip("no small disk can be mounted here")
    yield disk
    subprocess.run([*prefix, "umount", "-l", str(disk)], check=True)


def works(*command: str) -> bool:
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def page(port: int, number: int, end: str = "") -> tuple[int, str]:
    address = f"http://127.0.0.1:{port}/runs/{run_id(number)}/{end}"
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def stored(made: Stage) -> int:
    return int(made.shell("from dashboard.models import Snapshot\nprint(Snapshot.objects.count())"))


def refused(port: int, number: int, told: str) -> bool:
    status, text = page(port, number)
    assert status in {200, 503}, text
    return status == 503 and told in text


def check(
    stage: Stage, told: str, broken: Callable[[], None], put_right: Callable[[], None]
) -> None:
    stage.upstream.set(hold=600, steps=1)
    port = stage.web()
    watcher = stage.watcher()
    page(port, 0)
    stage.track(10)
    until(lambda: page(port, 5)[0] == 200)
    broken()
    until(lambda: told in page(port, 0, "live/")[1])
    assert page(port, 0)[0] == 200
    # Into a full disk's log a few more may go, where it is written over from its start.
    unseen = count(UNSEEN)
    until(lambda: refused(port, next(unseen), told))
    until(lambda: told in stage.said("watcher"))
    assert told in stage.said("web")
    assert watcher.poll() is None
    before = stage.upstream.log()[1][-1].at
    put_right()
    until(lambda: page(port, UNSEEN)[0] == 200)
    until(lambda: told not in page(port, 0, "live/")[1])
    until(lambda: stage.upstream.log()[1][-1].at > before + 5)
    had = stored(stage)
    until(lambda: stored(stage) > had + 5)
    until(lambda: "takes what is seen again" in stage.said("watcher"))
    assert "Traceback" not in stage.said("watcher")


def test_a_full_disk(stage: Callable[..., Stage], small_disk: Path) -> None:
    made = stage(f"sqlite:///{small_disk}/engine.sqlite3")
    filler = small_disk / "filler"

    def fill() -> None:
        with filler.open("wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"\0" * 4096)

    check(made, "database is full", fill, filler.unlink)


@pytest.mark.postgres
def test_a_read_only_database(stage: Callable[..., Stage], postgres: str) -> None:
    import psycopg

    made = stage(postgres)
    name = urlsplit(postgres).path.strip("/")

    def turn(value: str) -> None:
        with psycopg.connect(postgres, autocommit=True) as connection:
            connection.execute("SET default_transaction_read_only = off")
            connection.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = {value}")
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    check(made, "database is read-only", lambda: turn("on"), lambda: turn("off"))


def bound_by_modes() -> tuple[str, ...]:
    """How to start a process that a file's mode binds: root writes whatever the mode says."""
    if os.geteuid():
        return ()
    prefix = ("setpriv", "--bounding-set", "-dac_override")
    if not works(*prefix, "true"):
        pytest.skip("root's right to write whatever the mode cannot be dropped here")
    return prefix


def test_a_read_only_file(stage: Callable[..., Stage], tmp_path: Path) -> None:
    """The processes start on it, as after a copy was put back by another user, and go on later.

    What was seen before is shown meanwhile. Modes that are changed under running processes
    bind only what is opened anew: connections that are open go on, and nothing falls over.
    """
    folder = tmp_path / "read-only"
    folder.mkdir()
    made = stage(f"sqlite:///{folder}/engine.sqlite3")
    made.prefix = bound_by_modes()
    made.upstream.set(hold=600, steps=1)
    made.track(10)
    see_one(made)
    told = "database is read-only"
    before = len(made.upstream.log()[1])
    with contextlib.closing(sqlite3.connect(folder / "engine.sqlite3")) as reader:
        reader.execute("SELECT count(*) FROM dashboard_run").fetchone()  # keeps the WAL in place
        set_modes(folder, 0o555, 0o444)
        port, watcher = made.web(), made.watcher()
        until(lambda: told in made.said("watcher"))
        status, text = page(port, UNSEEN)
        assert (status, told in text) == (503, True)
        assert told in made.said("web")
        status, text = page(port, 0)
        assert (status, "Executing" in text) == (200, True), "what was seen is shown"
        until(lambda: told in page(port, 0, "live/")[1])
        time.sleep(5)
        assert watcher.poll() is None
        assert len(made.upstream.log()[1]) == before
        set_modes(folder, 0o755, 0o644)
    until(lambda: page(port, UNSEEN)[0] == 200)
    until(lambda: stored(made) > 10)
    until(lambda: told not in page(port, 0, "live/")[1])
    until(lambda: "takes what is seen again" in made.said("watcher"))
    set_modes(folder, 0o555, 0o444)
    for number in range(8):
        assert page(port, 0)[0] == 200
        status, text = page(port, UNSEEN + 1 + number)
        assert status == 200 or (status, told in text) == (503, True)
    assert watcher.poll() is None
    set_modes(folder, 0o755, 0o644)
    had = stored(made)
    until(lambda: stored(made) > had + 5)
    until(lambda: page(port, UNSEEN + 99)[0] == 200)
    assert "Traceback" not in made.said("watcher") + made.said("web")


def see_one(made: Stage) -> None:
    """Has one run seen by a web server that ends again."""
    port = made.web()
    until(lambda: page(port, 0)[0] == 200)
    made.end_processes()
    made.processes.clear()


def set_modes(folder: Path, own: int, files: int) -> None:
    for file in folder.iterdir():
        file.chmod(files)
    folder.chmod(own)
