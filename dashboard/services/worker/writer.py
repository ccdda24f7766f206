"""The watcher's one writing thread: stores the answers that have arrived in batches."""

import logging
import queue
import threading
import time
from collections.abc import Callable

from django.db import Error, connection

from dashboard.services.runs.refresh import store_outcomes
from dashboard.services.runs.store import Answer

log = logging.getLogger(__name__)
MAX_BATCH = 64
GATHER_SECONDS = 0.03  # how long a batch waits for more, if the last one had several answers


class Writer:
    """Stores answers in order of arrival, all that have arrived in one batch.

    Threads that each write their own answer would wait for each other at the
    database and the interpreter; a batch costs a third of that.
    """

    def __init__(self, failed: Callable[[Error], None], stored: Callable[[Answer], None]) -> None:
        self._failed, self._stored = failed, stored
        self._busy = False
        self._answers: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def put(self, answer: Answer) -> None:
        """Queues an answer; `stored(answer)` is called once it is written or has failed."""
        self._answers.put(answer)

    def end(self, seconds: float) -> None:
        """Stores what has arrived, within `seconds`, and closes the database connection."""
        self._answers.put(None)
        self._thread.join(seconds)

    def _work(self) -> None:
        try:
            while answers := self._next_batch():
                self._store(answers)
        finally:
            connection.close()

    def _store(self, answers: list[Answer]) -> None:
        try:
            store_outcomes(answers)
        except Error as error:
            self._failed(error)
        except Exception:
            log.exception("Storing answers failed.")
        finally:
            for answer in answers:
                self._stored(answer)

    def _next_batch(self) -> list[Answer]:
        """Waits for answers and returns them; an empty list when the writer is to end."""
        first = self._answers.get()
        if first is None:
            return []
        if self._busy:
            time.sleep(GATHER_SECONDS)
        answers = [first]
        while len(answers) < MAX_BATCH and not self._answers.empty():
            answer = self._answers.get()
            if answer is None:
                self._answers.put(None)
                break
            answers.append(answer)
        self._busy = len(answers) > 1
        return answers
