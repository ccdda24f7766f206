"""The watcher: claims due runs and refreshes them on a bounded pool until it is stopped."""

import logging
import threading
import time
from uuid import uuid4

from django.conf import settings
from django.db import Error, connection

from dashboard.domain.polling.circuit_breaker import Permit
from dashboard.models import Run
from dashboard.services import clock, database_health
from dashboard.services.clock import claim_moment
from dashboard.services.comfydeploy import gate, load, shared_state
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.services.runs.claims import claim_due, release, released_on_error
from dashboard.services.worker import side_jobs
from dashboard.services.worker.daily_jobs import DailyJobs
from dashboard.services.worker.feed_keeper import FeedKeeper
from dashboard.services.worker.file_worker import FileWorker
from dashboard.services.worker.log_keeper import LogKeeper
from dashboard.services.worker.past_runs import PastRuns
from dashboard.services.worker.pool import RefreshJob, RefreshPool
from dashboard.services.worker.side_jobs import AT_ONCE, SideJobs

log = logging.getLogger(__name__)
TICK, HEARTBEAT_EVERY = 0.25, 2.0  # seconds
GRACE, END = 7.0, 9.0  # of the 10 s in which a watcher ends
PAUSE_AFTER_ERROR, RECOVERED_AFTER = 1.0, 3.0  # seconds


class Watcher:
    """Refreshes due runs, at most `concurrency` at once; writes a heartbeat every 2 s."""

    def __init__(self, concurrency: int) -> None:
        self.name = uuid4().hex[:12]
        self.stopping = False
        self._wake = threading.Event()
        self._pool = RefreshPool(concurrency, self._wake, self._database_failed)
        self._past_runs = PastRuns(self._pool)
        self._heartbeat_at = float("-inf")
        self._failed_at: float | None = None
        self._reported_error = ""
        self._side_jobs = SideJobs()
        self._running_side_jobs: list[side_jobs.SideJob] = []
        self._side_jobs_lock = threading.Lock()
        self._plans = load.RefreshPlans()
        self._daily = DailyJobs(lambda: self.stopping)
        self._file_worker = FileWorker(self._database_failed)
        self._feed_keeper = FeedKeeper(self.name, self._wake.set, self._database_failed)
        self._log_keeper = LogKeeper(self.name, self._database_failed, failing=self._is_failing)

    def run(self) -> bool:
        """Works until `stop()`; returns whether all work in flight was finished within GRACE."""
        self._file_worker.start()
        if settings.COMFYDEPLOY_API_KEY:
            self._feed_keeper.start()
            self._log_keeper.start()
        while not self.stopping:
            try:
                self._heartbeat()
                self._pool.release_unsent()
                self._claim_due()
                self._start_side_jobs()
                self._daily.tick(clock.now())
            except Error as error:
                self._database_failed(error)
            except Exception:  # such as a thread that cannot be started: the others go on
                log.exception("The watcher's turn failed. Trying on.")
                self._wake.wait(PAUSE_AFTER_ERROR)
            self._wake.wait(TICK if self._failed_at is None else PAUSE_AFTER_ERROR)
            self._wake.clear()
        return self._finish()

    def stop(self) -> None:
        """Asks the watcher to end; safe in a signal handler, because it takes no lock."""
        self.stopping = True

    def _heartbeat(self) -> None:
        if time.monotonic() - self._heartbeat_at >= HEARTBEAT_EVERY:
            clock.synchronize()
            rate = min(token_bucket().rate, self._pool.rate())
            shared_state.write_heartbeat(clock.now(), self.name, rate)
            self._plans.adapt(clock.now())
            self._heartbeat_at = time.monotonic()
            self._database_worked()

    def _claim_due(self) -> None:
        """Claims due runs; past runs only where no due one is left."""
        slots = self._pool.free_slots()
        if slots <= 0:
            return
        # Read first: claiming would take SQLite's write lock four times a second.
        if Run.objects.due(claim_moment(clock.now())).exists() and not self._claim_all_due(slots):
            return
        if self._failed_at is None and gate.current_stop(clock.now()) is None:
            self._past_runs.claim()

    def _claim_all_due(self, slots: int) -> bool:
        """Claims due runs as the gate allows; returns whether all are claimed."""
        permit = gate.permit(clock.now())
        if permit == Permit.ALLOWED:
            # While the database takes no writes, one request at a time shows when it does again.
            return self._claim(slots if self._failed_at is None else 1)
        if permit == Permit.PROBE:
            self._claim(1, probe=True)
        return False

    def _start_side_jobs(self) -> None:
        """Starts side jobs that are due; names and logs only while the bucket has tokens left."""
        now = clock.now()
        free = AT_ONCE - len(self._running_side_jobs)
        if free <= 0:
            return
        permit = Permit.ALLOWED if gate.current_stop(now) is None else gate.permit(now)
        # With no run due, a side job is the probe.
        short = token_bucket().ready_in() > 0
        probe, asks = permit == Permit.PROBE, permit != Permit.BLOCKED
        jobs = self._side_jobs.due(1 if probe else free, now, short=short, probe=probe, asks=asks)
        if jobs and probe and not gate.claim_probe(now):
            for job in jobs:
                job.give_back()
            return
        for number, job in enumerate(jobs):
            try:
                self._start_side_job(job)
            except RuntimeError:  # no thread can be started
                for unstarted in jobs[number:]:
                    unstarted.give_back()
                raise

    def _start_side_job(self, job: side_jobs.SideJob) -> None:
        with self._side_jobs_lock:
            self._running_side_jobs.append(job)
        try:
            threading.Thread(
                target=self._run_side_job, args=(job,), name="side-job", daemon=True
            ).start()
        except RuntimeError:
            self._running_side_jobs.remove(job)
            raise

    def _run_side_job(self, job: side_jobs.SideJob) -> None:
        try:
            job()
        except Error as error:
            self._database_failed(error)
        except Exception:
            log.exception("A side job failed.")
        finally:
            connection.close()
            with self._side_jobs_lock:
                self._running_side_jobs.remove(job)

    def _claim(self, most: int, *, probe: bool = False) -> bool:
        """Claims up to `most` due runs, one token each, and hands them to the pool.

        Returns whether all due runs are claimed.
        """
        tokens = token_bucket().take(most)
        if not tokens:
            return False
        claimed = 0
        try:
            due = claim_due(tokens, clock.now(), probe=probe)
            # The probe is claimed last: without a request it would only block all processes.
            if probe and due:
                with released_on_error(*due[0]):
                    if not gate.claim_probe(clock.now()):
                        release(due[0][1])
                        due = []
            claimed = len(due)
            for run, token in due:
                self._pool.submit(RefreshJob(run, token, probe=probe))
        finally:
            if claimed < tokens:
                token_bucket().give_back(tokens - claimed)
        self._pool.more_due = claimed == tokens
        return not self._pool.more_due

    def _database_failed(self, error: Error) -> None:
        connection.close()
        text = database_health.sentence(error)
        if text != self._reported_error:
            log.error("%s (%s) Trying on.", text, error)
        self._reported_error = text
        self._failed_at = time.monotonic()

    def _is_failing(self) -> bool:
        return self._failed_at is not None

    def _database_worked(self) -> None:
        """Logs recovery after RECOVERED_AFTER seconds: a full disk may take a small write."""
        if self._failed_at is not None and time.monotonic() - self._failed_at > RECOVERED_AFTER:
            log.warning("The database takes what is seen again.")
            self._failed_at, self._reported_error = None, ""

    def _finish(self) -> bool:
        """Waits for work in flight and releases all claims; returns whether all work was finished.

        Runs in a thread of its own, because a database that hangs must not hold the process.
        """
        connection.close()
        ended: list[bool] = []
        ending = threading.Thread(target=lambda: ended.append(self._end()), daemon=True)
        ending.start()
        ending.join(END)
        return ended == [True]

    def _end(self) -> bool:
        until = time.monotonic() + GRACE
        self._feed_keeper.stop()
        self._log_keeper.stop()
        self._pool.drain(GRACE)
        while self._running_side_jobs and time.monotonic() < until:
            time.sleep(0.02)
        self._daily.finish(max(0.2, until - time.monotonic()))
        self._pool.end(0.5)
        self._feed_keeper.join(0.5)
        self._log_keeper.join(0.5)
        jobs, side_jobs_left = self._pool.unfinished(), list(self._running_side_jobs)
        try:
            for job in jobs:
                release(job.token, job.run.pk)
            for side_job in side_jobs_left:
                side_job.give_back()
            self._file_worker.stop()
            shared_state.remove_heartbeat(self.name)
        except Error as error:
            log.error("Claims could not be released: %s. They expire in 30 s.", error)
        finally:
            connection.close()
        return not jobs and not side_jobs_left
