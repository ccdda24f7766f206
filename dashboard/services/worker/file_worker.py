"""The watcher's copying of files: a few at once, beside the refreshes, over one connection."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

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
LOOK, RENEW_EVERY, TIDY = 0.5, 15.0, 60.0
PAUSE_IN_TROUBLE = 5.0


class FileWorker:
    """Finds files that are due and copies them; all its questions to the database are one thread's.

    Its threads are daemons: a copy that is cut off is whole or absent, and due
    again within a minute.
    """

    def __init__(self, failed: Callable[[DatabaseError], None]) -> None:
        self._failed = failed
        self._keeps = settings.KEEP_OUTPUTS != "none"  # files of removed runs go in any case
        self._stop = threading.Event()
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[..., Any], Any, Any] | None]
        self._calls, self._jobs = queue.SimpleQueue(), queue.SimpleQueue[FileJob]()
        self._open: set[FileJob] = set()
        self._less = threading.Event()
        self._tidied = float("-inf")

    def start(self) -> None:
        targets = [self._answer, self._look]
        if self._keeps:
            targets += [self._renew, *[self._work] * AT_ONCE]
        for number, target in enumerate(targets):
            threading.Thread(target=target, name=f"keep-{number}", daemon=True).start()

    def stop(self) -> None:
        """Gives back what is not finished; called once, when the watcher ends."""
        if self._stop.is_set():
            return
        self._stop.set()
        if jobs := self._open.copy():
            file_queue.release({job.token for job in jobs}, clock.now())
        self._calls.put(None)

    def _do(self, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
        future: Future[Any] = Future()
        self._calls.put((future, call, args, named))
        return future.result()

    def _answer(self) -> None:
        """The one thread that asks the database; it lets go of its connection at the end."""
        while asked := self._calls.get():
            future, call, args, named = asked
            try:
                future.set_result(call(*args, **named))
            except BaseException as error:
                if isinstance(error, DatabaseError):
                    connection.close()
                future.set_exception(error)
        connection.close()

    def _look(self) -> None:
        counted = False
        while not self._stop.is_set():
            try:
                if not counted:
                    self._do(_recount)
                    counted = True
                if self._keeps:
                    self._take()
                self._tidy()
            except DatabaseError as error:
                self._failed(error)
                self._stop.wait(PAUSE_IN_TROUBLE)
            except OSError as error:  # what is to be removed is tried again
                log.error("Kept files could not be tidied: %s", error)
                self._stop.wait(PAUSE_IN_TROUBLE)
            except Exception:  # the copying goes on
                log.exception("Looking for files to keep failed.")
                self._stop.wait(PAUSE_IN_TROUBLE)
            self._less.wait(LOOK)
            self._less.clear()

    def _take(self) -> None:
        room = AT_ONCE + AHEAD - len(self._open)
        if room < AHEAD:
            return
        for job in self._do(file_queue.claim, room, clock.now()):
            self._open.add(job)
            self._jobs.put(job)

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied < TIDY:
            return
        if file_queue.remove_orphans(clock.now(), self._do) < file_queue.BATCH:
            self._tidied = time.monotonic()

    def _renew(self) -> None:
        """Keeps the claims of all that is under way, however slow the line or the storage."""
        while not self._stop.wait(RENEW_EVERY):
            try:
                if jobs := self._open.copy():
                    self._do(file_queue.renew_claims, jobs, clock.now())
            except DatabaseError as error:
                self._failed(error)
            except Exception:
                log.exception("Renewing the claims of files failed.")

    def _work(self) -> None:
        while not self._stop.is_set():
            job = self._jobs.get()
            try:
                download.copy_file(job, self._do)
            except JobLost:
                pass  # somebody else has it, or its run is gone
            except DatabaseError as error:
                self._failed(error)
            except Exception:
                log.exception("Copying a file failed.")
            finally:
                self._open.discard(job)
                self._less.set()


def _recount() -> None:
    with transaction.atomic():
        StorageUsage.recount()
