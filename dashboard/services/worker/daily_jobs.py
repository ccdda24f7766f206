"""What one watcher does once a day, beside its refreshes."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, connection

from dashboard.models import Invitation, Session, SignInLink
from dashboard.services.accounts import audit, throttle
from dashboard.services.ops.retention import prune_daily

log = logging.getLogger(__name__)
KEPT_OVER = timedelta(days=30)
ASK_EVERY = timedelta(minutes=1)


def forget(now: datetime) -> None:
    """Removes what is over: audit entries after a year, sessions, links, counts of tries."""
    audit.delete_old(now)
    throttle.delete_old(now)
    Session.objects.filter(expires_at__lt=now).delete()
    Invitation.objects.filter(expires_at__lt=now - KEPT_OVER).delete()
    SignInLink.objects.filter(expires_at__lt=now - KEPT_OVER).delete()


class DailyJobs:
    """Looks every minute whether the day's work is free to take; works in a thread of its own."""

    def __init__(self, stopping: Callable[[], bool]) -> None:
        self._stopping = stopping
        self._asked: datetime | None = None
        self._thread: threading.Thread | None = None

    def tick(self, now: datetime) -> None:
        """Called often; starts the work at most once a minute, and never twice at a time."""
        if self._asked is not None and now - self._asked < ASK_EVERY:
            return
        if self._thread is not None and self._thread.is_alive():
            return
        self._asked = now
        thread = threading.Thread(target=self._work, args=(now,), name="daily", daemon=True)
        thread.start()  # may fail: only a thread that runs is waited for
        self._thread = thread

    def finish(self, seconds: float) -> None:
        """Waits for the batch that is under way."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _work(self, now: datetime) -> None:
        try:
            if prune_daily(now, self._stopping):
                forget(now)
        except DatabaseError as error:
            log.error("Old runs could not be removed: %s", error)
        except Exception:
            log.exception("Removing old runs failed.")
        finally:
            connection.close()  # the thread ends, and its connection with it
