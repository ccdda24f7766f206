"""The feed's keeper: one watcher of all holds one connection and takes over what it names."""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from uuid import UUID

from django.db import Error, connection

from dashboard.domain.feed import LONGEST_WAIT, wait_after
from dashboard.domain.polling.circuit_breaker import Permit
from dashboard.domain.polling.trouble import Trouble
from dashboard.services import clock
from dashboard.services.comfydeploy import client, feed_lease, gate
from dashboard.services.comfydeploy.feed_lease import FeedState
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.services.jitter import jittered
from dashboard.services.runs import feed
from dashboard.services.worker.feed_connection import FeedConnection, Flood, Heard
from dashboard.upstream.errors import UpstreamError
from dashboard.upstream.feed import Feed

log = logging.getLogger(__name__)
TICK, LOOK_EVERY = 0.2, 2.0  # seconds
BEAT_EVERY, HELD_WITHOUT_BEAT = 5.0, 25.0  # seconds
# Seconds without a byte: a new connection is opened, and the old one is in doubt.
SILENCE, DOUBT = 300.0, 330.0
NOTHING_YET, REFUSED_WAIT, ANOTHER_WAIT = 10.0, 1.0, 60.0  # seconds until the next look
SPOKE_FOR = 10.0  # seconds that a stream lasts if its failures are to be forgotten
REFUSALS, OFF_FOR = 3, 3600.0  # refused subscriptions in a row, and seconds
REFUSED = frozenset({Trouble.FORBIDDEN, Trouble.NOT_FOUND})


class FeedKeeper:
    """Holds the feed's lease, opens the feed, renews and closes it; a thread of the watcher."""

    def __init__(
        self,
        name: str,
        wake: Callable[[], None],
        failed: Callable[[Error], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._name, self._wake, self._failed, self._clock = name, wake, failed, clock
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="feed-keeper", daemon=True)
        self._heard = Heard()
        self._holds, self._beat_at, self._written = False, float("-inf"), FeedState.OFF
        self._look_at = self._next_at = float("-inf")
        self._resting = FeedState.CONNECTING  # the state while nothing is open
        self._outgrown = False  # a run can be subscribed to instead of a workflow
        self._current: FeedConnection | None = None
        self._opening: FeedConnection | None = None
        self._failures = 0
        self._error: UpstreamError | None = None  # how the last connection ended
        self._refused: deque[UUID] = deque(maxlen=50)
        self._refusals = 0
        self._off_until: float | None = None
        self._off_after = 0

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Asks the thread to end and to release the lease; does not wait."""
        self._stop.set()

    def join(self, seconds: float) -> None:
        """Waits for the end that `stop` asked for, where it was started."""
        if self._thread.ident is not None:
            self._thread.join(seconds)

    def _run(self) -> None:
        while not self._stop.is_set():
            pause = TICK
            try:
                self.tick()
            except Error as error:
                self._failed(error)
                pause = LOOK_EVERY
            except Exception:
                log.exception("Keeping the feed failed. Trying on.")
                pause = LOOK_EVERY
            self._stop.wait(pause)
        self.end()

    def end(self) -> None:
        """Closes the feed and releases the lease."""
        self._close()
        try:
            if self._holds:
                feed_lease.release(self._name, clock.now())
        except Error as error:
            log.error("The feed's lease could not be released: %s. It expires in 30 s.", error)
        finally:
            self._holds = False
            connection.close()

    def tick(self) -> None:
        """One turn: the lease, what was heard, the connections. Asks nothing itself."""
        now = self._clock()
        self._settle(now)
        try:
            self._hold(now)
        finally:
            if not self._holds:
                self._close()
        if self._holds:
            self._take_heard()
            self._look_after(now)

    # The lease

    def _hold(self, now: float) -> None:
        """Takes the lease or keeps it alive; without a beat in time it counts as lost."""
        if not self._holds:
            if now - self._look_at >= LOOK_EVERY:
                self._look_at = now
                self._holds = feed_lease.take(self._name, clock.now())
                self._beat_at, self._written = now, FeedState.CONNECTING
            return
        state = self.state(now)
        if now - self._beat_at < BEAT_EVERY and state == self._written:
            return
        self._holds = now - self._beat_at < HELD_WITHOUT_BEAT
        self._holds = feed_lease.renew(self._name, state, clock.now())
        if state != self._written:
            log.info("The feed of new runs: %s.%s", state, self._reason(state))
        self._beat_at, self._written = now, state

    def _reason(self, state: FeedState) -> str:
        return f" {self._error}" if self._error and state != FeedState.ON else ""

    def state(self, now: float) -> FeedState:
        """What this keeper knows of the feed that it holds."""
        if self._current is not None and self._current.silent_for(now) < DOUBT:
            return FeedState.ON
        return self._resting

    # What was heard

    def _take_heard(self) -> None:
        runs = self._heard.waiting()
        if runs:
            feed.receive(runs, clock.synchronized_now())
            self._heard.written(len(runs))
            self._wake()

    # The connections: the one in use, and the one that opens to take its place

    def _settle(self, now: float) -> None:
        """Takes over a connection that has opened, and lets go of those that have ended."""
        opening = self._opening
        if opening is not None and opening.opened_at is not None:
            if self._current is not None:
                self._current.stop()
            self._current, self._opening, self._refusals = opening, None, 0
        elif opening is not None and opening.ended:
            self._opening = None
            self._plan_after(opening, now)
        current = self._current
        if current is not None and current.ended:
            self._current = None
            if current.spoke and now - (current.opened_at or now) >= SPOKE_FOR:
                self._failures = 0
            self._plan_after(current, now)

    def _plan_after(self, ended: FeedConnection, now: float) -> None:
        error = self._error = ended.error
        if error is not None and error.trouble in REFUSED:
            self._refused.append(ended.by.id)
            self._refusals += 1
            self._plan(now, REFUSED_WAIT, FeedState.CONNECTING)
            if self._refusals >= REFUSALS:
                self._turn_off(now)
            return
        self._failures += 1
        wait = wait_after(self._failures)
        if isinstance(error, Flood) or (error and error.trouble == Trouble.KEY_REJECTED):
            wait = LONGEST_WAIT
        wait = max(wait, (error and error.retry_after) or 0.0)
        self._plan(now, wait, FeedState.CONNECTING if wait < LONGEST_WAIT else FeedState.OFF)

    def _plan(self, now: float, wait: float, resting: FeedState) -> None:
        self._next_at, self._resting = now + jittered(wait), resting

    def _turn_off(self, now: float) -> None:
        """Does without the feed for an hour, or until another run can be read."""
        self._off_until = now + OFF_FOR
        self._plan(now, ANOTHER_WAIT, FeedState.OFF)
        self._off_after = feed.last_row()

    def _look_after(self, now: float) -> None:
        if now - self._look_at >= LOOK_EVERY:
            self._look_at = now
            self._look(now)
        current = self._current
        wanted = current is None or self._outgrown or current.silent_for(now) >= SILENCE
        if wanted and self._opening is None and now >= self._next_at:
            self._open(now)

    def _look(self, now: float) -> None:
        """Ends the feed of a key that is known to be rejected: ComfyDeploy itself does not."""
        stop = gate.current_stop(clock.now())
        if stop is not None and stop.reason == Trouble.KEY_REJECTED:
            self._close()
            self._plan(now, LOOK_EVERY, FeedState.OFF)
        elif self._current is not None and self._current.by.kind == "workflow":
            self._outgrown = feed.readable_run(self._refused) is not None

    def _open(self, now: float) -> None:
        """Starts one connection, for one token, where there is something to subscribe to."""
        if self._off_until is not None and not self._is_on_again(now):
            self._plan(now, ANOTHER_WAIT, FeedState.OFF)
            return
        by = feed.subscription(self._refused)
        if by is None:
            self._plan(now, NOTHING_YET, FeedState.OFF)
            if self._refusals:
                self._turn_off(now)
            return
        if gate.permit(clock.now()) != Permit.ALLOWED or not token_bucket().take():
            self._plan(now, LOOK_EVERY, self._resting)
            return
        self._outgrown = False
        opening = FeedConnection(Feed(client.client(), by.path), by, self._heard, self._clock)
        opening.start()
        self._opening = opening

    def _is_on_again(self, now: float) -> bool:
        """Whether the hour is over, or a run was tracked since that can be read."""
        assert self._off_until is not None
        if now >= self._off_until:
            self._refused.clear()
            self._refusals = 0
        elif feed.readable_run(self._refused, after=self._off_after):
            self._refusals = REFUSALS - 1  # refused once more, it is off again
        else:
            return False
        self._off_until = None
        return True

    def _close(self) -> None:
        for each in (self._current, self._opening):
            if each is not None:
                each.stop()
        self._current = self._opening = None
