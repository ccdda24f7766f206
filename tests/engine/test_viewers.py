"""Many viewers: one question an interval, and no lock that reaches anyone."""

import http.client
import threading
import time
from collections import Counter
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.engine.stage import Stage
from tests.engine.upstream import run_id
from tests.groups import BUSY
from tests.patience import PATIENCE

pytestmark = [BUSY, pytest.mark.slow]


class Crowd:
    """Viewers that poll pages' live parts every 2 s, each with its tag, as browsers do."""

    def __init__(self, port: int, viewers: int, runs: int) -> None:
        self.port, self.runs = port, runs
        self.met: Counter[int] = Counter()
        self.bodies: list[str] = []
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._view, args=(n,)) for n in range(viewers)]

    def watch(self, seconds: float) -> None:
        for thread in self._threads:
            thread.start()
        time.sleep(seconds)
        self._over.set()
        for thread in self._threads:
            thread.join(30)

    def _view(self, number: int) -> None:
        page = f"/runs/{run_id(number % self.runs)}/"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        tag = ""
        self._get(connection, page, "")
        while not self._over.wait(2 + number % 10 / 50):
            tag = self._get(connection, f"{page}live/", tag)
        connection.close()

    def _get(self, connection: http.client.HTTPConnection, path: str, tag: str) -> str:
        connection.request("GET", path, headers={"HX-PTag": tag} if tag else {})
        response = connection.getresponse()
        body = response.read()
        self.met[response.status] += 1
        if response.status >= 400:
            self.bodies.append(body.decode()[:2000])
        return response.headers.get("HX-PTag") or tag


@pytest.mark.parametrize("watched", [True, False])
def test_200_viewers_of_one_run_ask_once_an_interval(
    stage: Callable[..., Stage], database: str, watched: bool
) -> None:
    made = stage(database)
    made.upstream.set(hold=600)
    port = made.web()
    if watched:
        made.watcher()
    crowd = Crowd(port, 200, 1)
    crowd.watch(30)
    made.end_processes()
    _, log = made.upstream.log()
    assert set(crowd.met) <= {200, 304}, crowd.bodies[:1]
    assert min(two.at - one.at for one, two in pairwise(log)) >= 1.99
    assert 10 <= len(log) <= 16


def test_sqlite_serves_a_watcher_the_web_and_50_viewers_without_a_lock(
    stage: Callable[..., Stage], sqlite: str
) -> None:
    made = stage(sqlite, UPSTREAM_RATE="50")
    made.upstream.set(hold=8, steps=1)
    made.track(120)
    port = made.web()
    made.watcher()
    crowd = Crowd(port, 50, 60)
    crowd.watch(30)
    made.end_processes()
    assert set(crowd.met) <= {200, 304}, crowd.bodies[:1]
    for name in ("web", "watcher"):
        assert "locked" not in made.said(name)
        assert "Traceback" not in made.said(name)
