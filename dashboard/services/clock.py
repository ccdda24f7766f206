"""The time: the database's clock where several machines share it, this machine's elsewhere."""

import contextlib
import time
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, connection
from django.db.models import DateTimeField, ExpressionWrapper, Value
from django.db.models.functions import Now
from django.utils import timezone

COMPARED_EVERY = 60.0  # seconds
_ahead = timedelta()  # how far the database's clock is ahead of ours
_compared_at = float("-inf")


def now() -> datetime:
    """The moment by which runs are due, seen and aged; all machines agree on it within a second."""
    return timezone.now() + _ahead


def checked() -> datetime:
    """`now()`, after a comparison where the last one is a minute old.

    For whatever begins something on the queue: the first thing that a process
    does must not go by its own clock. `now()` alone asks nothing, so that it may be
    called where the database has no part.
    """
    compare()
    return now()


def compare() -> None:
    """Reads the database's clock, at most once a minute; a failure leaves the last difference."""
    global _ahead, _compared_at
    if connection.vendor != "postgresql" or time.monotonic() - _compared_at < COMPARED_EVERY:
        return
    _compared_at = time.monotonic()
    with contextlib.suppress(Error), connection.cursor() as cursor:
        before = timezone.now()
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
        _ahead = theirs - before - (timezone.now() - before) / 2


def claim_moment(now: datetime, after: timedelta = timedelta()) -> Any:
    """`now + after`, told by PostgreSQL's own clock where that is the database."""
    if connection.vendor != "postgresql":
        return now + after
    if not after:
        return Now()
    return ExpressionWrapper(Now() + Value(after), output_field=DateTimeField())
