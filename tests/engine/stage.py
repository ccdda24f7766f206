"""Real processes over one database: upstream, watchers, a web server; and what they did."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.server import free_port, wait_for
from tests.patience import PATIENCE

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Asked:
    """One question as upstream saw it."""

    at: float  # seconds since upstream began
    run: int
    status: int  # 0 = cut off
    state: str


class Upstream:
    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.upstream"],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}/api"

    def set(self, **weather: float) -> None:
        query = "&".join(f"{name}={value}" for name, value in weather.items())
        self._get(f"/set?{query}")

    def log(self) -> tuple[float, list[Asked]]:
        found = json.loads(self._get("/log"))
        began = found["began"]
        return began, [Asked(at - began, *rest) for at, *rest in found["log"]]

    def lists(self) -> list[tuple[float, str]]:
        """When lists of runs were asked for, in seconds since upstream began, and whose."""
        return [(at, whose) for at, whose in json.loads(self._get("/lists"))]

    def awaited(self) -> int:
        """How many questions wait for their answers at this moment."""
        return int(json.loads(self._get("/log"))["awaited"])

    def _get(self, path: str) -> bytes:
        address = f"http://127.0.0.1:{self.port}{path}"
        with urllib.request.urlopen(address, timeout=PATIENCE) as response:
            return response.read()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()


class Stage:
    """The processes of one test; `database` is a URL, `folder` takes their logs."""

    def __init__(self, folder: Path, database: str, **environment: str) -> None:
        self.folder = folder
        self.upstream = Upstream()
        self.environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ},
            "DJANGO_SETTINGS_MODULE": "dashboard.settings",
            "DATABASE_URL": database,
            "SECRET_KEY": "only-for-tests",
            "COMFYDEPLOY_API_KEY": "test-key",
            "COMFYDEPLOY_API_URL": self.upstream.url,
            "ACCESS": "open",
            "KEEP_OUTPUTS": "none",
            **environment,
        }
        self.prefix: tuple[str, ...] = ()  # what starts the processes
        self.processes: list[subprocess.Popen[bytes]] = []
        self.python("manage.py", "migrate", "--verbosity", "0")

    def python(self, *arguments: str, text: str = "") -> str:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            input=text,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def shell(self, code: str) -> Any:
        """What a piece of code prints as JSON, run inside the product."""
        setup = "import django, json; django.setup()\n"
        return json.loads(self.python("-c", setup + code) or "null")

    def track(self, count: int) -> None:
        self.shell(
            "from dashboard.services.runs.pasted import track_all\n"
            "from tests.engine.upstream import numbers\n"
            f"track_all(numbers({count}))"
        )

    def start(self, name: str, *arguments: str, **environment: str) -> subprocess.Popen[bytes]:
        with (self.folder / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(
                [*self.prefix, sys.executable, *arguments],
                cwd=ROOT,
                env={**self.environment, **environment},
                stdout=log,
                stderr=log,
            )
        self.processes.append(process)
        return process

    def watcher(self, name: str = "watcher", **environment: str) -> subprocess.Popen[bytes]:
        return self.start(name, "manage.py", "watch", **environment)

    def web(self, **environment: str) -> int:
        port = free_port()
        self.start("web", "-m", "dashboard.serving.web", "127.0.0.1", str(port), **environment)
        wait_for(port)
        return port

    def said(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def states(self) -> dict[int, list[tuple[float, str]]]:
        """The stored states of each run, in order, with the first moment that each was seen."""
        rows = self.shell(
            "from dashboard.models import Snapshot\n"
            "columns = 'run__uuid', 'observed_at', 'status'\n"
            "rows = Snapshot.objects.order_by('id').values_list(*columns)\n"
            "print(json.dumps([(r.int & 0xffffffffffff, at.timestamp(), s) for r, at, s in rows]))"
        )
        found: dict[int, list[tuple[float, str]]] = defaultdict(list)
        began, _ = self.upstream.log()
        for run, at, status in rows:
            if not found[run] or found[run][-1][1] != status:
                found[run].append((at - began, status))
        return found

    def statuses(self) -> dict[int, list[str]]:
        return {run: [state for _, state in seen] for run, seen in self.states().items()}

    def end_processes(self) -> None:
        """SIGTERM to all; a process that does not end in time is a failure of the test."""
        for process in self.processes:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in self.processes:
            process.wait(30)

    def end(self) -> None:
        try:
            self.end_processes()
        finally:
            for process in self.processes:
                if process.poll() is None:
                    process.kill()
                    process.wait()
            self.upstream.end()


def by_run(log: Iterable[Asked]) -> dict[int, list[Asked]]:
    found: dict[int, list[Asked]] = defaultdict(list)
    for asked in log:
        found[asked.run].append(asked)
    return found


def interval(history: list[Asked], bands: tuple[float, float, float]) -> float:
    """The interval in force after the last of these answers, by the age of its phase."""
    state = history[-1].state
    first = next(
        asked.at
        for n, asked in enumerate(history)
        if asked.state == state and all(later.state in {state, ""} for later in history[n:])
    )
    age = history[-1].at - first
    return bands[0] if age < 60 else bands[1] if age < 600 else bands[2]


def sleep_until(moment: float) -> None:
    time.sleep(max(0.0, moment - time.monotonic()))
