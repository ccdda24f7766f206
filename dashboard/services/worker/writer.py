"""The watcher's one writing thread: what has come in meanwhile is stored together."""

import logging
import queue
import threading
import time
from collections.abc import Callable

from django.db import Error, connection

from dashboard.services.runs.refresh import store_outcomes
from dashboard.services.runs.store import Answer

log = logging.getLogger(__name__)
MAX = 64
GATHER = 0.03  # seconds in which more may come, where more than one had come before


class Writer:
    """Stores answers in the order in which they came, as many at once as have come.

    Threads that each wrote their own would make each other wait for the
    database and for the interpreter; together they cost a third.
    """

    def __init__(self, failed: Callable[[Error], None], stored: Callable[[Answer], None]) -> None:
        self._failed, self._stored = failed, stored
        self._busy = False
        self._answers: queue.SimpleQueue[Answer | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def put(self, answer: Answer) -> None:
        """`stored(answer)` is called when it is written, or could not be."""
        self._answers.put(answer)

    def end(self, seconds: float) -> None:
        """Stores what has come so far, and lets go of the database."""
        self._answers.put(None)
        self._thread.join(seconds)

    def _work(self) -> None:
        try:
            while answers := self._take():
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

    def _take(self) -> list[Answer]:
        """Waits for answers; none when it is to end."""
        first = self._answers.get()
        if first is None:
            return []
        if self._busy:
            time.sleep(GATHER)
        answers = [first]
        while len(answers) < MAX and not self._answers.empty():
            answer = self._answers.get()
            if answer is None:
                self._answers.put(None)
                break
            answers.append(answer)
        self._busy = len(answers) > 1
        return answers
