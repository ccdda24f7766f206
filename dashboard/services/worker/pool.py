"""The watcher's refresh threads: a bounded number of requests at once."""

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
from dashboard.services.comfydeploy.token_bucket import history_bucket, token_bucket
from dashboard.services.runs.claims import release
from dashboard.services.runs.refresh import request_run
from dashboard.services.worker.writer import Writer

MAX_CLAIM_AGE = 8.0  # seconds; a claim expires after 30 s, and a request may take 20 s


@dataclass(eq=False, slots=True)
class RefreshJob:
    """A claimed run that waits for a thread or is being refreshed by one."""

    run: Run
    token: UUID
    probe: bool = False
    past: bool = False  # a past run, whose request nobody waits for
    claimed_at: float = field(default_factory=time.monotonic)


class RefreshPool:
    """Requests claimed runs on `size` daemon threads; half as many runs wait for a thread."""

    def __init__(
        self,
        size: int,
        wake: threading.Event,
        database_failed: Callable[[Error], None],
    ) -> None:
        self.size = size
        self.more_due = False  # whether more runs were due than could be claimed
        self._spare = size // 2
        self._wake = wake
        self._jobs: queue.SimpleQueue[RefreshJob] = queue.SimpleQueue()
        self._unsent: queue.SimpleQueue[RefreshJob] = queue.SimpleQueue()
        self._unfinished: dict[UUID, RefreshJob] = {}
        self._writer = Writer(database_failed, lambda answer: self._mark_finished(answer.run))
        self._lock = threading.Lock()
        self._draining = False
        self._average_seconds = 0.0
        for number in range(size):
            threading.Thread(target=self._work, name=f"refresh-{number}", daemon=True).start()

    def free_slots(self) -> int:
        """How many more runs may be claimed."""
        with self._lock:
            return self.size + self._spare - len(self._unfinished)

    def free_for_past(self) -> int:
        """How many past runs may be claimed: half of the threads stay free of them.

        None waits for a thread, so that a run that somebody looks at finds one.
        """
        with self._lock:
            past = sum(job.past for job in self._unfinished.values())
            idle = self.size - len(self._unfinished)
        return min(max(1, self.size // 2) - past, idle)

    def rate(self) -> float:
        """Refreshes a second that the threads can do, from how long recent ones took."""
        return self.size / self._average_seconds if self._average_seconds else float("inf")

    def submit(self, job: RefreshJob) -> None:
        """Queues a claimed run for the next free thread."""
        with self._lock:
            self._unfinished[job.run.uuid] = job
        self._jobs.put(job)

    def release_unsent(self) -> None:
        """Releases claims whose request was not sent; called by the watcher's main thread."""
        while not self._unsent.empty():
            job = self._unsent.get()
            try:
                release(job.token, job.run.pk)
            except Error:
                self._unsent.put(job)
                raise
            token_bucket().give_back()
            if job.past:
                history_bucket().give_back()
            self._mark_finished(job.run)

    def drain(self, seconds: float) -> bool:
        """Starts no more requests; returns whether those in flight ended within `seconds`."""
        self._draining = True
        end = time.monotonic() + seconds
        while self._unfinished and time.monotonic() < end:
            with suppress(Error):  # a claim that cannot be released now is tried again at the end
                self.release_unsent()
            time.sleep(0.02)
        return not self._unfinished

    def end(self, seconds: float) -> None:
        """Waits up to `seconds` until the answers that have arrived are stored."""
        self._writer.end(seconds)

    def unfinished(self) -> list[RefreshJob]:
        """The claimed runs whose answer is not stored."""
        with self._lock:
            return list(self._unfinished.values())

    def _work(self) -> None:
        """Sends requests and reads answers; only the writer touches the database."""
        while True:
            job = self._jobs.get()
            stopped = not job.probe and gate.is_closed(clock.now())
            if self._draining or stopped or time.monotonic() - job.claimed_at > MAX_CLAIM_AGE:
                self._unsent.put(job)
                self._wake.set()
                continue
            started = time.monotonic()
            answer = request_run(job.run, job.token)
            if answer.error is None:
                self._record_duration(time.monotonic() - started)
            self._writer.put(answer)

    def _record_duration(self, seconds: float) -> None:
        """Adds a request's duration to the moving average; only good answers count."""
        average = self._average_seconds or seconds
        self._average_seconds = 0.95 * average + 0.05 * seconds

    def _mark_finished(self, run: Run) -> None:
        with self._lock:
            self._unfinished.pop(run.uuid, None)
            low = len(self._unfinished) <= self.size
        if low and self.more_due:
            self._wake.set()
