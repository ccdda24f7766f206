"""Where everything is followed, new workflows join by themselves."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F

from dashboard.domain.listing import WORKFLOW
from dashboard.models import Follow, Workflow
from dashboard.services.runs import board, names

AT_ONCE = 500  # rows in one statement


def join(now: datetime) -> int:
    """Follows the workflows that the key lists and that nobody left out; returns how many joined.

    Writes only; does nothing where only what is chosen is followed. Their lists are
    due in the order of the workflows' last changes, newest first.
    """
    if not settings.COMFYDEPLOY_API_KEY or not board.follows_all():
        return 0
    known = Follow.objects.filter(kind=WORKFLOW).values("target")
    new = Workflow.objects.filter(deleted_at=None).exclude(pk__in=known)
    ordered = list(
        new.order_by(F("changed_at").desc(nulls_last=True), "pk").values_list("pk", flat=True)
    )
    since = board.history_from(now)
    for first in range(0, len(ordered), AT_ONCE):
        chunk = ordered[first : first + AT_ONCE]
        Follow.objects.bulk_create(
            [
                Follow(
                    kind=WORKFLOW,
                    target=target,
                    since=now,
                    next_at=now - timedelta(milliseconds=len(ordered) - first - number),
                    history_from=since,
                )
                for number, target in enumerate(chunk)
            ],
            ignore_conflicts=True,
        )
        names.schedule([(WORKFLOW, str(target)) for target in chunk], now)
    return len(ordered)


def start(now: datetime) -> None:
    """What a watcher does when it starts: the board has begun, and what is known joins. Writes."""
    board.start(now)
    join(now)


def choose(everything: bool, now: datetime) -> None:
    """Stores whether new workflows join by themselves; those that are known join at once."""
    board.choose(everything, now)
    join(now)
