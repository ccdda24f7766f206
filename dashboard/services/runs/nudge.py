"""Signals from elsewhere that a run has moved: it is looked at soon, not believed."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, F, Q, Value, When

from dashboard.domain.polling.trouble import Trouble
from dashboard.models import Run

MIN_GAP = timedelta(seconds=2)


def nudge(run_ids: Collection[UUID], now: datetime) -> set[UUID]:
    """Makes the known ones of these runs due now; gives those that are known.

    Not within 2 s of the last question about a run, nor while a limit is
    waited out.
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
