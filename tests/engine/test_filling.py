"""Two real watchers fill a board together: each list, page and run is asked for by one of them."""

import os
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from django.utils import timezone

from dashboard.models import Follow, Run
from dashboard.simulator import Simulator
from dashboard.simulator.workspace import Workspace
from tests.engine.test_chores import watchers  # noqa: F401
from tests.patience import until

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
WORKFLOWS, PAST = 6, 160
Watchers = list[subprocess.Popen[bytes]]


@pytest.fixture
def upstream() -> Iterator[Simulator]:
    """A workspace whose workflows all had a run within the hour, and some hundred past ones."""
    made = Workspace(WORKFLOWS)
    with Simulator(port=0, key="test-key", workspace=made, quiet=True) as simulator:
        for number in range(WORKFLOWS):
            simulator.start_run(workflow=number, age=900)
        simulator.add_history(0, PAST, timedelta(days=6))
        yield simulator


def asked(upstream: Simulator, of: str) -> dict[str, list[float]]:
    """The moments of the requests whose path has this in it, by path with its query."""
    found: dict[str, list[float]] = {}
    for request in list(upstream.requests):
        if of in request.path:
            found.setdefault(request.path, []).append(request.time.timestamp())
    return found


def times(upstream: Simulator) -> Counter[UUID]:
    """How often each run was asked for."""
    return Counter(request.run_id for request in list(upstream.requests) if request.run_id)


def past() -> set[UUID]:
    old = Run.objects.filter(created_at__lt=timezone.now() - timedelta(hours=1))
    return set(old.values_list("uuid", flat=True))


def read() -> int:
    return Run.objects.filter(observed_at__isnull=False).count()


def test_two_watchers_ask_for_each_list_once_an_interval_and_for_each_past_run_once(
    upstream: Simulator,
    watchers: Watchers,  # noqa: F811
) -> None:
    until(lambda: read() >= PAST + WORKFLOWS)
    until(lambda: upstream.feed.open == 1)
    time.sleep(35)
    newest = asked(upstream, "/runs?limit=50&offset=0")
    assert len(newest) == WORKFLOWS
    for moments in newest.values():
        assert all(later - earlier > 12 for earlier, later in pairwise(moments)), moments
        assert len(moments) >= 3
    pages = asked(upstream, "/runs?limit=100")
    assert pages and all(len(moments) == 1 for moments in pages.values()), pages
    assert {run_id for run_id, count in times(upstream).items() if count > 1} & past() == set()
    assert upstream.feed.open == 1
    assert all(process.poll() is None for process in watchers)


def test_a_killed_watcher_leaves_past_runs_to_the_other(
    upstream: Simulator,
    watchers: Watchers,  # noqa: F811
) -> None:
    until(lambda: 20 <= read() < PAST)
    os.kill(watchers[0].pid, signal.SIGKILL)
    until(lambda: read() >= PAST + WORKFLOWS)
    again = {run_id for run_id, count in times(upstream).items() if count > 1}
    assert len(again & past()) <= 12  # those that were claimed when it died
    assert Follow.objects.filter(history_done_at=None).count() == 0
