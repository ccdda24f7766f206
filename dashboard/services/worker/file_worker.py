"""The file worker: copies files for the watcher, a few at once, over one database connection."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import connection, transaction

from dashboard.models import StorageUsage
from dashboard.services import clock
from dashboard.services.files import download, file_queue
from dashboard.services.files.file_queue import FileJob, JobLost

log = logging.getLogger(__name__)
AT_ONCE = 8
AHEAD = 8  # jobs that wait, so that no thread is idle
POLL_EVERY, RENEW_EVERY, REMOVE_EVERY = 0.5, 15.0, 60.0  # seconds
PAUSE_AFTER_ERROR = 5.0  # seconds

P = ParamSpec("P")
T = TypeVar("T")


class FileWorker:
    """Finds files that are due and copies them; one thread makes all calls to the database.

    Its threads are daemons: a file whose copy is interrupted is whole or absent,
    and due again within a minute.
    """

    def __init__(self, failed: Callable[[DatabaseError], None]) -> None:
        self._failed = failed
        self._copies = settings.KEEP_OUTPUTS != "none"  # files of removed runs are removed anyway
        self._stop = threading.Event()
        self._calls: queue.SimpleQueue[Callable[[], None] | None]
        self._calls, self._jobs = queue.SimpleQueue(), queue.SimpleQueue[FileJob]()
        self._unfinished: set[FileJob] = set()
        self._job_ended = threading.Event()
        self._removed_at = float("-inf")

    def start(self) -> None:
        """Starts the threads."""
        targets = [self._serve_calls, self._poll]
        if self._copies:
            targets += [self._renew, *[self._work] * AT_ONCE]
        for number, target in enumerate(targets):
            threading.Thread(target=target, name=f"files-{number}", daemon=True).start()

    def stop(self) -> None:
        """Releases unfinished jobs; called when the watcher ends."""
        if self._stop.is_set():
            return
        self._stop.set()
        if jobs := self._unfinished.copy():
            file_queue.release({job.token for job in jobs}, clock.now())
        self._calls.put(None)

    def _do(self, call: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T:
        """Makes a call in the database thread; returns its result or raises its error."""
        future: Future[T] = Future()

        def serve() -> None:
            try:
                future.set_result(call(*args, **named))
            except BaseException as error:
                if isinstance(error, DatabaseError):
                    connection.close()
                future.set_exception(error)

        self._calls.put(serve)
        return future.result()

    def _serve_calls(self) -> None:
        """The database thread; it closes its connection at the end."""
        while serve := self._calls.get():
            serve()
        connection.close()

    def _poll(self) -> None:
        """Claims due files and removes files of removed runs, until `stop()`."""
        counted = False
        while not self._stop.is_set():
            try:
                if not counted:
                    self._do(_recount)
                    counted = True
                if self._copies:
                    self._claim_due()
                self._remove_orphans()
            except DatabaseError as error:
                self._failed(error)
                self._stop.wait(PAUSE_AFTER_ERROR)
            except OSError as error:  # the files stay in the queue for removal
                log.error("Files of removed runs could not be removed: %s", error)
                self._stop.wait(PAUSE_AFTER_ERROR)
            except Exception:  # copying goes on
                log.exception("Claiming due files failed.")
                self._stop.wait(PAUSE_AFTER_ERROR)
            self._job_ended.wait(POLL_EVERY)
            self._job_ended.clear()

    def _claim_due(self) -> None:
        slots = AT_ONCE + AHEAD - len(self._unfinished)
        if slots < AHEAD:
            return
        for job in self._do(file_queue.claim, slots, clock.now()):
            self._unfinished.add(job)
            self._jobs.put(job)

    def _remove_orphans(self) -> None:
        if time.monotonic() - self._removed_at < REMOVE_EVERY:
            return
        if file_queue.remove_orphans(clock.now(), self._do) < file_queue.BATCH:
            self._removed_at = time.monotonic()

    def _renew(self) -> None:
        """Renews the claims of unfinished jobs, however slow the network or the storage is."""
        while not self._stop.wait(RENEW_EVERY):
            try:
                if jobs := self._unfinished.copy():
                    self._do(file_queue.renew_claims, jobs, clock.now())
            except DatabaseError as error:
                self._failed(error)
            except Exception:
                log.exception("Renewing the claims of files failed.")

    def _work(self) -> None:
        """A copying thread."""
        while not self._stop.is_set():
            job = self._jobs.get()
            try:
                download.copy_file(job, self._do)
            except JobLost:
                pass  # another process has claimed it, or its run is removed
            except DatabaseError as error:
                self._failed(error)
            except Exception:
                log.exception("Copying a file failed.")
            finally:
                self._unfinished.discard(job)
                self._job_ended.set()


def _recount() -> None:
    with transaction.atomic():
        StorageUsage.recount()
