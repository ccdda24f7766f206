"""Nudges: a webhook or a list says that a run has moved, so it is refreshed soon."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, F, Q, Value, When

from dashboard.domain.polling.trouble import Trouble
from dashboard.models import Run

MIN_GAP = timedelta(seconds=2)


def nudge(run_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Makes the known ones of these runs due now; returns which are known.

    Writes only. A run is due no sooner than 2 s after its last request, and is
    left as planned while a rate limit runs.
    """
    if not run_ids:
        return set()
    rows = Run.objects.filter(uuid__in=run_ids).only("uuid", "asked_at", "trouble")
    known = set()
    for run in rows:
        known.add(run.uuid)
        if run.trouble == Trouble.RATE_LIMITED:
            continue
        at = max(now, run.asked_at + MIN_GAP) if run.asked_at else now
        later = Q(next_refresh_at__isnull=True) | Q(next_refresh_at__gt=at)
        sooner = Case(When(later, then=Value(at)), default=F("next_refresh_at"))
        Run.objects.filter(pk=run.pk).update(nudged_at=now, next_refresh_at=sooner)
    return known
