"""Leases: a job's row is taken by moving its due time on, so that one watcher does it."""

from datetime import datetime, timedelta

from django.db.models import Model, QuerySet

from dashboard.models.due import Row
from dashboard.services.clock import claim_moment

LEASE_TIME = timedelta(seconds=60)


def lease(rows: QuerySet[Row], column: str, limit: int, now: datetime) -> list[Row]:
    """Leases up to `limit` rows whose due time (`column`) has come, for a minute.

    One conditional UPDATE a row moves the due time on by that minute; if the
    process dies, the row is due again then. Returns the rows with the old time.
    """
    moment = claim_moment(now)
    due = rows.filter(**{f"{column}__lte": moment})
    lease_end = claim_moment(now, LEASE_TIME)
    candidates = list(due.order_by(column)[:limit]) if limit > 0 else []
    return [row for row in candidates if due.filter(pk=row.pk).update(**{column: lease_end})]


def give_back(row: Model, column: str) -> None:
    """Ends the lease of a row that was not worked on: its old due time is written back."""
    type(row)._default_manager.filter(pk=row.pk).update(**{column: getattr(row, column)})
