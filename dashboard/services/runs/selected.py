"""Runs that were selected in the list: those of IDs or of a filter, counted and weighed."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Sum

from dashboard.models import Output, Run, RunQuerySet, StoredFile

MAX_ARCHIVED = 200  # runs in one zip


@dataclass(frozen=True, slots=True)
class ArchiveSize:
    """What a zip would hold: stored files and texts of so many runs, in bytes."""

    runs: int
    files: int
    bytes: int
    more: bool  # whether there are more runs than fit


def archived(chosen: RunQuerySet) -> list[Run]:
    """The newest MAX_ARCHIVED runs of a list, with their outputs, stored files and marks."""
    runs = chosen.newest().prefetch_related("outputs", "stored_files", "output_marks")
    return list(runs.defer("values", "error", "log_error")[:MAX_ARCHIVED])


def archive_size(chosen: RunQuerySet) -> ArchiveSize:
    """What `archived` would put into a zip, in three queries."""
    keys = list(chosen.newest().values_list("pk", flat=True)[: MAX_ARCHIVED + 1])
    more, keys = len(keys) > MAX_ARCHIVED, keys[:MAX_ARCHIVED]
    kept = StoredFile.objects.filter(run_id__in=keys, reason="").aggregate(
        files=Count("pk"), size=Sum("size") - Sum("thumb_size")
    )
    texts = Output.objects.filter(run_id__in=keys, text__isnull=False).values_list(
        "text", flat=True
    )
    sizes = [len((text or "").encode()) for text in texts]
    size = (kept["size"] or 0) + sum(sizes)
    return ArchiveSize(len(keys), kept["files"] + len(sizes), size, more=more)


def gone(ids: Sequence[UUID]) -> list[UUID]:
    """Those of these IDs that are no seen runs, in order."""
    there = set(Run.objects.seen().filter(uuid__in=ids).values_list("uuid", flat=True))
    return [run_id for run_id in ids if run_id not in there]
