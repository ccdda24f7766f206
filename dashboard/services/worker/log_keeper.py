"""The keeper of live logs: reads those that somebody looks at, and writes what comes."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error, connection

from dashboard.domain.feed import wait_after
from dashboard.domain.polling.circuit_breaker import Permit
from dashboard.domain.polling.trouble import Trouble
from dashboard.models.live_log import LiveState
from dashboard.services import clock
from dashboard.services.comfydeploy import client, gate
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.services.jitter import jittered
from dashboard.services.runs import live_logs
from dashboard.services.runs.live_logs import AT_ONCE, Held, Wish
from dashboard.services.worker.log_connection import LogConnection
from dashboard.upstream.feed import Feed
from dashboard.upstream.log_stream import log_stream_path

log = logging.getLogger(__name__)
TICK, LOOK_EVERY, WRITE_EVERY, RENEW_EVERY = 0.2, 1.0, 1.0, 10.0  # seconds
AFTER_THE_RUN = 60.0  # seconds that a log is read on; ComfyDeploy may never end it
REPLAY = 5.0  # seconds in which a new connection has told again what was seen before
LASTED = 10.0  # seconds of a connection whose failures before it are forgotten
ABSENT_WAIT, ENDED_WAIT = 600.0, 60.0  # seconds until the next try
REFUSED = frozenset({Trouble.FORBIDDEN, Trouble.NOT_FOUND, Trouble.BAD_ANSWER})


@dataclass(eq=False, slots=True)
class _Reading:
    """A log that is read."""

    held: Held
    connection: LogConnection
    since: float
    written_at: float = float("-inf")
    run_over_at: float | None = None


class LogKeeper:
    """Takes logs that are wanted, reads each over one connection; a thread of the watcher."""

    def __init__(
        self,
        name: str,
        failed: Callable[[Error], None],
        *,
        clock: Callable[[], float] = time.monotonic,
        failing: Callable[[], bool] = lambda: False,
    ) -> None:
        self._name, self._failed, self._clock = name, failed, clock
        self._failing = failing
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="log-keeper", daemon=True)
        self._reading: dict[int, _Reading] = {}
        self._look_at = self._renewed_at = float("-inf")

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Asks the thread to end and to give its logs up; does not wait."""
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
                if self._failing():
                    # SQLite: one connection that was opened on a read-only file keeps all later
                    # ones of the process read-only, and reading alone never fails here.
                    connection.close()
            except Error as error:
                self._failed(error)
                pause = LOOK_EVERY
            except Exception:
                log.exception("Keeping live logs failed. Trying on.")
                pause = LOOK_EVERY
            self._stop.wait(pause)
        self.end()

    def end(self) -> None:
        """Closes all connections and gives their logs up."""
        try:
            for reading in list(self._reading.values()):
                self._close(reading, LiveState.WAITING)
        except Error as error:
            log.error("Live logs could not be given up: %s. Their holds expire in 30 s.", error)
        finally:
            for reading in self._reading.values():
                reading.connection.stop()
            self._reading.clear()
            connection.close()

    def tick(self) -> None:
        """One turn: writes what came, lets go of what ended, takes what is wanted."""
        now = self._clock()
        for reading in list(self._reading.values()):
            self._attend(reading, now)
        if now - self._look_at >= LOOK_EVERY:
            self._look_at = now
            self._look(now)

    # What came

    def _attend(self, reading: _Reading, now: float) -> None:
        """Writes what came of one log and settles its end; no log may stop the others."""
        try:
            self._write(reading, now)
        except Error:
            raise
        except Exception:
            log.exception("A live log could not be written. It is left for ten minutes.")
            self._close(reading, LiveState.ABSENT, ABSENT_WAIT)
            return
        if reading.connection.ended:
            self._settle(reading, now)

    def _write(self, reading: _Reading, now: float) -> None:
        """Writes the lines where they have changed, at most once a second or at the end."""
        source = reading.connection
        if not source.changed or (now - reading.written_at < WRITE_EVERY and not source.ended):
            return
        with source.lock:
            replayed = source.lines.total >= reading.held.seen or now - reading.since > REPLAY
            if replayed:
                live_logs.write(self._name, reading.held.pk, source.lines, clock.now())
                source.changed = False  # not before: what a database refuses is written later
                reading.written_at = now

    def _settle(self, reading: _Reading, now: float) -> None:
        """Says how a log ended, and when it may be read again."""
        source, held = reading.connection, reading.held
        if source.complete or reading.run_over_at is not None:
            self._give_up(reading, LiveState.ENDED, ENDED_WAIT)
        elif source.error is not None and source.error.trouble in REFUSED:
            log.info("A live log is not available: %s", source.error)
            self._give_up(reading, LiveState.ABSENT, ABSENT_WAIT)
        else:
            lasted = now - reading.since >= LASTED
            named = (source.error and source.error.retry_after) or 0.0
            wait = max(wait_after(1 if lasted else held.failures + 1), named)
            self._give_up(reading, LiveState.BROKEN, jittered(wait), failed=not lasted)

    # What is wanted

    def _look(self, now: float) -> None:
        moment = clock.now()
        if self._reading:
            wishes = live_logs.wishes(self._name, moment)
            for reading in list(self._reading.values()):
                self._heed(reading, wishes.get(reading.held.pk), now, moment)
            if now - self._renewed_at >= RENEW_EVERY:
                self._renewed_at = now
                live_logs.renew(self._name, list(self._reading), moment)
        self._take(now, moment)

    def _heed(self, reading: _Reading, wish: Wish | None, now: float, moment: datetime) -> None:
        """Ends a log that is lost, whose run has ended a minute ago, or at which nobody looks."""
        if wish is None:
            reading.connection.stop()
            del self._reading[reading.held.pk]
            return
        if not wish.finished:
            reading.run_over_at = None
        elif reading.run_over_at is None:
            reading.run_over_at = now
        over = reading.run_over_at is not None and now - reading.run_over_at >= AFTER_THE_RUN
        if over or wish.until <= moment:
            if over:  # the wait: a wish that has not run out yet would open it again
                self._close(reading, LiveState.ENDED, ENDED_WAIT)
            else:
                self._close(reading, LiveState.WAITING)

    def _take(self, now: float, moment: datetime) -> None:
        """Opens logs that are wanted, each for one token, while requests may be sent."""
        free = AT_ONCE - len(self._reading)
        if free <= 0 or not live_logs.any_waiting(moment):
            return
        if gate.permit(moment) != Permit.ALLOWED:
            return
        tokens = token_bucket().take(free)
        taken: list[Held] = []
        try:
            taken = live_logs.take(self._name, tokens, moment) if tokens else []
        finally:
            token_bucket().give_back(tokens - len(taken))
        for held in taken:
            source = LogConnection(Feed(client.client(), log_stream_path(held.run_id)))
            source.start()
            self._reading[held.pk] = _Reading(held, source, now)

    # The end of a log

    def _close(self, reading: _Reading, state: LiveState, wait: float = 0.0) -> None:
        reading.connection.stop()
        self._give_up(reading, state, wait)

    def _give_up(
        self, reading: _Reading, state: LiveState, wait: float, *, failed: bool = False
    ) -> None:
        again_at = clock.now() + timedelta(seconds=wait)
        live_logs.give_up(self._name, reading.held.pk, state, again_at, failed=failed)
        del self._reading[reading.held.pk]
