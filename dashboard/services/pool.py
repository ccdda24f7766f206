"""The watcher's threads: a bounded number of refreshes at once, and what is not finished."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from uuid import UUID

from django.db import DatabaseError
from django.utils import timezone

from dashboard.models import Run
from dashboard.services import manners
from dashboard.services.bucket import bucket
from dashboard.services.claims import release
from dashboard.services.observe import refresh
from dashboard.upstream.errors import UpstreamError

log = logging.getLogger(__name__)
OLDEST_CLAIM = 8.0  # a claim ends after 30 s, and a question may take 20 s


@dataclass(eq=False, slots=True)
class Job:
    """A claimed run, waiting for a thread or in its hands."""

    run: Run
    token: UUID
    probe: bool = False
    taken: float = field(default_factory=time.monotonic)


class Pool:
    """Refreshes claimed runs on daemon threads; a few more wait so that none is idle."""

    def __init__(
        self,
        size: int,
        wake: threading.Event,
        database_failed: Callable[[DatabaseError], None],
    ) -> None:
        self.size = size
        self.more_waits = False
        self._spare = size // 2
        self._wake = wake
        self._database_failed = database_failed
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._open: dict[int, Job] = {}
        self._lock = threading.Lock()
        self._draining = False
        self._seconds = 0.0
        for number in range(size):
            threading.Thread(target=self._work, name=f"refresh-{number}", daemon=True).start()

    def room(self) -> int:
        """How many more runs may be claimed."""
        with self._lock:
            return self.size + self._spare - len(self._open)

    def capacity(self) -> float:
        """Refreshes a second that the threads can do, by how long the last ones took."""
        return self.size / self._seconds if self._seconds else float("inf")

    def submit(self, job: Job) -> None:
        with self._lock:
            self._open[id(job)] = job
        self._jobs.put(job)

    def drain(self, seconds: float) -> bool:
        """Starts nothing more; whether all that was in flight ended in time."""
        self._draining = True
        end = time.monotonic() + seconds
        while self._open and time.monotonic() < end:
            time.sleep(0.02)
        return not self._open

    def unfinished(self) -> list[Job]:
        with self._lock:
            return list(self._open.values())

    def _work(self) -> None:
        while True:
            job = self._jobs.get()
            try:
                self._do(job)
            except UpstreamError:
                pass  # stored and logged where it was met
            except DatabaseError as error:
                self._database_failed(error)
            except Exception:
                log.exception("Refreshing run %s failed.", job.run.short_id)
            finally:
                self._done(job)

    def _do(self, job: Job) -> None:
        waited = time.monotonic() - job.taken
        stopped = not job.probe and manners.closed_meanwhile(timezone.now())
        if self._draining or stopped or waited > OLDEST_CLAIM:
            release(job.token, job.run.pk)
            bucket().give_back()
            return
        began = time.monotonic()
        refresh(job.run, job.token)
        took = time.monotonic() - began
        self._seconds = 0.95 * self._seconds + 0.05 * took if self._seconds else took

    def _done(self, job: Job) -> None:
        with self._lock:
            self._open.pop(id(job), None)
            low = len(self._open) <= self.size
        if low and self.more_waits:
            self._wake.set()
