"""What holds for the whole board: what it follows by itself, and whether it reads past runs."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import User

from dashboard.models import Board
from dashboard.models.board import ALL, CHOSEN, SINGLE


def start(now: datetime) -> Board:
    """The board's row; made at the first start, whose moment it keeps. Writes only then."""
    row, _ = Board.objects.get_or_create(pk=SINGLE, defaults={"first_started_at": now})
    return row


def follows_all() -> bool:
    """Whether new workflows are followed by themselves: FOLLOW, else what an admin chose."""
    if settings.FOLLOW_IS_SET:
        return settings.FOLLOW == ALL
    row = Board.objects.filter(pk=SINGLE).first()
    return row is None or row.follow != CHOSEN


def choose(everything: bool, now: datetime) -> None:
    """Stores an admin's choice, which counts where FOLLOW is not set. Writes only."""
    start(now)
    Board.objects.filter(pk=SINGLE).update(follow=ALL if everything else CHOSEN)


def history_from(now: datetime) -> datetime | None:
    """How far back the runs of what is newly followed are listed; None: not at all."""
    days: int = settings.BACKFILL_DAYS
    return now - timedelta(days=days) if days else None


def history_stopped() -> bool:
    """Whether somebody has stopped the reading of past runs."""
    return Board.objects.filter(pk=SINGLE, history_stopped_at__isnull=False).exists()


def stop_history(user: User | None, now: datetime) -> None:
    """Stops the reading of past runs; what was read stays. Writes only."""
    start(now)
    Board.objects.filter(pk=SINGLE, history_stopped_at=None).update(
        history_stopped_at=now, history_stopped_by=user
    )


def resume_history() -> None:
    """Goes on where the reading of past runs was stopped. Writes only."""
    Board.objects.filter(pk=SINGLE).update(history_stopped_at=None, history_stopped_by=None)
