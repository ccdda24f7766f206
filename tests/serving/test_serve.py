"""`manage.py serve` as processes: a demo, a real board, refusals, and the end of everything."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from dashboard.simulator import Simulator
from dashboard.simulator.workspace import Workspace
from tests.bench.server import family_of
from tests.patience import PATIENCE, until

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent.parent


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The product alone, as a clone has it."""
    for name in ("dashboard", "templates", "static"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", tmp_path)
    return tmp_path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def clean(**given: str) -> dict[str, str]:
    kept = ("PATH", "HOME", "LANG", "TMPDIR")
    return {**{name: os.environ[name] for name in kept if name in os.environ}, **given}


class Serving:
    def __init__(self, checkout: Path, **environment: str) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = checkout / "serve.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", "serve"],
                cwd=checkout,
                env=clean(PORT=str(self.port), **environment),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def wait(self) -> None:
        """Until it says where it is."""
        until(lambda: "Runboard" in self.log.read_text())

    def get(self, path: str) -> str:
        with urlopen(self.url + path, timeout=PATIENCE) as response:
            return response.read().decode()

    def end(self) -> None:
        """As Ctrl+C ends it; where that takes too long, by force, so that nothing is left over."""
        family = family_of(self.process.pid)
        try:
            if self.process.poll() is None:
                self.process.send_signal(signal.SIGINT)
                self.process.wait(PATIENCE)
        finally:
            for pid in alive(family):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)


def alive(pids: list[int]) -> list[int]:
    def lives(pid: int) -> bool:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except OSError:
            return False
        return state != "Z"

    return [pid for pid in pids if lives(pid)]


@pytest.fixture
def serving(checkout: Path) -> Iterator[Callable[..., Serving]]:
    started: list[Serving] = []

    def start(**environment: str) -> Serving:
        started.append(Serving(checkout, **environment))
        started[-1].wait()
        return started[-1]

    yield start
    for one in started:
        one.end()


def shown_ids(board: Serving) -> set[str]:
    return set(re.findall(r"/runs/([0-9a-f-]{36})/", board.get("/")))


def shown(demo: Serving) -> list[dict[str, Any]]:
    return [json.loads(demo.get(f"/runs/{run_id}.json")) for run_id in shown_ids(demo)]


def test_a_demo_fills_itself_and_says_what_it_is(serving: Callable[..., Serving]) -> None:
    demo = serving()
    page = demo.get("/")
    assert "Demo data. Set COMFYDEPLOY_API_KEY to see your runs." in page
    end = time.monotonic() + PATIENCE
    found = shown(demo)
    ends = {"success", "failed", "timeout", "cancelled"}
    while not (
        len(found) >= 24
        and sum(not run["finished"] for run in found) >= 3
        and ends <= {run["status"] for run in found}
    ):
        assert time.monotonic() < end, f"{len(found)} runs after {PATIENCE} s"
        time.sleep(0.3)
        found = shown(demo)
    assert len({run["workflow_id"] for run in found}) == 3
    assert len({run["gpu"] for run in found if run["gpu"]}) == 3
    live = [run["status"] for run in found if not run["finished"]]
    assert len(live) >= 3
    assert len(set(live)) >= 2


def test_a_board_with_a_key_fills_itself(serving: Callable[..., Serving]) -> None:
    """Nobody clicks: workflows are found, their runs of the last week listed, new ones told."""
    with Simulator(port=0, key="test-key", workspace=Workspace(12), quiet=True) as upstream:
        for workflow in range(12):
            upstream.add_history(workflow, 6, timedelta(days=6))
        board = serving(COMFYDEPLOY_API_KEY="test-key", COMFYDEPLOY_API_URL=upstream.url)
        until(lambda: len(shown_ids(board)) == 50)  # a whole page
        following = json.loads(board.get("/following.json"))
        assert len(following["lists"]) == 12
        assert {each["kind"] for each in following["lists"]} == {"workflow"}
        until(lambda: json.loads(board.get("/readyz"))["feed"] == "on")
        new = upstream.start_run(workflow=7)
        until(lambda: str(new) in board.get("/"))
        told: list[Any] = []  # by one of several web processes, each with counts of its own

        def done() -> bool:
            told.append(json.loads(board.get("/following.json"))["backfill"])
            return bool(told[-1]["done"])

        until(done)
        assert told[-1]["read"] == told[-1]["of"] >= 72


def test_ctrl_c_ends_every_process(serving: Callable[..., Serving]) -> None:
    demo = serving()
    family = family_of(demo.process.pid)
    assert len(family) >= 5
    demo.end()
    assert alive(family) == []


def test_no_child_outlives_a_killed_parent(serving: Callable[..., Serving]) -> None:
    demo = serving()
    family = family_of(demo.process.pid)
    demo.process.kill()
    demo.process.wait()
    until(lambda: not alive(family))


def test_a_fallen_worker_comes_back(serving: Callable[..., Serving]) -> None:
    demo = serving()
    watcher = next(
        pid
        for pid in family_of(demo.process.pid)
        if b"watch" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    )
    os.kill(watcher, signal.SIGKILL)
    until(
        lambda: any(
            pid != watcher and b"watch" in Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            for pid in family_of(demo.process.pid)
        )
    )


def test_a_port_in_use_names_the_next(checkout: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "manage.py", "serve"],
            cwd=checkout,
            env=clean(PORT=str(port)),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
    assert done.returncode == 1
    assert f"PORT={port + 1} make run" in done.stdout + done.stderr


def test_open_access_on_a_network_is_refused_with_the_way_out(checkout: Path) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=checkout,
        env=clean(HOST="0.0.0.0", ACCESS="open"),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "make user NAME=ana",
        "HOST=0.0.0.0 PUBLIC_URL=http://runs.lan:8000 make run",
    ]
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("COMFYDEPLOY_API_URL", "http://example.com/api"),
        ("COMFYDEPLOY_API_URL", "not a url"),
        ("DEBUG", "maybe"),
        ("ACCESS", "everybody"),
        ("DATABASE_URL", "mysql://root:hunter2@db/x"),
        ("DATABASE_URL", "postgres://u:hunter2@h:abc/db"),
        ("DATABASE_URL", "sqlite:///"),
        ("PORT", "8000.7"),
        ("PUBLIC_URL", "runs.lan"),
    ],
)
def test_a_setting_that_cannot_be_read_stops_the_start_with_one_line(
    checkout: Path, name: str, value: str
) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=checkout,
        env=clean(**{name: value}),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    lines = (done.stdout + done.stderr).splitlines()
    assert len(lines) == 1
    assert name in lines[0]
    assert "hunter2" not in lines[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [("HOST", "nosuch.invalid"), ("DATABASE_URL", "postgres://u:hunter2@127.0.0.1:9/db")],
)
def test_what_cannot_be_served_stops_with_one_line(checkout: Path, name: str, value: str) -> None:
    given = {name: value, "COMFYDEPLOY_API_KEY": "key", "SECRET_KEY": "x"}
    done = subprocess.run(
        [sys.executable, "manage.py", "serve"],
        cwd=checkout,
        env=clean(PORT=str(free_port()), **given),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
    assert done.returncode == 1
    lines = (done.stdout + done.stderr).splitlines()
    assert len(lines) == 1, lines
    assert name in lines[0]
    assert "hunter2" not in lines[0]


@pytest.mark.parametrize("given", [{}, {"COMFYDEPLOY_API_KEY": "key"}])
def test_an_account_can_be_made_before_anything_was_served(
    checkout: Path, given: dict[str, str]
) -> None:
    done = subprocess.run(
        [sys.executable, "manage.py", "user", "ana"],
        cwd=checkout,
        env=clean(**given),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=True,
    )
    assert re.search(r"http://127\.0\.0\.1:8000/sign-in/[\w-]{32}/", done.stdout)
    assert "Set PUBLIC_URL for teammates" in done.stderr
    board = "runboard" if given else "demo"
    assert (checkout / "var" / f"{board}.sqlite3").exists()


def test_a_host_name_serves(serving: Callable[..., Serving]) -> None:
    assert "Demo data" in serving(HOST="localhost").get("/")


def test_with_a_key_the_board_starts_empty_and_tells_of_a_rejected_key(
    serving: Callable[..., Serving], tmp_path: Path
) -> None:
    from dashboard.simulator import Simulator

    with Simulator(port=0, key="right") as upstream:
        board = serving(COMFYDEPLOY_API_KEY="wrong", COMFYDEPLOY_API_URL=upstream.url)
        until(lambda: "rejects this server's key" in board.log.read_text())
        page = board.get("/")
    assert "Demo data" not in page
    assert "rejects this server" in page
    assert "wrong" not in board.log.read_text()


def test_the_secret_key_is_made_once_and_readable_by_its_owner_alone(
    serving: Callable[..., Serving], checkout: Path
) -> None:
    serving()
    path = checkout / "var" / "secret_key"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_text()) > 40
