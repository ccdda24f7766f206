"""Boards for pictures: a ComfyDeploy whose clock stands, and pages of every kind by name."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import urlopen
from uuid import UUID, uuid4

from dashboard.simulator import Simulator
from tests.bench.server import free_port, wait_for

ROOT = Path(__file__).parent.parent
KEY = "test-key"
EARLIER = 36  # runs that are stored beforehand, so that there is something to compare with
# Each run's scenario and how long ago it began; the simulator's clock stands, and so do they.
LIVE = {
    "running": ("kinds", 12.0),
    "starting": ("cold", 22.0),
    "waiting": ("queue", 60.0),
    "in-line": ("ahead", 12.0),
}
ENDED = {
    "cold": "cold",
    "warm": "warm",
    "waited-long": "queue",
    "failed": "fail-midway",
    "failed-early": "fail-dispatch",
    "cancelled": "cancel-running",
    "cancelled-early": "cancel-early",
    "timed-out": "timeout",
    "in-a-session": "workspace",
    "kinds": "kinds",
    "no-files": "no-files",
    "out-of-order": "retried",
    "hostile": "unicode",
}
REFUSALS = {
    "404": (404, {}, '{"detail":"Run not found"}'),
    "403": (403, {}, '{"detail":"Access denied. "}'),
    "502": (502, {"content-type": "text/html"}, "<html>"),
    "429": (429, {"retry-after": "3600"}, "{}"),
    "401": (401, {}, '{"detail":"Revoked token"}'),
}
WORDS = {"404": "not-found", "403": "forbidden", "502": "server-error", "429": "rate-limited",
         "401": "key-rejected", "504": "timed-out"}  # fmt: skip


@contextmanager
def board(**given: str) -> Iterator[str]:
    """Runboard with a database of its own, at a free port."""
    port = free_port()
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    with tempfile.TemporaryDirectory() as folder:
        own = {
            "DATABASE_URL": f"sqlite:///{folder}/board.sqlite3",
            "FILES_FOLDER": f"{folder}/files",
            "SECRET_KEY": "pictures",
            "UPSTREAM_RATE": "100",
            "PORT": str(port),
        }
        process = subprocess.Popen(
            [sys.executable, "manage.py", "serve"], cwd=ROOT, env={**kept, **own, **given}
        )
        try:
            wait_for(port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


class Standing:
    """A clock that stands, until it is set to the present."""

    def __init__(self) -> None:
        self.set()

    def set(self) -> None:
        self.at = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.at


@contextmanager
def standing() -> Iterator[Simulator]:
    """A ComfyDeploy in which no time passes."""
    with Simulator(port=0, key=KEY, clock=Standing()) as simulator:
        yield simulator


def upstream(simulator: Simulator) -> dict[str, str]:
    return {"COMFYDEPLOY_API_URL": simulator.url, "COMFYDEPLOY_API_KEY": KEY}


def fill(site: str, simulator: Simulator) -> dict[str, str]:
    """Opens earlier runs, and one of each kind; the paths of these by name."""
    for seed in range(EARLIER):
        scenario = ("cold", "warm", "cold", "kinds")[seed % 4]
        opened(site, simulator.id(scenario, seed=seed, age=3000.0 + 700 * seed))
    found = {
        f"run-{name}": opened(site, simulator.id(scenario, seed=4, age=900.0))
        for name, scenario in ENDED.items()
    }
    if isinstance(simulator.clock, Standing):
        simulator.clock.set()  # the live ones are as old as they say
    lives = {
        f"run-{name}": opened(site, simulator.id(scenario, seed=4, age=age))
        for name, (scenario, age) in LIVE.items()
    }
    return {**lives, **found}


def opened(site: str, run_id: UUID) -> str:
    """The path of a run's page, once the board has it."""
    path = f"/runs/{run_id}/"
    # Not the page itself: what is usual would be kept for a minute while it is still little.
    status, text = read(f"{site}/runs/{run_id}.json")
    if status != 200:
        raise SystemExit(f"The sample {path} is missing: it answered {status}.\n{text[:400]}")
    return path


def trouble(site: str, simulator: Simulator, name: str) -> str:
    """The path of a run that ComfyDeploy does not give; on a board of its own, for it may
    stop all asking."""
    run_id = uuid4()
    late = name == "504"
    simulator.script(run_id, [REFUSALS["404" if late else name]], delay=25.0 if late else 0.0)
    return refused(site, run_id, WORDS[name])


def lost(site: str, simulator: Simulator) -> str:
    """The path of a live run about which no answer has come since it was first seen."""
    run_id = simulator.id(*LIVE["running"][:1], seed=4, age=LIVE["running"][1])
    path = opened(site, run_id)
    simulator.script(run_id, [REFUSALS["502"]])
    for _ in range(60):
        if 'class="live is-lost"' in read(f"{site}{path}")[1]:
            return path
        time.sleep(1)
    raise SystemExit(f"{path} is still in sight.")


def refused(site: str, run_id: UUID, word: str) -> str:
    path = f"/runs/{run_id}/"
    status, text = read(f"{site}{path}")
    if f'data-trouble="{word}"' not in text:
        raise SystemExit(f"{path} is no page of “{word}”: it answered {status}.\n{text[:400]}")
    return path


def read(url: str) -> tuple[int, str]:
    try:
        with urlopen(url, timeout=40) as response:
            return response.status, response.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def sign_in_link(given: dict[str, str]) -> str:
    """The path of a link that signs the first admin in."""
    done = subprocess.run(
        [sys.executable, "manage.py", "user", "ana"],
        cwd=ROOT,
        env={**os.environ, "SECRET_KEY": "pictures", **given},
        capture_output=True,
        text=True,
        check=True,
    )
    return urlsplit(done.stdout.split()[-1]).path
