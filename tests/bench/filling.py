"""A board that fills itself: how soon a new run is here, and how long past runs take."""

import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from dashboard.simulator import Simulator
from dashboard.simulator.workspace import Workspace
from tests.bench.musts import must
from tests.bench.server import Server, granian
from tests.engine.stage import Stage

WORKFLOWS, BUSY = 12, 4
PAST, RATE, LONGEST = 600, 10, 180.0
NEW_RUNS, LOOK = 24, 0.02
INTERVAL = 15.0  # seconds between two listings where runs came within the hour
REQUESTS = 150
COUNT = "SELECT count(*) FROM dashboard_run WHERE status IS NOT NULL"
WHOLE = f"{COUNT} AND observed_at IS NOT NULL"
KNOWN = "SELECT count(*) FROM dashboard_run WHERE uuid = ?"


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="runboard-bench-"))
    print(f"\nA workspace of {WORKFLOWS} workflows, {RATE} requests a second")
    with_feed = report_new_runs(folder / "feed", feed=True)
    must_hold("a new run to its row, with the feed", with_feed, 2.0)
    without = report_new_runs(folder / "lists", feed=False)
    must_hold("a new run to its row, by lists alone", without, INTERVAL / 2 + 1)
    report_past_runs(folder / "past")


def must_hold(name: str, median: float, most: float) -> None:
    print(f"{name}: median {median:.2f} s ({must(name, median, most, ' s')})", flush=True)


@contextmanager
def board(folder: Path, simulator: Simulator, **environment: str) -> Iterator[Stage]:
    folder.mkdir(parents=True, exist_ok=True)
    stage = Stage(
        folder,
        f"sqlite:///{folder}/board.sqlite3",
        COMFYDEPLOY_API_URL=simulator.url,
        UPSTREAM_RATE=str(RATE),
        PEOPLE="off",
        **environment,
    )
    try:
        yield stage
    finally:
        stage.end()


def report_new_runs(folder: Path, *, feed: bool) -> float:
    """The median of seconds from the creation of a run upstream until its row can be read."""
    chosen = Workspace(WORKFLOWS, set() if feed else {"feed"})
    with Simulator(port=0, key="test-key", workspace=chosen, quiet=True) as simulator:
        for workflow in range(BUSY):
            simulator.start_run(workflow=workflow, age=600)
        with board(folder, simulator, BACKFILL_DAYS="1") as stage, reading(folder) as count:
            stage.watcher()
            wait(lambda: count(COUNT) >= BUSY, 60)
            time.sleep(3 if feed else INTERVAL + 5)
            return statistics.median(new_runs(simulator, count, 1.0 if feed else 3.0))


def new_runs(simulator: Simulator, count: Callable[..., int], pause: float) -> list[float]:
    """Makes runs at random moments and waits for their rows; the seconds that each took."""
    began: dict[UUID, float] = {}
    took: list[float] = []
    draw = random.Random(7)
    following = time.monotonic()
    end = following + NEW_RUNS * pause + 3 * INTERVAL
    while len(took) < NEW_RUNS and time.monotonic() < end:
        if len(began) + len(took) < NEW_RUNS and time.monotonic() >= following:
            began[simulator.start_run(workflow=draw.randrange(BUSY))] = time.monotonic()
            following = time.monotonic() + pause * (0.5 + draw.random())
        for run_id in list(began):
            if count(KNOWN, run_id.hex):
                took.append(time.monotonic() - began.pop(run_id))
        time.sleep(LOOK)
    return took + [float("inf")] * (NEW_RUNS - len(took))


def report_past_runs(folder: Path) -> None:
    """How long 600 past runs take at half of the request rate, and the list page meanwhile."""
    with Simulator(port=0, key="test-key", workspace=Workspace(WORKFLOWS), quiet=True) as simulator:
        for workflow in range(BUSY):
            simulator.add_history(workflow, PAST // BUSY, timedelta(days=6))
        with board(folder, simulator) as stage, reading(folder) as count:
            began = time.monotonic()
            stage.watcher()
            wait(lambda: count(COUNT) >= PAST, 60)
            print(f"All {count(COUNT)} past runs are listed after {time.monotonic() - began:.1f} s")
            with granian("dashboard.wsgi:application", stage.environment) as server:
                reading_costs = cost_of_list(server)
                wait(lambda: count(WHOLE) >= PAST, 2 * LONGEST)
                spent = time.monotonic() - began
                time.sleep(5)
                usual = cost_of_list(server)
    told = must(f"{PAST} past runs fetched whole", spent, LONGEST, " s")
    print(f"and fetched whole after {spent:.0f} s ({told})")
    factor = reading_costs / usual
    told = must("the list while past runs are read / as usual", factor, 1.2)
    print(f"List page: {reading_costs:.2f} ms while reading, {usual:.2f} ms after ({told})")


def cost_of_list(server: Server) -> float:
    return server.cost("/", REQUESTS, {"Accept-Encoding": "gzip"})


@contextmanager
def reading(folder: Path) -> Iterator[Callable[..., int]]:
    """Counts rows over a connection of its own: what it sees is committed."""
    with closing(sqlite3.connect(folder / "board.sqlite3", isolation_level=None)) as connection:
        yield lambda query, *values: int(connection.execute(query, values).fetchone()[0])


def wait(holds: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.05)


if __name__ == "__main__":
    main()
