"""A full disk and a read-only database: told, survived, and gone on from."""

import contextlib
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.engine.stage import Stage
from tests.engine.upstream import run_id

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]
UNSEEN = 900


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 16 MB, where this user may mount one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", str(disk)]
    try:
        subprocess.run(command, check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no small disk can be mounted here")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


def page(port: int, number: int, end: str = "") -> tuple[int, str]:
    address = f"http://127.0.0.1:{port}/runs/{run_id(number)}/{end}"
    try:
        with urllib.request.urlopen(address, timeout=30) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def until(true: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.5)


def stored(made: Stage) -> int:
    return int(made.shell("from dashboard.models import Snapshot\nprint(Snapshot.objects.count())"))


def check(
    stage: Stage, told: str, broken: Callable[[], None], put_right: Callable[[], None]
) -> None:
    stage.upstream.set(hold=600, steps=1)
    port = stage.web()
    watcher = stage.watcher()
    page(port, 0)
    stage.track(10)
    until(lambda: page(port, 5)[0] == 200, 10)
    broken()
    until(lambda: told in page(port, 0, "live/")[1], 30)
    assert page(port, 0)[0] == 200
    status, text = page(port, UNSEEN)
    assert (status, told in text) == (503, True)
    until(lambda: told in stage.said("watcher"), 15)
    assert told in stage.said("web")
    assert watcher.poll() is None
    before = stage.upstream.log()[1][-1].at
    put_right()
    until(lambda: page(port, UNSEEN)[0] == 200, 30)
    until(lambda: told not in page(port, 0, "live/")[1], 45)
    until(lambda: stage.upstream.log()[1][-1].at > before + 5, 40)
    count = stored(stage)
    until(lambda: stored(stage) > count + 5, 40)
    until(lambda: "takes what is seen again" in stage.said("watcher"), 10)
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
