"""What is kept of a run's files: KEEP_OUTPUTS, and KEEP_BACKFILL for runs of before the start."""

from datetime import datetime

from django.conf import settings

from dashboard.domain.media.absent_files import stricter
from dashboard.models import Board, Run

_started_at: datetime | None = None


def keep_of(run: Run) -> str:
    """What may be stored of a run's files: `none`, `thumbnails` or `all`."""
    return keep_at(run.sorted_at)


def keep_at(created_at: datetime) -> str:
    """The same for a run that was created then; the first start is read once in a process."""
    keep: str = settings.KEEP_OUTPUTS
    for_past = stricter(keep, settings.KEEP_BACKFILL)
    if for_past == keep:
        return keep
    started_at = _first_start()
    return for_past if started_at is not None and created_at < started_at else keep


def _first_start() -> datetime | None:
    global _started_at
    if _started_at is None:
        _started_at = Board.objects.values_list("first_started_at", flat=True).first()
    return _started_at


def forget() -> None:
    """Drops the first start that was read, which was another database's."""
    global _started_at
    _started_at = None
