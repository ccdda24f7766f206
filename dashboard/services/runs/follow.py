"""Following a workflow or deployment: what members do about it, and new runs that were heard of."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Case, F, Value, When

from dashboard.domain.listing import DEPLOYMENT, WORKFLOW
from dashboard.domain.polling.listing_pace import interval
from dashboard.models import Follow
from dashboard.services.runs import board, names

_UUID = re.compile(r"[0-9a-f]{8}(?:-?[0-9a-f]{4}){3}-?[0-9a-f]{12}", re.IGNORECASE)
_IN_LINK = re.compile(rf"/(workflow|deployment)s?/({_UUID.pattern})", re.IGNORECASE)


def read_target(text: str, kind: str) -> tuple[str, UUID] | None:
    """The kind and ID to follow, from an ID or a link (which names its kind); None if neither."""
    link = _IN_LINK.search(text)
    if link:
        return link[1].lower(), UUID(link[2])
    target = _UUID.search(text)
    return (kind if kind == DEPLOYMENT else WORKFLOW, UUID(target[0])) if target else None


def add(kind: str, target: UUID, now: datetime) -> tuple[Follow, bool]:
    """Starts to follow; returns the row, and False where it was followed already. Writes only.

    What was left out is followed again. Its past runs are listed as far back as
    BACKFILL_DAYS says.
    """
    wanted = {"history_from": board.history_from(now)}
    follow, made = Follow.objects.get_or_create(
        kind=kind, target=target, defaults={"since": now, "next_at": now, **wanted}
    )
    if follow.left_out_at:
        made = True
        again = {"left_out_at": None, "paused_at": None, "paused_by": None, "next_at": now}
        Follow.objects.filter(pk=follow.pk).update(**again)
    names.schedule([(kind, str(target))], now)
    return follow, made


def leave_out(pk: int, now: datetime) -> None:
    """Stops following, also where new workflows join by themselves; the runs stay. Writes only."""
    Follow.objects.filter(pk=pk).update(left_out_at=now)


def pause(pks: Collection[int], user: User | None, now: datetime) -> None:
    """Stops listing these until somebody resumes. Writes only."""
    rows = Follow.objects.active().filter(pk__in=pks)
    rows.update(paused_at=now, paused_by=user)


def resume(pks: Collection[int], now: datetime) -> None:
    """Lists paused ones again, at once and back to where they were. Writes only."""
    rows = Follow.objects.followed().filter(pk__in=pks, paused_at__isnull=False)
    rows.update(paused_at=None, paused_by=None, next_at=now)


def heard_of(workflows: Collection[UUID], now: datetime) -> None:
    """Has the lists of workflows asked for soon, because a new run of them was heard of.

    Writes only.
    """
    rows = Follow.objects.active().filter(kind=WORKFLOW, target__in=workflows)
    soon = now + timedelta(seconds=interval(0.0))
    sooner = Case(When(next_at__gt=soon, then=Value(soon)), default=F("next_at"))
    rows.update(newest_at=now, next_at=sooner)
