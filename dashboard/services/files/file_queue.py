"""The file queue: rows of stored files that are to be copied, claimed, finished or failed."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ParamSpec, Protocol, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.db import Error, transaction
from django.db.models import F, Q, QuerySet, Sum

from dashboard.domain.media.absent_files import KEEP_ALL, KEEP_NONE, KEEP_THUMBNAILS
from dashboard.domain.media.kinds import IMAGE, VIDEO
from dashboard.domain.media.stored_files import RETRY_AFTER, TRANSIENT, FileReason
from dashboard.models import Output, Run, StorageUsage, StoredFile
from dashboard.services import clock
from dashboard.services.clock import claim_moment
from dashboard.services.files import file_store
from dashboard.services.files.file_store import NoSpace
from dashboard.services.files.kept import keep_at, keep_of

log = logging.getLogger(__name__)
CLAIM_TIME = timedelta(seconds=60)
BATCH = 100
AWAITED = timedelta(minutes=2)  # files due within this time count as coming soon
LONGEST_WAIT = timedelta(minutes=30)  # after a run's end, pages stop waiting for its files

P = ParamSpec("P")
T = TypeVar("T")


class JobLost(Exception):
    """The claim of a file has passed to another process, or its row is deleted."""


@dataclass(eq=False, slots=True)
class FileJob:
    """A file that this process has claimed, and the bytes that are reserved for it."""

    row: StoredFile
    token: UUID
    output: Output | None  # None where the run no longer lists it
    reserved: int = 0
    placed: bool = False  # the file or its thumbnail may be in the file store
    only_thumbnail: bool = False  # the file itself is not to be stored
    died: bool = False  # the process that claimed it before was killed


class Do(Protocol):
    """Makes a call that needs the database; returns its result or raises its error."""

    def __call__(self, call: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T: ...


def enqueue(runs: Sequence[Run], now: datetime) -> None:
    """Queues the files of finished runs; files that have a row already are left alone."""
    keep = {run.pk: keep_of(run) for run in runs if run.finished}
    whole = [pk for pk, kept in keep.items() if kept == KEEP_ALL]
    small = [pk for pk, kept in keep.items() if kept == KEEP_THUMBNAILS]
    if not whole and not small:
        return
    wanted = Q(run__in=whole) | Q(run__in=small, kind__in=(IMAGE, VIDEO))
    linked = Output.objects.filter(wanted, url__isnull=False, unsafe=False)
    rows = [
        StoredFile(run_id=run, identity=identity, place=uuid4().hex, next_at=now)
        for run, identity in linked.order_by("run", "position").values_list("run_id", "identity")
    ]
    StoredFile.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)


def awaits_files(run: Run, now: datetime) -> bool:
    """Whether files of a finished run may be stored soon, so that open pages go on polling."""
    if not run.finished or run.observed_at is None or keep_of(run) == KEEP_NONE:
        return False
    # Without a watcher no file is ever stored: polling ends.
    since = max(run.ended_at or run.observed_at, run.first_seen_at)
    if now - since > LONGEST_WAIT:
        return False
    return StoredFile.objects.filter(run=run.pk, next_at__lt=now + AWAITED).exists()


def claim(limit: int, now: datetime) -> list[FileJob]:
    """Claims up to `limit` files that are due for this process, for a minute each."""
    due = StoredFile.objects.filter(next_at__lte=claim_moment(now), run__isnull=False)
    keys = dict(due.order_by("next_at", "id").values_list("pk", "token")[:limit])
    if not keys:
        return []
    token = uuid4()
    died = {pk for pk, old in keys.items() if old}
    if died:
        due.filter(pk__in=died).update(tries=F("tries") + 1)
    due.filter(pk__in=keys).update(token=token, next_at=claim_moment(now, CLAIM_TIME))
    rows = list(StoredFile.objects.filter(token=token).order_by("id"))
    found: dict[tuple[int | None, str], Output] = {
        (each.run_id, each.identity): each for each in _outputs(rows)
    }
    created = dict(
        Run.objects.filter(pk__in={row.run_id for row in rows}).values_list("pk", "sorted_at")
    )
    # Bytes that a killed process had reserved for a file stay reserved for the new job.
    return [
        FileJob(
            row,
            token,
            found.get((row.run_id, row.identity)),
            row.size,
            only_thumbnail=keep_at(created.get(row.run_id or 0, now)) != KEEP_ALL,
            died=row.pk in died,
        )
        for row in rows
    ]


def renew_claims(jobs: Iterable[FileJob], now: datetime) -> None:
    """Extends the claims of these jobs by a minute; those that are lost stay lost."""
    mine = {job.row.pk: job.token for job in jobs}
    held = StoredFile.objects.filter(pk__in=mine, token__in=set(mine.values()))
    held.update(next_at=claim_moment(now, CLAIM_TIME))


def _outputs(rows: Iterable[StoredFile]) -> Iterable[Output]:
    wanted = list(rows)
    return Output.objects.filter(
        run__in={row.run_id for row in wanted if row.run_id},
        identity__in=[row.identity for row in wanted],
    )


def reserve(job: FileJob, more: int, now: datetime) -> None:
    """Reserves more bytes and extends the claim; raises NoSpace or JobLost."""
    limit = settings.KEEP_FILES_BYTES - more
    with transaction.atomic():
        # This one row is locked until the end: no two processes count the same space.
        usage = (
            StorageUsage.objects.filter(pk=1)
            if not more
            else StorageUsage.objects.filter(bytes__lte=limit)
        )
        if not usage.update(bytes=F("bytes") + more):
            raise NoSpace(FileReason.NO_SPACE)
        if more and not _fits_its_run(job, more):
            raise NoSpace(FileReason.RUN_LIMIT)
        later = claim_moment(now, CLAIM_TIME)
        values = {"size": F("size") + more, "place": job.row.place, "next_at": later}
        if not _mine(job).update(**values):
            raise JobLost
    job.reserved += more


def _fits_its_run(job: FileJob, more: int) -> bool:
    """Whether the run's limit allows it, after files of outputs no longer listed are dropped."""
    files = StoredFile.objects.filter(run=job.row.run_id)
    for _ in range(2):
        taken = files.aggregate(total=Sum("size"))["total"] or 0
        if taken + more <= settings.KEEP_RUN_BYTES:
            return True
        listed = Output.objects.filter(run=job.row.run_id).values("identity")
        if not files.filter(token__isnull=True).exclude(identity__in=listed).update(run=None):
            break
    return False


def finish(job: FileJob, size: int, now: datetime, **columns: object) -> None:
    """Stores the result of a job and frees what it reserved and did not use; raises JobLost."""
    with transaction.atomic():
        StorageUsage.objects.filter(pk=1).update(bytes=F("bytes") + size - job.reserved)
        values: dict[str, object] = {
            "next_at": None,
            "token": None,
            "size": size,
            "thumb_size": 0,
            **columns,
        }
        if not _mine(job).update(**values):
            raise JobLost
        waiting = StoredFile.objects.filter(
            run=job.row.run_id, reason=FileReason.WAITING, next_at__isnull=False
        )
        # Pages are rendered again after the last file of a run, not after each.
        if job.row.run_id and not waiting.exists():
            _advance_version(job.row.run_id)
    job.reserved = size


def fail(job: FileJob, reason: FileReason, now: datetime) -> None:
    """Stores why a file was not copied (`reason`), and when a transient reason is tried again."""
    tries = job.row.tries
    wait = RETRY_AFTER[tries] if reason in TRANSIENT and tries < len(RETRY_AFTER) else None
    again = None if wait is None else now + timedelta(seconds=wait)
    finish(job, 0, now, reason=reason, tries=tries + 1, next_at=again)
    if reason == FileReason.LINK_EXPIRED and again is not None:
        later = Q(next_refresh_at__isnull=True) | Q(next_refresh_at__gt=now)
        Run.objects.filter(later, stored_files=job.row).update(next_refresh_at=now)


def _mine(job: FileJob) -> QuerySet[StoredFile]:
    """The row of a job while this process has its claim, as a queryset."""
    return StoredFile.objects.filter(pk=job.row.pk, token=job.token)


def release(tokens: Iterable[UUID], now: datetime) -> None:
    """Makes claimed files that were not finished due again at once."""
    StoredFile.objects.filter(token__in=list(tokens)).update(token=None, next_at=now)


def mark_missing(stored: StoredFile) -> None:
    """Marks a file that is missing in the store; it is copied again while its link works."""
    file_store.remove(stored)
    with transaction.atomic():
        unchanged = StoredFile.objects.filter(pk=stored.pk, reason=stored.reason, size=stored.size)
        if unchanged.update(reason=FileReason.COPY_LOST, size=0, thumb_size=0, next_at=clock.now()):
            StorageUsage.objects.filter(pk=1).update(bytes=F("bytes") - stored.size)
            _advance_version(stored.run_id)


def mark_thumbnail_missing(stored: StoredFile) -> None:
    """Marks a thumbnail that is missing in the store; pages show the whole file instead."""
    with transaction.atomic():
        unchanged = StoredFile.objects.filter(
            pk=stored.pk, size=stored.size, thumb_size=stored.thumb_size
        )
        if unchanged.update(size=stored.length, thumb_size=0):
            StorageUsage.objects.filter(pk=1).update(bytes=F("bytes") - stored.thumb_size)
            _advance_version(stored.run_id)


def _advance_version(run: int | None) -> None:
    """Advances a run's version: cached fragments are rendered again, open pages update."""
    if run is not None:
        Run.objects.filter(pk=run).update(extras_version=F("extras_version") + 1)


def retry_renewed_links(run: Run, identities: Iterable[str], now: datetime) -> None:
    """Retries files soon that failed for transient reasons, now that their links are new."""
    if not run.finished or keep_of(run) == KEEP_NONE:
        return
    soon = now + timedelta(seconds=RETRY_AFTER[0])
    later = Q(next_at__isnull=True) | Q(next_at__gt=soon)
    rows = run.stored_files.filter(later, identity__in=identities, reason__in=TRANSIENT)
    rows.filter(token__isnull=True).update(next_at=soon)


def call_directly(call: Callable[P, T], /, *args: P.args, **named: P.kwargs) -> T:
    """Makes a call in this thread."""
    return call(*args, **named)


def remove_orphans(now: datetime, do: Do = call_directly) -> int:
    """Removes up to BATCH files of removed runs, and stale parts; returns how many files.

    `do` makes the calls that need the database. Raises OSError of the file store.
    """
    file_store.remove_stale_parts()
    rows = do(_orphans, now)
    for row in rows:
        file_store.remove(row)
        do(_delete_row, row)
    if any(row.size for row in rows):
        do(_retry_given_up, now)
    return len(rows)


def _orphans(now: datetime) -> list[StoredFile]:
    idle = Q(next_at__isnull=True) | Q(next_at__lte=claim_moment(now)) | Q(token__isnull=True)
    return list(StoredFile.objects.filter(idle, run__isnull=True).order_by("id")[:BATCH])


def _delete_row(row: StoredFile) -> None:
    with transaction.atomic():
        if StoredFile.objects.filter(pk=row.pk, place=row.place, size=row.size).delete()[0]:
            StorageUsage.objects.filter(pk=1).update(bytes=F("bytes") - row.size)


def _retry_given_up(now: datetime) -> None:
    """Retries the newest of the files that were given up because storage was full."""
    given_up = StoredFile.objects.filter(
        reason=FileReason.NO_SPACE, next_at__isnull=True, run__isnull=False
    )
    keys = list(given_up.order_by("-id").values_list("pk", flat=True)[:BATCH])
    given_up.filter(pk__in=keys).update(next_at=now)


def remove_orphans_within(seconds: float) -> None:
    """Removes files of removed runs for up to `seconds`; the watcher removes the rest."""
    until = time.monotonic() + seconds
    try:
        while remove_orphans(clock.now()) and time.monotonic() < until:
            pass
    except (OSError, Error) as error:
        log.error("Stored files could not be removed: %s", error)
