"""A webhook is answered at once, however busy the watcher beside it is."""

import http.client
import json
import statistics
import time
from collections.abc import Callable

import pytest

from tests.engine.stage import Stage
from tests.engine.upstream import run_id
from tests.groups import BUSY
from tests.patience import PATIENCE

pytestmark = [BUSY, pytest.mark.slow]
SECRET = "a-secret-for-this-test-alone"
RUNS, CALLS = 300, 50


def test_calls_are_answered_within_50_ms_beside_a_busy_watcher(
    stage: Callable[..., Stage], database: str
) -> None:
    made = stage(database, UPSTREAM_RATE="30", HOOK_SECRET=SECRET)
    made.upstream.set(hold=600, steps=1)
    made.track(RUNS)
    port = made.web()
    made.watcher()
    while len(made.upstream.log()[1]) < 60:
        time.sleep(0.2)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    before, bare, took = len(made.upstream.log()[1]), [], []
    for number in range(CALLS):
        bare.append(timed(connection, "GET", "/readyz"))
        body = json.dumps({"event_type": "run.updated", "run_id": str(run_id(number))})
        took.append(timed(connection, "POST", f"/hooks/comfydeploy/{SECRET}/", body))
        time.sleep(0.1)
    connection.close()
    assert len(made.upstream.log()[1]) - before > 100, "the watcher was at work"
    # What a machine under load takes to read one row is not ours, nor are its longest pauses.
    assert statistics.median(took) < 0.05 + p95(bare), (sorted(took), sorted(bare))


def timed(
    connection: http.client.HTTPConnection, method: str, path: str, body: str | None = None
) -> float:
    began = time.perf_counter()
    connection.request(method, path, body)
    response = connection.getresponse()
    response.read()
    assert response.status in {200, 204}
    return time.perf_counter() - began


def p95(took: list[float]) -> float:
    return statistics.quantiles(took, n=20)[-1]
