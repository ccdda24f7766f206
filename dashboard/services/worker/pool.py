"""The watcher's threads: a bounded number of questions at once, and what is not finished."""

import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import UUID

from django.db import Error

from dashboard.models import Run
from dashboard.services import clock
from dashboard.services.comfydeploy import gate
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.services.runs.claims import release
from dashboard.services.runs.refresh import request_run
from dashboard.services.worker.writer import Writer

OLDEST_CLAIM = 8.0  # a claim ends after 30 s, and a question may take 20 s


@dataclass(eq=False, slots=True)
class RefreshJob:
    """A claimed run, waiting for a thread or in its hands."""

    run: Run
    token: UUID
    probe: bool = False
    taken: float = field(default_factory=time.monotonic)


class RefreshPool:
    """Asks for claimed runs on daemon threads; a few more wait so that none is idle."""

    def __init__(
        self,
        size: int,
        wake: threading.Event,
        database_failed: Callable[[Error], None],
    ) -> None:
        self.size = size
        self.more_waits = False
        self._spare = size // 2
        self._wake = wake
        self._jobs: queue.SimpleQueue[RefreshJob] = queue.SimpleQueue()
        self._unasked: queue.SimpleQueue[RefreshJob] = queue.SimpleQueue()
        self._open: dict[UUID, RefreshJob] = {}
        self._writer = Writer(database_failed, lambda answer: self._done(answer.run))
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

    def submit(self, job: RefreshJob) -> None:
        with self._lock:
            self._open[job.run.uuid] = job
        self._jobs.put(job)

    def put_back(self) -> None:
        """Releases what was claimed and then not asked for; the watcher's own thread calls it."""
        while not self._unasked.empty():
            job = self._unasked.get()
            try:
                release(job.token, job.run.pk)
            except Error:
                self._unasked.put(job)
                raise
            token_bucket().give_back()
            self._done(job.run)

    def drain(self, seconds: float) -> bool:
        """Starts nothing more; whether all that was in flight ended in time."""
        self._draining = True
        end = time.monotonic() + seconds
        while self._open and time.monotonic() < end:
            with suppress(Error):  # what cannot be given back now is tried again at the end
                self.put_back()
            time.sleep(0.02)
        return not self._open

    def end(self, seconds: float) -> None:
        self._writer.end(seconds)

    def unfinished(self) -> list[RefreshJob]:
        with self._lock:
            return list(self._open.values())

    def _work(self) -> None:
        """Asks and reads; what touches the database is the writer's."""
        while True:
            job = self._jobs.get()
            stopped = not job.probe and gate.is_closed(clock.now())
            if self._draining or stopped or time.monotonic() - job.taken > OLDEST_CLAIM:
                self._unasked.put(job)
                self._wake.set()
                continue
            began = time.monotonic()
            answer = request_run(job.run, job.token)
            if answer.error is None:
                self._took(time.monotonic() - began)
            self._writer.put(answer)

    def _took(self, seconds: float) -> None:
        """Of good answers alone: an upstream that is silent says nothing of what threads can do."""
        self._seconds = 0.95 * self._seconds + 0.05 * seconds if self._seconds else seconds

    def _done(self, run: Run) -> None:
        with self._lock:
            self._open.pop(run.uuid, None)
            low = len(self._open) <= self.size
        if low and self.more_waits:
            self._wake.set()
