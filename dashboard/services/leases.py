"""Small jobs of which each is done by one watcher: the due time itself is the claim."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet

from dashboard.services.clock import claim_moment

LEASE = timedelta(seconds=60)


def lease(rows: QuerySet[Any], column: str, limit: int, now: datetime) -> list[Any]:
    """Takes up to `limit` rows whose `column` has come, by moving it on by a minute.

    One conditional UPDATE a row decides who has it; who dies with it leaves
    it due again after that minute.
    """
    moment = claim_moment(now)
    due = rows.filter(**{f"{column}__lte": moment})
    later = claim_moment(now, LEASE)
    found = list(due.order_by(column)[:limit]) if limit > 0 else []
    return [row for row in found if due.filter(pk=row.pk).update(**{column: later})]


def give_back(row: Any, column: str) -> None:
    """Makes a taken row that nothing was done about due again, as it was."""
    type(row).objects.filter(pk=row.pk).update(**{column: getattr(row, column)})
