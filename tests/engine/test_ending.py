"""A watcher that is told to end while nothing answers: in time, and it leaves all as it was."""

import signal
import socket
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.engine.stage import Stage
from tests.upstream.test_feed import HELLO, opening, stay
from tests.wire import Wire, answer

pytestmark = pytest.mark.slow
RUNS = 30  # of which 16 are in the threads' hands and 8 more are claimed
FOLLOWED = """
from uuid import uuid4
from dashboard.services import clock
from dashboard.services.runs import follow
follow.add("workflow", uuid4(), clock.now())
"""
STANDING = """
from dashboard.models import Follow, Run, SharedState
from dashboard.services import clock
print(json.dumps({
    "claims": Run.objects.filter(claim_token__isnull=False).count(),
    "due": Run.objects.due(clock.now()).count(),
    "lists": Follow.objects.filter(next_at__lte=clock.now()).count(),
    "beats": SharedState.objects.filter(name__startswith="watcher:").count(),
}))
"""


def standing(made: Stage) -> dict[str, Any]:
    found: dict[str, Any] = made.shell(STANDING)
    return found


def test_it_ends_within_ten_seconds_and_all_it_held_is_due_again(
    stage: Callable[..., Stage], database: str
) -> None:
    made = stage(database, UPSTREAM_RATE="50")
    made.upstream.set(delay=15, hold=600)
    made.track(RUNS)
    made.shell(FOLLOWED)
    watcher = made.watcher()
    end = time.monotonic() + 30
    while made.upstream.awaited() < 16 + 1:  # threads, and the list
        assert time.monotonic() < end
        time.sleep(0.05)
    watcher.send_signal(signal.SIGTERM)
    told = time.monotonic()
    assert watcher.wait(15) == 0
    assert time.monotonic() - told < 10
    assert standing(made) == {"claims": 0, "due": RUNS, "lists": 1, "beats": 0}
    assert "Traceback" not in made.said("watcher")


LISTED = """
from uuid import uuid4
from dashboard.models import Workflow
from dashboard.services import clock
Workflow.objects.create(uuid=uuid4(), seen_at=clock.now())
"""
FEED = """
from dashboard.models import SharedState
from dashboard.services import clock
from dashboard.services.comfydeploy.feed_lease import feed_state
print(json.dumps(feed_state(SharedState.read(), clock.now())))
"""


def silent_feed(wire: Wire, peer: socket.socket) -> bool:
    """A feed that opens and says no more; nothing else is there."""
    if "/stream-progress?" in wire.requests[-1]:
        return stay(opening(HELLO))(wire, peer)
    peer.sendall(answer(b"{}", "404 Not Found"))
    return True


def test_it_ends_within_ten_seconds_with_an_open_silent_feed(
    stage: Callable[..., Stage], database: str
) -> None:
    with Wire(silent_feed) as wire:
        made = stage(database, COMFYDEPLOY_API_URL=wire.url)
        made.shell(LISTED)
        watcher = made.watcher()
        end = time.monotonic() + 30
        while made.shell(FEED) != "on":
            assert time.monotonic() < end
        watcher.send_signal(signal.SIGTERM)
        told = time.monotonic()
        assert watcher.wait(15) == 0
        assert time.monotonic() - told < 10
        assert made.shell(FEED) == "off"
        assert made.shell(STANDING)["beats"] == 0
    assert "Traceback" not in made.said("watcher")


def test_another_watcher_takes_the_feed_over_from_one_that_was_killed(
    stage: Callable[..., Stage], database: str
) -> None:
    with Wire(silent_feed) as wire:
        made = stage(database, COMFYDEPLOY_API_URL=wire.url)
        made.shell(LISTED)
        first = made.watcher("first")
        end = time.monotonic() + 30
        while made.shell(FEED) != "on":
            assert time.monotonic() < end
        made.watcher("second")
        first.kill()
        killed = time.monotonic()
        while sum("/stream-progress?" in head for head in wire.requests) < 2:
            assert time.monotonic() - killed < 35
            time.sleep(0.1)
