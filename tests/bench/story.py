"""What the whole story of runs costs upstream: requests beside GET run for each run that ends."""

import re
import tempfile
import time
from collections import Counter
from pathlib import Path

from dashboard.simulator import Simulator
from dashboard.simulator.workspace import Workspace
from tests.bench.filling import board, reading, wait
from tests.bench.musts import must

WORKFLOWS, RUNS, EVERY = 4, 24, 5.0
SCENARIOS = ("warm", "warm", "cold", "fail-early")
SETTLES = 60.0  # seconds after the last end in which node times and containers are asked for
BESIDE = {
    "node times": re.compile(r"/api/workflow/[^/]+/runs\b"),
    "containers": re.compile(r"/api/machine/[^/]+/events\b"),
    "machines": re.compile(r"/api/machine/[^/]+$"),
    "versions": re.compile(r"/api/workflow-version/"),
    "prices": re.compile(r"/api/platform/gpu-pricing\b"),
    "live logs": re.compile(r"/api/v2/stream-logs\b"),
}
ENDED = "SELECT count(*) FROM dashboard_run WHERE finished = 1"


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="runboard-bench-"))
    print(f"\n{RUNS} runs of {WORKFLOWS} workflows, one each {EVERY:.0f} s")
    chosen = Workspace(WORKFLOWS)
    with (
        Simulator(port=0, key="test-key", workspace=chosen, quiet=True) as simulator,
        board(folder, simulator, BACKFILL_DAYS="0") as stage,
        reading(folder) as count,
    ):
        stage.watcher()
        for n in range(RUNS):
            simulator.start_run(SCENARIOS[n % len(SCENARIOS)], workflow=n % WORKFLOWS)
            time.sleep(EVERY)
        wait(lambda: count(ENDED) >= RUNS, 300)
        time.sleep(SETTLES)
        report(count(ENDED), [request.path for request in list(simulator.requests)])


def report(ended: int, paths: list[str]) -> None:
    found = Counter(
        name for path in paths for name, of in BESIDE.items() if of.match(path.partition("?")[0])
    )
    each = sum(found.values()) / max(ended, 1)
    told = must("requests beside GET run for each run that ends", each, 2)
    print(", ".join(f"{name} {found[name]}" for name in BESIDE))
    print(f"{ended} runs ended: {each:.2f} requests each ({told})", flush=True)


if __name__ == "__main__":
    main()
