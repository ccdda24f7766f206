"""Copies one output's file: fetched under guard, counted, checked, put on the shelf whole."""

import errno
import logging
from collections.abc import Callable
from functools import cache
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.signals import setting_changed
from django.db import DataError, IntegrityError
from django.db import Error as DatabaseError

from dashboard import __version__
from dashboard.domain.media.stored_files import RETRY_AFTER, may_embed
from dashboard.domain.text.links import is_signed
from dashboard.models import Output
from dashboard.services import clock
from dashboard.services.files import file_queue, file_store, thumbnails
from dashboard.services.files.file_queue import FileJob, JobLost
from dashboard.services.files.file_store import NoSpace, PartialFile
from dashboard.services.files.thumbnails import MediaFacts
from dashboard.upstream.file_errors import FileError, FileForbidden
from dashboard.upstream.files import Download, Fetcher

log = logging.getLogger(__name__)
STEP = 8_000_000  # bytes set aside at a time for a file whose length was not told
CHECK_EVERY = 4_000_000  # bytes after which the disk is looked at again

Do = Callable[..., Any]


@cache
def fetcher() -> Fetcher:
    """The fetcher of this process, made from the settings."""
    return Fetcher(user_agent=f"Runboard/{__version__}", local_origin=settings.LOCAL_FILES_ORIGIN)


def _forget(*, setting: str, **_: object) -> None:
    if setting == "LOCAL_FILES_ORIGIN":
        fetcher.cache_clear()


setting_changed.connect(_forget)


def copy(job: FileJob, do: Do) -> None:
    """Copies the file of a job; `do` carries out what is asked of the database.

    Raises Lost where it is somebody else's by now, and leaves nothing of it behind.
    """
    try:
        _copy(job, do)
    except (DataError, IntegrityError):  # of this file; anything else is of the whole database
        log.exception("What a file is cannot be stored.")
        _missed(job, "broken", do)
    except (JobLost, DatabaseError) as error:
        if isinstance(error, JobLost):  # else the file may well be noted
            _leave_nothing(job)
        raise
    except (FileError, NoSpace) as error:
        _missed(job, _word(error, job), do)
    except OSError as error:
        log.error("A file could not be kept: %s", error)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        _missed(job, "no-room" if full else "shelf", do)
    except Exception:  # it counts as a try, or it would be tried for ever
        log.exception("Copying a file failed.")
        _missed(job, "broken", do)


def _word(error: Exception, job: FileJob) -> str:
    if not isinstance(error, FileError):
        return str(error)
    # A signature may end before its time, with the key that signed it.
    early = isinstance(error, FileForbidden) and job.output and is_signed(job.output.url or "")
    return "expired" if early else error.why


def _missed(job: FileJob, why: str, do: Do) -> None:
    _leave_nothing(job)
    do(file_queue.missed, job, why, clock.now())


def _leave_nothing(job: FileJob) -> None:
    """Removes what this attempt has put on the shelf; the place is its own."""
    try:
        if job.placed:
            file_store.remove(job.row)
    except OSError as error:  # the next attempt removes it, or the run's end
        log.error("A file could not be removed: %s", error)


def _copy(job: FileJob, do: Do) -> None:
    if job.reserved or job.row.tries:  # what an earlier attempt may have left
        do(file_queue.hold, job, 0, clock.now())
        file_store.remove(job.row)
    if job.died and job.row.tries > len(RETRY_AFTER):  # it may be what ends the process
        do(file_queue.missed, job, "broken", clock.now())
        return
    output = job.output
    if output is None or not output.url:
        do(file_queue.missed, job, "removed", clock.now())
        return
    if output.expires_at is not None and output.expires_at <= clock.now():
        do(file_queue.missed, job, "expired", clock.now())
        return
    # A place of its own: whoever lost the claim can harm no other's copy.
    job.row.place = uuid4().hex
    with (
        fetcher().open(output.url, settings.KEEP_FILE_BYTES) as file,
        file_store.partial_file() as part,
    ):
        _receive(file, part, job, do)
        look = thumbnails.inspect_media(part, always=_thumbs_alone())
        thumb = _thumb_kept(look, part, job, do) if look.thumb else b""
        job.placed = True
        if thumb:
            file_store.put(ContentFile(thumb), job.row.thumb_name)
        if not _thumbs_alone():
            file_store.put(part, job.row.name)
        facts = _facts(part, output, look)
    do(file_queue.end, job, _stays(part) + len(thumb), clock.now(), **facts, thumb_size=len(thumb))


def _thumbs_alone() -> bool:
    return bool(settings.KEEP_OUTPUTS == "thumbnails")


def _stays(part: PartialFile) -> int:
    """The bytes of the file that are to be kept."""
    return 0 if _thumbs_alone() else part.length


def _receive(file: Download, part: PartialFile, job: FileJob, do: Do) -> None:
    _hold(job, part, file.length or STEP, do)
    checked = 0
    for piece in file.pieces:
        length = part.length + len(piece)
        if length > part.promised:
            _hold(job, part, max(length, part.promised + STEP), do)
        if length - checked > CHECK_EVERY:
            file_store.promise(part, length)
            checked = length
        part.add(piece)


def _hold(job: FileJob, part: PartialFile, size: int, do: Do) -> None:
    """Sets aside `size` bytes in all, on the disk and within the limits."""
    file_store.promise(part, size)
    do(file_queue.hold, job, max(0, size - job.reserved), clock.now())


def _thumb_kept(look: MediaFacts, part: PartialFile, job: FileJob, do: Do) -> bytes:
    """The small picture where there is room for it; a file is kept without it too."""
    try:
        file_store.promise(part, part.length + len(look.thumb))
        more = max(0, _stays(part) + len(look.thumb) - job.reserved)
        do(file_queue.hold, job, more, clock.now())
    except NoSpace:
        return b""
    return look.thumb


def _facts(part: PartialFile, output: Output, look: MediaFacts) -> dict[str, Any]:
    kind = part.content_type
    # An image that is none would show as broken: it stays a download.
    fits = kind.partition("/")[0] == output.kind
    return {
        "why": ("thumbnail" if look.thumb else "no-thumb") if _thumbs_alone() else "",
        "type": kind,
        "inline": fits and may_embed(kind, look.width, look.height),
        "width": look.width,
        "height": look.height,
        "seconds": look.seconds,
        "sha256": part.sha256,
        "kept_at": clock.now(),
    }
