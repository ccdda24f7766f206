"""Which files are to be copied, who copies them, and what has become of them."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import Error, transaction
from django.db.models import F, Q, Sum

from dashboard.domain.media.kinds import IMAGE, VIDEO
from dashboard.domain.media.stored_files import RETRY_AFTER, TRANSIENT
from dashboard.models import Output, Run, StorageUsage, StoredFile
from dashboard.services import clock
from dashboard.services.clock import claim_moment
from dashboard.services.files import file_store
from dashboard.services.files.file_store import NoSpace

log = logging.getLogger(__name__)
LEASE = timedelta(seconds=60)
BATCH = 100
AWAITED = timedelta(minutes=2)
LONGEST_WAIT = timedelta(minutes=30)


class JobLost(Exception):
    """Somebody else copies the file by now, or its row is gone."""


@dataclass(eq=False, slots=True)
class FileJob:
    """A file that this process is to copy, with what is set aside for it."""

    row: StoredFile
    token: UUID
    output: Output | None  # None where it left the answer meanwhile
    reserved: int = 0
    placed: bool = False  # something of it may lie on the shelf
    died: bool = False  # whoever had it last did not come to an end


def want(runs: Sequence[Run], now: datetime) -> None:
    """Has the files of runs that are over copied; what is known already stays as it is."""
    over = [run.pk for run in runs if run.finished]
    if settings.KEEP_OUTPUTS == "none" or not over:
        return
    linked = Output.objects.filter(run__in=over, url__isnull=False, unsafe=False)
    if settings.KEEP_OUTPUTS == "thumbnails":
        linked = linked.filter(kind__in=(IMAGE, VIDEO))
    rows = [
        StoredFile(run_id=run, identity=identity, place=uuid4().hex, next_at=now)
        for run, identity in linked.order_by("run", "position").values_list("run_id", "identity")
    ]
    StoredFile.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def is_awaited(run: Run, now: datetime) -> bool:
    """Whether copies of its files may come soon, so that an open page goes on asking for them."""
    if settings.KEEP_OUTPUTS == "none" or not run.finished or run.observed_at is None:
        return False
    # Without a watcher none ever comes: a page does not ask for ever.
    since = max(run.ended_at or run.observed_at, run.first_seen_at)
    if now - since > LONGEST_WAIT:
        return False
    return StoredFile.objects.filter(run=run.pk, next_at__lt=now + AWAITED).exists()


def take(limit: int, now: datetime) -> list[FileJob]:
    """Takes up to `limit` files that are due, for a minute; each copies one of these alone."""
    due = StoredFile.objects.filter(next_at__lte=claim_moment(now), run__isnull=False)
    keys = dict(due.order_by("next_at", "id").values_list("pk", "token")[:limit])
    if not keys:
        return []
    token = uuid4()
    died = {pk for pk, old in keys.items() if old}
    if died:
        due.filter(pk__in=died).update(tries=F("tries") + 1)
    due.filter(pk__in=keys).update(token=token, next_at=claim_moment(now, LEASE))
    rows = list(StoredFile.objects.filter(token=token).order_by("id"))
    found: dict[Any, Output] = {(each.run_id, each.identity): each for each in _outputs(rows)}
    # What a killed process had set aside for a file is taken over.
    return [
        FileJob(row, token, found.get((row.run_id, row.identity)), row.size, died=row.pk in died)
        for row in rows
    ]


def renew(jobs: Iterable[FileJob], now: datetime) -> None:
    """Makes the claims of jobs that are still under way last for another minute."""
    mine = {job.row.pk: job.token for job in jobs}
    held = StoredFile.objects.filter(pk__in=mine, token__in=set(mine.values()))
    held.update(next_at=claim_moment(now, LEASE))


def _outputs(rows: Iterable[StoredFile]) -> Iterable[Output]:
    wanted = list(rows)
    return Output.objects.filter(
        run__in={row.run_id for row in wanted if row.run_id},
        identity__in=[row.identity for row in wanted],
    )


def hold(job: FileJob, more: int, now: datetime) -> None:
    """Sets more bytes aside and renews the claim; raises NoRoom or Lost."""
    limit = settings.KEEP_FILES_BYTES - more
    with transaction.atomic():
        # This one row is locked until the end: no two processes count the same room.
        room = (
            StorageUsage.objects.filter(pk=1)
            if not more
            else StorageUsage.objects.filter(bytes__lte=limit)
        )
        if not room.update(bytes=F("bytes") + more):
            raise NoSpace("no-room")
        if more and not _fits_its_run(job, more):
            raise NoSpace("run-full")
        later = claim_moment(now, LEASE)
        values = {"size": F("size") + more, "place": job.row.place, "next_at": later}
        if not _mine(job).update(**values):
            raise JobLost
    job.reserved += more


def _fits_its_run(job: FileJob, more: int) -> bool:
    """Whether it does, once files of outputs that have left the answer give way to it."""
    files = StoredFile.objects.filter(run=job.row.run_id)
    for _ in range(2):
        taken = files.aggregate(total=Sum("size"))["total"] or 0
        if taken + more <= settings.KEEP_RUN_BYTES:
            return True
        there = Output.objects.filter(run=job.row.run_id).values("identity")
        if not files.filter(token__isnull=True).exclude(identity__in=there).update(run=None):
            break
    return False


def end(job: FileJob, size: int, now: datetime, **columns: Any) -> None:
    """Writes what has become of the file; the room that it does not take is given back."""
    with transaction.atomic():
        StorageUsage.objects.filter(pk=1).update(bytes=F("bytes") + size - job.reserved)
        values: dict[str, Any] = {
            "next_at": None,
            "token": None,
            "size": size,
            "thumb_size": 0,
            **columns,
        }
        if not _mine(job).update(**values):
            raise JobLost
        waiting = StoredFile.objects.filter(
            run=job.row.run_id, why="waiting", next_at__isnull=False
        )
        # Pages are drawn anew when the last file of a run has come, not at each.
        if job.row.run_id and not waiting.exists():
            _draw_anew(job.row.run_id)
    job.reserved = size


def missed(job: FileJob, why: str, now: datetime) -> None:
    """No copy this time; what may yet come is tried again."""
    tries = job.row.tries
    wait = RETRY_AFTER[tries] if why in TRANSIENT and tries < len(RETRY_AFTER) else None
    again = None if wait is None else now + timedelta(seconds=wait)
    end(job, 0, now, why=why, tries=tries + 1, next_at=again)
    if why == "expired" and again is not None:
        later = Q(next_refresh_at__isnull=True) | Q(next_refresh_at__gt=now)
        Run.objects.filter(later, stored_files=job.row).update(next_refresh_at=now)


def _mine(job: FileJob) -> Any:
    return StoredFile.objects.filter(pk=job.row.pk, token=job.token)


def give_back(tokens: Iterable[UUID], now: datetime) -> None:
    """Files that were taken and not ended are due again at once."""
    StoredFile.objects.filter(token__in=list(tokens)).update(token=None, next_at=now)


def gone(kept: StoredFile) -> None:
    """Notes that a copy is not there any more; it is made again while its link works."""
    file_store.remove(kept)
    with transaction.atomic():
        there = StoredFile.objects.filter(pk=kept.pk, why=kept.why, size=kept.size)
        if there.update(why="gone", size=0, thumb_size=0, next_at=clock.now()):
            StorageUsage.objects.filter(pk=1).update(bytes=F("bytes") - kept.size)
            _draw_anew(kept.run_id)


def small_gone(kept: StoredFile) -> None:
    """Notes that the small picture alone is not there any more; the file is shown in its place."""
    with transaction.atomic():
        there = StoredFile.objects.filter(pk=kept.pk, size=kept.size, thumb_size=kept.thumb_size)
        if there.update(size=kept.length, thumb_size=0):
            StorageUsage.objects.filter(pk=1).update(bytes=F("bytes") - kept.thumb_size)
            _draw_anew(kept.run_id)


def _draw_anew(run: int | None) -> None:
    """Pages of a run are drawn anew, and open ones take it over."""
    if run is not None:
        Run.objects.filter(pk=run).update(extras_version=F("extras_version") + 1)


def links_renewed(run: Run, identities: Iterable[str], now: datetime) -> None:
    """Has files tried again soon that did not come while their links were the old ones."""
    if settings.KEEP_OUTPUTS == "none" or not run.finished:
        return
    soon = now + timedelta(seconds=RETRY_AFTER[0])
    later = Q(next_at__isnull=True) | Q(next_at__gt=soon)
    rows = run.stored_files.filter(later, identity__in=identities, why__in=TRANSIENT)
    rows.filter(token__isnull=True).update(next_at=soon)


def directly(call: Callable[..., Any], *args: Any) -> Any:
    return call(*args)


def tidy(now: datetime, do: Callable[..., Any] = directly) -> int:
    """Removes the files of runs that are gone, and parts that were left; how many files went.

    `do` carries out what is asked of the database.
    """
    file_store.sweep()
    rows = do(_left_behind, now)
    for row in rows:
        file_store.remove(row)
        do(_forget, row)
    if any(row.size for row in rows):
        do(_room_was_made, now)
    return len(rows)


def _left_behind(now: datetime) -> list[StoredFile]:
    idle = Q(next_at__isnull=True) | Q(next_at__lte=claim_moment(now)) | Q(token__isnull=True)
    return list(StoredFile.objects.filter(idle, run__isnull=True).order_by("id")[:BATCH])


def _forget(row: StoredFile) -> None:
    with transaction.atomic():
        if StoredFile.objects.filter(pk=row.pk, place=row.place, size=row.size).delete()[0]:
            StorageUsage.objects.filter(pk=1).update(bytes=F("bytes") - row.size)


def _room_was_made(now: datetime) -> None:
    """Has the newest of the files tried again that were given up for want of room."""
    given_up = StoredFile.objects.filter(why="no-room", next_at__isnull=True, run__isnull=False)
    keys = list(given_up.order_by("-id").values_list("pk", flat=True)[:BATCH])
    given_up.filter(pk__in=keys).update(next_at=now)


def clear_up(seconds: float) -> None:
    """Removes the files of runs that are gone, here and now; what takes longer is the watcher's."""
    until = time.monotonic() + seconds
    try:
        while tidy(clock.now()) and time.monotonic() < until:
            pass
    except (OSError, Error) as error:
        log.error("Kept files could not be removed: %s", error)
