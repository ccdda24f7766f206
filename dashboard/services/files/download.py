"""Copies one output's file: downloads it within the limits and saves it in the file store."""

import errno
import logging
from functools import cache
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.signals import setting_changed
from django.db import DataError, IntegrityError
from django.db import Error as DatabaseError

from dashboard import __version__
from dashboard.domain.media.stored_files import RETRY_AFTER, FileReason, kind_shown, may_embed
from dashboard.domain.text.links import is_signed
from dashboard.services import clock
from dashboard.services.files import file_queue, file_store, thumbnails
from dashboard.services.files.file_queue import Do, FileJob, JobLost
from dashboard.services.files.file_store import NoSpace, PartialFile
from dashboard.services.files.thumbnails import MediaFacts
from dashboard.upstream.file_errors import FileError, FileForbidden
from dashboard.upstream.files import Download, Fetcher

log = logging.getLogger(__name__)
STEP = 8_000_000  # bytes reserved at a time for a file of unknown length
CHECK_EVERY = 4_000_000  # bytes after which free disk space is checked again


@cache
def fetcher() -> Fetcher:
    """The fetcher of this process, made from the settings."""
    return Fetcher(user_agent=f"Runboard/{__version__}", local_origin=settings.LOCAL_FILES_ORIGIN)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "LOCAL_FILES_ORIGIN":
        fetcher.cache_clear()


setting_changed.connect(_forget)


def copy_file(job: FileJob, do: Do) -> None:
    """Copies the file of a job and stores the result; `do` makes the calls to the database.

    Raises JobLost where another process has claimed it, after removing what it saved.
    """
    try:
        _copy(job, do)
    except (DataError, IntegrityError):  # of this row; other errors concern the whole database
        log.exception("The facts of a file cannot be stored.")
        _fail(job, FileReason.BROKEN, do)
    except (JobLost, DatabaseError) as error:
        if isinstance(error, JobLost):  # after a DatabaseError its row may have been written
            _remove_remains(job)
        raise
    except (FileError, NoSpace) as error:
        _fail(job, _reason(error, job), do)
    except OSError as error:
        log.error("A file could not be stored: %s", error)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        _fail(job, FileReason.NO_SPACE if full else FileReason.STORE_FAILED, do)
    except Exception:  # counts as a try, or it would be retried for ever
        log.exception("Copying a file failed.")
        _fail(job, FileReason.BROKEN, do)


def _reason(error: FileError | NoSpace, job: FileJob) -> FileReason:
    # A signed link may end early, with the key that signed it.
    url = job.output.url if job.output else None
    ended = isinstance(error, FileForbidden) and is_signed(url or "")
    return FileReason.LINK_EXPIRED if ended else error.reason


def _fail(job: FileJob, reason: FileReason, do: Do) -> None:
    _remove_remains(job)
    do(file_queue.fail, job, reason, clock.now())


def _remove_remains(job: FileJob) -> None:
    """Removes what this attempt has saved, under a name that no other attempt uses."""
    try:
        if job.placed:
            file_store.remove(job.row)
    except OSError as error:  # removed by the next attempt, or with the run
        log.error("A file could not be removed: %s", error)


def _copy(job: FileJob, do: Do) -> None:
    if job.reserved or job.row.tries:  # an earlier attempt may have left a file
        do(file_queue.reserve, job, 0, clock.now())
        file_store.remove(job.row)
    if job.died and job.row.tries > len(RETRY_AFTER):  # the file may be what kills the process
        do(file_queue.fail, job, FileReason.BROKEN, clock.now())
        return
    output = job.output
    if output is None or not output.url:
        do(file_queue.fail, job, FileReason.REMOVED, clock.now())
        return
    if output.expires_at is not None and output.expires_at <= clock.now():
        do(file_queue.fail, job, FileReason.LINK_EXPIRED, clock.now())
        return
    # A new name for each attempt: one that lost its claim cannot overwrite another's file.
    job.row.place = uuid4().hex
    with (
        fetcher().open(output.url, settings.KEEP_FILE_BYTES) as file,
        file_store.partial_file() as part,
    ):
        _receive(file, part, job, do)
        media = thumbnails.inspect_media(part, always=job.only_thumbnail)
        thumb = _thumbnail_within_limits(media, part, job, do) if media.thumb else b""
        job.placed = True
        if thumb:
            file_store.save(ContentFile(thumb), job.row.thumb_name)
        if not job.only_thumbnail:
            file_store.save(part, job.row.name)
        facts = _facts(part, job, media, unreduced=0 if thumb else part.length)
    do(
        file_queue.finish,
        job,
        _stored_bytes(part, job) + len(thumb),
        clock.now(),
        **facts,
        thumb_size=len(thumb),
    )


def _stored_bytes(part: PartialFile, job: FileJob) -> int:
    """How many bytes of the file itself will be stored."""
    return 0 if job.only_thumbnail else part.length


def _receive(file: Download, part: PartialFile, job: FileJob, do: Do) -> None:
    _reserve(job, part, file.length or STEP, do)
    checked = 0
    for piece in file.pieces:
        length = part.length + len(piece)
        if length > part.reserved:
            _reserve(job, part, max(length, part.reserved + STEP), do)
        if length - checked > CHECK_EVERY:
            file_store.reserve_disk(part, length)
            checked = length
        part.add(piece)


def _reserve(job: FileJob, part: PartialFile, size: int, do: Do) -> None:
    """Reserves `size` bytes in total, on disk and of the limits; raises NoSpace or JobLost."""
    file_store.reserve_disk(part, size)
    do(file_queue.reserve, job, max(0, size - job.reserved), clock.now())


def _thumbnail_within_limits(media: MediaFacts, part: PartialFile, job: FileJob, do: Do) -> bytes:
    """The thumbnail where the limits allow it, else b""; the file is stored without it too."""
    try:
        file_store.reserve_disk(part, part.length + len(media.thumb))
        more = max(0, _stored_bytes(part, job) + len(media.thumb) - job.reserved)
        do(file_queue.reserve, job, more, clock.now())
    except NoSpace:
        return b""
    return media.thumb


def _facts(
    part: PartialFile, job: FileJob, media: MediaFacts, *, unreduced: int
) -> dict[str, object]:
    kind = part.content_type
    reason = ""  # the whole file is stored
    if job.only_thumbnail:
        reason = FileReason.THUMBNAIL_ONLY if media.thumb else FileReason.NO_THUMBNAIL
    # A file of another kind than its output's would show as broken, and one that browsers do
    # not turn upright on its side: it stays a download.
    wanted = kind_shown(job.output.kind, kind) if job.output else ""
    fits = kind.partition("/")[0] == wanted and media.stands
    return {
        "reason": reason,
        "type": kind,
        "inline": fits and may_embed(kind, media.width, media.height, unreduced),
        "width": media.width,
        "height": media.height,
        "seconds": media.seconds,
        "codec": media.codec,
        "frame_rate": media.frame_rate,
        "sha256": part.sha256,
        "stored_at": clock.now(),
    }
