"""The watcher's copying of files: a few at once, beside the refreshes, over one connection."""

import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, connection, transaction

from dashboard.models import Shelf
from dashboard.services import clock, copying, keep
from dashboard.services.keep import Job, Lost

log = logging.getLogger(__name__)
AT_ONCE = 8
AHEAD = 8  # jobs that wait, so that no thread is idle
LOOK, TIDY = 0.5, 60.0
PAUSE_IN_TROUBLE = 5.0


class Keeper:
    """Finds files that are due and copies them; all its questions to the database are one thread's.

    Its threads are daemons: a copy that is cut off is whole or absent, and due
    again within a minute.
    """

    def __init__(self, failed: Callable[[DatabaseError], None]) -> None:
        self._failed = failed
        self._stop = threading.Event()
        self._calls: queue.SimpleQueue[tuple[Future[Any], Callable[..., Any], Any, Any] | None]
        self._calls, self._jobs = queue.SimpleQueue(), queue.SimpleQueue[Job]()
        self._open: dict[Job, UUID] = {}
        self._less = threading.Event()
        self._tidied = float("-inf")

    def start(self) -> None:
        if settings.KEEP_OUTPUTS == "none":
            return
        targets = [self._answer, self._look, *[self._work] * AT_ONCE]
        for number, target in enumerate(targets):
            threading.Thread(target=target, name=f"keep-{number}", daemon=True).start()

    def stop(self) -> None:
        """Gives back what is not finished; called once, when the watcher ends."""
        if self._stop.is_set() or settings.KEEP_OUTPUTS == "none":
            return
        self._stop.set()
        if tokens := set(self._open.values()):
            keep.give_back(tokens, clock.now())
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
                self._take()
                self._tidy()
            except DatabaseError as error:
                self._failed(error)
                self._stop.wait(PAUSE_IN_TROUBLE)
            except OSError as error:  # what is to be removed is tried again
                log.error("Kept files could not be tidied: %s", error)
                self._stop.wait(PAUSE_IN_TROUBLE)
            self._less.wait(LOOK)
            self._less.clear()

    def _take(self) -> None:
        room = AT_ONCE + AHEAD - len(self._open)
        if room < AHEAD:
            return
        for job in self._do(keep.take, room, clock.now()):
            self._open[job] = job.token
            self._jobs.put(job)

    def _tidy(self) -> None:
        if time.monotonic() - self._tidied < TIDY:
            return
        if self._do(keep.tidy, clock.now()) < keep.BATCH:
            self._tidied = time.monotonic()

    def _work(self) -> None:
        while not self._stop.is_set():
            job = self._jobs.get()
            try:
                copying.copy(job, self._do)
            except Lost:
                pass  # somebody else has it, or its run is gone
            except DatabaseError as error:
                self._failed(error)
            except Exception:
                log.exception("Copying a file failed.")
            finally:
                self._open.pop(job, None)
                self._less.set()


def _recount() -> None:
    with transaction.atomic():
        Shelf.recount()
