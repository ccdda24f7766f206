"""One watcher process beside a bare `requests` pool that asks the same and stores nothing."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

from tests.bench.server import cpu_seconds, memory_mb
from tests.engine.stage import Stage, Upstream

THREADS, LATENCY = 64, 0.15
RUNS, SECONDS = 5000, 15.0  # at 10 s each they want more than the bare pool can do
BARE = """
import itertools, sys, threading, time, requests
from tests.engine.upstream import run_id
url, threads, runs = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
numbers = itertools.count()
def ask():
    session = requests.Session()
    session.trust_env = False
    while True:
        session.get(f"{url}/run/{run_id(next(numbers) % runs)}?queue_position=true").content
for _ in range(threads):
    threading.Thread(target=ask, daemon=True).start()
time.sleep(600)
"""


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="runboard-bench-"))
    print(f"\nRefreshes a second, {THREADS} threads, {LATENCY * 1000:.0f} ms upstream")
    print(f"{'':34}{'a second':>10}{'ms CPU each':>13}")
    bare = row("a bare requests pool, stores nothing", *measure_bare())
    for name, database in databases(folder).items():
        with_watcher = row(f"one watcher on {name}", *measure_watcher(folder / name, database))
        print(f"{'':4}of the bare pool: {with_watcher / bare:.0%} (target >= 60%)")
    for name, database in databases(folder).items():
        report_lag(name, folder / f"{name}-lag", database)
    report_memory(folder)


def databases(folder: Path) -> dict[str, str]:
    found = {"SQLite": f"sqlite:///{folder}/{time.monotonic_ns()}.sqlite3"}
    named = os.environ.get("TEST_DATABASE_URL", "")
    if named.startswith("postgres"):
        found["PostgreSQL"] = named
    else:
        print("(PostgreSQL is left out: TEST_DATABASE_URL names none)")
    return found


def row(name: str, rate: float, cost: float) -> float:
    print(f"{name:34}{rate:10.0f}{cost:13.2f}", flush=True)
    return rate


def measure_bare() -> tuple[float, float]:
    upstream = Upstream()
    upstream.set(delay=LATENCY, hold=3600, steps=20)
    command = [sys.executable, "-c", BARE, upstream.url, str(THREADS), str(RUNS)]
    process = subprocess.Popen(command)
    try:
        time.sleep(3)
        return over(upstream, process.pid)
    finally:
        process.kill()
        process.wait()
        upstream.end()


def measure_watcher(folder: Path, database: str) -> tuple[float, float]:
    """In the steady state: all runs are known, and about half of the answers bring a change."""
    folder.mkdir(exist_ok=True)
    stage = clean_stage(folder, database, WATCH_CONCURRENCY=str(THREADS))
    try:
        stage.upstream.set(delay=LATENCY, hold=3600, steps=20)
        stage.track(RUNS)
        watcher = stage.watcher()
        while len(stage.upstream.log()[1]) < RUNS + 100:
            time.sleep(0.5)
        return over(stage.upstream, watcher.pid)
    finally:
        stage.end()


def clean_stage(folder: Path, database: str, **environment: str) -> Stage:
    stage = Stage(folder, database, UPSTREAM_RATE="1000", **environment)
    stage.python("manage.py", "flush", "--no-input", "--verbosity", "0")
    return stage


def over(upstream: Upstream, pid: int) -> tuple[float, float]:
    """Questions a second and milliseconds of CPU each, over some seconds."""
    began, cpu, before = time.monotonic(), cpu_seconds(pid), len(upstream.log()[1])
    time.sleep(SECONDS)
    count = len(upstream.log()[1]) - before
    spent = cpu_seconds(pid) - cpu
    return count / (time.monotonic() - began), spent / max(1, count) * 1000


def report_lag(name: str, folder: Path, database: str) -> None:
    """From an upstream change to the stored snapshot, for runs that somebody looks at."""
    folder.mkdir(exist_ok=True)
    stage = clean_stage(folder, database)
    try:
        stage.upstream.set(hold=3600, steps=7)
        stage.track(20)
        stage.watcher()
        time.sleep(4)
        looked = "from dashboard.models import Run\nfrom django.utils import timezone\n"
        looked += "Run.objects.update(looked_at=timezone.now(), next_refresh_at=timezone.now())"
        for _ in range(2):
            stage.shell(looked)
            time.sleep(20)
        lags = sorted(changes(stage))
        told = f"{name}: median {statistics.median(lags):.2f} s of {len(lags)} changes"
        print(f"From a change to its snapshot, {told} (target <= 2/2 + 0.3 = 1.30 s)", flush=True)
    finally:
        stage.end()


def changes(stage: Stage) -> list[float]:
    """Seconds between each step of progress upstream and the moment of its snapshot."""
    began, _ = stage.upstream.log()
    rows = stage.shell(
        "from dashboard.models import Snapshot\n"
        "rows = Snapshot.objects.order_by('id').values_list('run__uuid', 'observed_at')\n"
        "print(json.dumps([(r.int & 0xffffffffffff, at.timestamp()) for r, at in rows]))"
    )
    found: dict[int, list[float]] = defaultdict(list)
    for run, at in rows:
        found[run].append(at - began)
    lags = []
    for run, moments in found.items():
        for one, two in pairwise(moments):
            if two > 8 and two - one < 14:
                lags.append((two + run * 0.61) % 7)
    return lags


def report_memory(folder: Path) -> None:
    (folder / "memory").mkdir()
    stage = Stage(folder / "memory", f"sqlite:///{folder}/memory.sqlite3", UPSTREAM_RATE="100")
    try:
        stage.upstream.set(hold=3600, steps=20)
        stage.track(1000)
        watcher = stage.watcher()
        time.sleep(30)
        told = f"{memory_mb(watcher.pid):.0f} MB (Pss)"
        print(f"Memory of the watcher with 1,000 live runs: {told}")
    finally:
        stage.end()


if __name__ == "__main__":
    main()
