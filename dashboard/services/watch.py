"""The watcher: takes due runs and refreshes them on a bounded pool until told to stop."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from dashboard.models import Run
from dashboard.services import marks
from dashboard.services.chores import Chores
from dashboard.services.claims import claim_due, release
from dashboard.services.clock import claim_moment
from dashboard.services.daily import Daily
from dashboard.services.observe import refresh
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
TICK, BEAT = 0.25, 2.0
GRACE = 10.0


class Watcher:
    """Refreshes due runs, at most `concurrency` at once, and beats every 2 s."""

    def __init__(self, concurrency: int) -> None:
        self.stopping = threading.Event()
        self._concurrency = concurrency
        self._busy = 0
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(concurrency, thread_name_prefix="refresh")
        self._tokens: set[UUID] = set()
        self._chores = Chores()
        self._in_trouble = False
        self._daily = Daily(self.stopping.is_set)

    def run(self) -> None:
        """Works until `stop()`; then finishes what is in flight within 10 s."""
        last_beat = None
        while not self.stopping.is_set():
            now = timezone.now()
            try:
                if last_beat is None or (now - last_beat).total_seconds() >= BEAT:
                    marks.beat(now)
                    last_beat = now
                self._take_due()
                self._daily.tick(now)
                self._take_chores()
                self._recovered()
            except DatabaseError as error:
                self._database_failed(error)
            self.stopping.wait(TICK)
        self._finish()

    def stop(self) -> None:
        self.stopping.set()

    def _take_due(self) -> None:
        free = self._concurrency - self._busy
        now = timezone.now()
        # A read first: claiming would take SQLite's write lock four times a second.
        if free <= 0 or not Run.objects.due(claim_moment(now)).exists():
            return
        for run, token in claim_due(free, now):
            with self._lock:
                self._busy += 1
            self._tokens.add(token)
            self._pool.submit(self._refresh, run, token)

    def _take_chores(self) -> None:
        for job in self._chores.due(self._concurrency - self._busy, timezone.now()):
            with self._lock:
                self._busy += 1
            self._pool.submit(self._do, job)

    def _do(self, job: Callable[[], object]) -> None:
        try:
            job()
        except DatabaseError as error:
            self._database_failed(error)
        except Exception:
            log.exception("A job beside the refreshes failed.")
        finally:
            close_old_connections()
            with self._lock:
                self._busy -= 1

    def _refresh(self, run: Run, token: UUID) -> None:
        try:
            refresh(run, token)
        except UpstreamError:
            pass  # stored and logged where it was met
        except DatabaseError as error:
            self._database_failed(error)
        except Exception:
            log.exception("Refreshing run %s failed.", run.short_id)
        finally:
            close_old_connections()
            with self._lock:
                self._busy -= 1

    def _database_failed(self, error: DatabaseError) -> None:
        if not self._in_trouble:
            log.error("The database does not take what was seen: %s. Trying on.", error)
        self._in_trouble = True
        close_old_connections()
        self.stopping.wait(1)

    def _recovered(self) -> None:
        if self._in_trouble:
            log.warning("The database answers again.")
        self._in_trouble = False

    def _finish(self) -> None:
        waiter = threading.Thread(target=self._pool.shutdown, kwargs={"cancel_futures": True})
        waiter.daemon = True
        waiter.start()
        waiter.join(GRACE)
        self._daily.finish(1)
        for token in self._tokens:
            release(token)
