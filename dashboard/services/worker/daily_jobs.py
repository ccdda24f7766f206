"""Daily jobs: what one watcher does once a day, and what is left to do after an update."""

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import DatabaseError, connection

from dashboard.models import Invitation, Session, SignInLink
from dashboard.services.accounts import audit, throttle
from dashboard.services.machines.recosting import work_out
from dashboard.services.ops import bulk
from dashboard.services.ops.retention import prune_daily
from dashboard.services.runs import live_logs
from dashboard.services.runs.log_rereading import reread_older
from dashboard.services.runs.reindexing import index_older

log = logging.getLogger(__name__)
EXPIRED_LINK_RETENTION = timedelta(days=30)
CHECK_EVERY = timedelta(minutes=1)


def delete_expired(now: datetime) -> None:
    """Deletes audit entries after a year, bulk actions after a week, and what has expired."""
    audit.delete_old(now)
    throttle.delete_old(now)
    live_logs.delete_old(now)
    bulk.delete_old(now)
    Session.objects.filter(expires_at__lt=now).delete()
    Invitation.objects.filter(expires_at__lt=now - EXPIRED_LINK_RETENTION).delete()
    SignInLink.objects.filter(expires_at__lt=now - EXPIRED_LINK_RETENTION).delete()


class DailyJobs:
    """Checks every minute whether the daily jobs are due; runs them in a thread of its own."""

    def __init__(self, stopping: Callable[[], bool]) -> None:
        self._stopping = stopping
        self._checked_at: datetime | None = None
        self._thread: threading.Thread | None = None

    def tick(self, now: datetime) -> None:
        """Called often; starts the check at most once a minute, and never two at a time."""
        if self._checked_at is not None and now - self._checked_at < CHECK_EVERY:
            return
        if self._thread is not None and self._thread.is_alive():
            return
        self._checked_at = now
        thread = threading.Thread(target=self._work, args=(now,), name="daily", daemon=True)
        thread.start()  # may fail: `finish` waits only for a thread that runs
        self._thread = thread

    def finish(self, seconds: float) -> None:
        """Waits up to `seconds` for the batch under way."""
        if self._thread is not None:
            self._thread.join(seconds)

    def _work(self, now: datetime) -> None:
        try:
            self._try("Removing old runs", lambda: self._remove(now))
            self._try("Reading stored logs again", lambda: reread_older(self._stopping))
            self._try("Working out costs", lambda: work_out(self._stopping))
            self._try("Indexing runs for the search", lambda: index_older(self._stopping))
        finally:
            connection.close()  # the thread ends

    def _remove(self, now: datetime) -> None:
        if prune_daily(now, self._stopping):
            delete_expired(now)

    def _try(self, name: str, job: Callable[[], object]) -> None:
        try:
            job()
        except DatabaseError as error:
            log.error("%s failed: %s", name, error)
        except Exception:
            log.exception("%s failed.", name)
