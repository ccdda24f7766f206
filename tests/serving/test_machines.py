"""Web servers and watchers on machines of their own over one PostgreSQL, as processes."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import UUID, uuid4

import psycopg
import pytest

from dashboard.simulator import Simulator
from tests.builders import body, running
from tests.patience import PATIENCE, until
from tests.postgres import fresh_database
from tests.serving.test_serve import ROOT, clean, free_port

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
RUNS = 12


class Machine:
    """A checkout of its own and one process in it."""

    def __init__(self, place: Path, *command: str, **environment: str) -> None:
        for name in ("dashboard", "templates", "static"):
            ignore = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, place / name, ignore=ignore)
        shutil.copy(ROOT / "manage.py", place)
        self.log = place / "log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "manage.py", *command],
                cwd=place,
                env=clean(**environment),
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def end(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(30)


class Web(Machine):
    def __init__(self, place: Path, **environment: str) -> None:
        self.port = free_port()
        super().__init__(place, "serve", WATCH="off", PORT=str(self.port), **environment)

    def read(self, path: str) -> Any:
        with urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=PATIENCE) as response:
            return json.loads(response.read())

    def answers(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return bool(self.read("/readyz"))
        except OSError:
            return False


@pytest.fixture
def upstream() -> Iterator[Simulator]:
    with Simulator(port=0, key="shared") as simulator:
        yield simulator


@pytest.fixture
def shared(upstream: Simulator) -> Iterator[dict[str, str]]:
    """What every machine is told: one database, one secret, one key."""
    with fresh_database() as url:
        yield {
            "DATABASE_URL": url,
            "SECRET_KEY": "the same on every machine",
            "COMFYDEPLOY_API_KEY": "shared",
            "COMFYDEPLOY_API_URL": upstream.url,
        }


def moving(upstream: Simulator) -> UUID:
    """A live run that says something else each time it is asked for."""
    run_id = uuid4()
    steps = (running(run_id, progress=step / 1000) for step in range(1000))
    upstream.script(run_id, [body(step) for step in steps])
    return run_id


def asked(upstream: Simulator, run_id: UUID) -> list[datetime]:
    return [request.time for request in upstream.requests_for(run_id)]


def test_two_web_machines_and_two_watchers_are_one_runboard(
    tmp_path: Path, upstream: Simulator, shared: dict[str, str]
) -> None:
    with ExitStack() as stack:
        webs = [Web(tmp_path / f"web-{n}", **shared) for n in range(2)]
        # A watcher that is up before the tables are waits for them.
        watchers = [Machine(tmp_path / f"watch-{n}", "watch", **shared) for n in range(2)]
        for machine in (*webs, *watchers):
            stack.callback(machine.end)
        for web in webs:
            until(web.answers)
        until(lambda: webs[0].read("/readyz")["watcher_alive"])

        runs = [moving(upstream) for _ in range(RUNS)]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda run_id: webs[0].read(f"/runs/{run_id}.json"), runs))
        time.sleep(10)
        for run_id in runs:
            asks = asked(upstream, run_id)
            assert len(asks) >= 3, "nobody watched it"
            gaps = [later - earlier for earlier, later in zip(asks, asks[1:], strict=False)]
            assert min(gaps) > timedelta(seconds=1.9), "asked twice within its interval"

        watchers[0].end(signal.SIGKILL)
        killed = datetime.now(asks[-1].tzinfo)
        until(lambda: all(asked(upstream, run_id)[-1] > killed for run_id in runs))

        assert watchers[1].end() == 0
        with psycopg.connect(shared["DATABASE_URL"]) as database:
            held = database.execute(
                "SELECT count(*) FROM dashboard_run WHERE claim_token IS NOT NULL"
            )
            assert held.fetchone() == (0,)
        for run_id in runs:
            seen = webs[1].read(f"/runs/{run_id}/snapshots.json")["snapshots"]
            assert 0 <= len(asked(upstream, run_id)) - len(seen) <= 1, "an answer was not stored"


def test_a_backup_of_working_machines_comes_back_on_sqlite(
    tmp_path: Path, upstream: Simulator, shared: dict[str, str]
) -> None:
    with ExitStack() as stack:
        web = Web(tmp_path / "web", **shared)
        stack.callback(web.end)
        until(web.answers)
        watcher = Machine(tmp_path / "watch", "watch", **shared)
        stack.callback(watcher.end)
        runs = [moving(upstream) for _ in range(RUNS)]
        for run_id in runs:
            web.read(f"/runs/{run_id}.json")
        time.sleep(3)
        file = tmp_path / "b.gz"
        assert manage("backup", str(file), **shared).returncode == 0
        refused = manage("restore", str(file), "--replace", **shared)
        assert refused.returncode == 1
        assert "Stop Runboard" in refused.stderr

    elsewhere = {**shared, "DATABASE_URL": f"sqlite:///{tmp_path}/back.sqlite3"}
    done = manage("restore", str(file), **elsewhere)
    assert (done.returncode, done.stdout) == (
        0,
        f"Restored {RUNS} runs and 0 accounts. Start Runboard again.\n",
    )
    again = manage("restore", str(file), **elsewhere)
    assert again.returncode == 1
    assert f"holds {RUNS} runs already" in again.stderr


def manage(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *command],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "dashboard.settings", **environment},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
    )
