"""Moments for claims: the database's clock where several machines share it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper, Value
from django.db.models.functions import Now


def claim_moment(now: datetime, after: timedelta = timedelta()) -> Any:
    """`now + after`, told by PostgreSQL's own clock where that is the database."""
    if connection.vendor != "postgresql":
        return now + after
    if not after:
        return Now()
    return ExpressionWrapper(Now() + Value(after), output_field=DateTimeField())
