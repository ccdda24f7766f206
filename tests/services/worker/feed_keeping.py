"""A keeper of the feed whose turns and whose clock are the test's, and what it told."""

import time
from collections.abc import Callable

from django.utils import timezone

from dashboard.models import SharedState
from dashboard.services.comfydeploy.feed_lease import FeedState, feed_state
from dashboard.services.worker.feed_keeper import FeedKeeper
from tests.domain.test_feed import HELLO
from tests.patience import PATIENCE
from tests.upstream.test_feed import opening, stay
from tests.wire import Wire

QUIET = stay(opening(HELLO))


class Kept:
    """A keeper whose turns and whose clock are the test's; `woken` counts."""

    def __init__(self, name: str = "a") -> None:
        self.moment = 1000.0
        self.woken = 0
        self.keeper = FeedKeeper(name, self._wake, lambda _: None, clock=lambda: self.moment)

    def _wake(self) -> None:
        self.woken += 1

    def until(self, true: Callable[[], object], step: float = 0.0) -> None:
        """Takes turns until it is so, `step` seconds of its clock apart."""
        end = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < end, "it did not happen in time"
            self.keeper.tick()
            self.moment += step
            time.sleep(0.005)

    def turns(self, count: int, step: float = 0.0) -> None:
        for _ in range(count):
            self.keeper.tick()
            self.moment += step
            time.sleep(0.005)

    @property
    def on(self) -> bool:
        return self.keeper.state(self.moment) is FeedState.ON


def told() -> FeedState:
    return feed_state(SharedState.read(), timezone.now())


def asked_by(wire: Wire) -> list[str]:
    """The IDs of the requests, in order."""
    return [head.partition("_id=")[2][:36] for head in wire.requests]
