"""The time: PostgreSQL's clock, which all machines share, else this machine's."""

import contextlib
import time
from datetime import datetime, timedelta

from django.db import Error, connection
from django.db.models import DateTimeField, ExpressionWrapper, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Now
from django.utils import timezone

SYNC_INTERVAL = 60.0  # seconds
_offset = timedelta()  # how far the database's clock is ahead of ours
_synchronized_at = float("-inf")


def now() -> datetime:
    """The current time; all machines over one database agree on it within a second. No query."""
    return timezone.now() + _offset


def synchronized_now() -> datetime:
    """The current time, with the database's clock read where the last reading is a minute old.

    For entry points that write times into the queue: a process must not begin
    with its own clock. Where no query may be made, use `now()`.
    """
    synchronize()
    return now()


def synchronize() -> None:
    """Reads the database's clock, at most once a minute; on an error the last offset stays."""
    global _offset, _synchronized_at
    if connection.vendor != "postgresql" or time.monotonic() - _synchronized_at < SYNC_INTERVAL:
        return
    _synchronized_at = time.monotonic()
    with contextlib.suppress(Error), connection.cursor() as cursor:
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
        _offset = theirs - before - (timezone.now() - before) / 2


def claim_moment(now: datetime, after: timedelta = timedelta()) -> datetime | Combinable:
    """`now + after` for a query: PostgreSQL's own clock where that is the database."""
    if connection.vendor != "postgresql":
        return now + after
    if not after:
        return Now()
    return ExpressionWrapper(Now() + Value(after), output_field=DateTimeField())
