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
from dashboard.domain.keeping import AGAIN, may_show
from dashboard.domain.links import is_signed
from dashboard.models import Output
from dashboard.services import clock, keep, shelf, thumbs
from dashboard.services.keep import Job, Lost
from dashboard.services.shelf import NoRoom, Part
from dashboard.services.thumbs import Look
from dashboard.upstream.files import Arriving, Fetcher
from dashboard.upstream.missed import Missed, Private

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


def copy(job: Job, do: Do) -> None:
    """Copies the file of a job; `do` carries out what is asked of the database.

    Raises Lost where it is somebody else's by now, and leaves nothing of it behind.
    """
    try:
        _copy(job, do)
    except (DataError, IntegrityError):  # of this file; anything else is of the whole database
        log.exception("What a file is cannot be stored.")
        _missed(job, "broken", do)
    except (Lost, DatabaseError) as error:
        if isinstance(error, Lost):  # else the file may well be noted
            _leave_nothing(job)
        raise
    except (Missed, NoRoom) as error:
        _missed(job, _word(error, job), do)
    except OSError as error:
        log.error("A file could not be kept: %s", error)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        _missed(job, "no-room" if full else "shelf", do)
    except Exception:  # it counts as a try, or it would be tried for ever
        log.exception("Copying a file failed.")
        _missed(job, "broken", do)


def _word(error: Exception, job: Job) -> str:
    if not isinstance(error, Missed):
        return str(error)
    # A signature may end before its time, with the key that signed it.
    early = isinstance(error, Private) and job.output and is_signed(job.output.url or "")
    return "expired" if early else error.why


def _missed(job: Job, why: str, do: Do) -> None:
    _leave_nothing(job)
    do(keep.missed, job, why, clock.now())


def _leave_nothing(job: Job) -> None:
    """Removes what this attempt has put on the shelf; the place is its own."""
    try:
        if job.placed:
            shelf.remove(job.row)
    except OSError as error:  # the next attempt removes it, or the run's end
        log.error("A file could not be removed: %s", error)


def _copy(job: Job, do: Do) -> None:
    if job.reserved or job.row.tries:  # what an earlier attempt may have left
        do(keep.hold, job, 0, clock.now())
        shelf.remove(job.row)
    if job.died and job.row.tries > len(AGAIN):  # it may be what ends the process
        do(keep.missed, job, "broken", clock.now())
        return
    output = job.output
    if output is None or not output.url:
        do(keep.missed, job, "removed", clock.now())
        return
    if output.expires_at is not None and output.expires_at <= clock.now():
        do(keep.missed, job, "expired", clock.now())
        return
    # A place of its own: whoever lost the claim can harm no other's copy.
    job.row.place = uuid4().hex
    with fetcher().open(output.url, settings.KEEP_FILE_BYTES) as file, shelf.part() as part:
        _receive(file, part, job, do)
        look = thumbs.look(part, always=_thumbs_alone())
        thumb = _thumb_kept(look, part, job, do) if look.thumb else b""
        job.placed = True
        if thumb:
            shelf.put(ContentFile(thumb), job.row.thumb_name)
        if not _thumbs_alone():
            shelf.put(part, job.row.name)
        facts = _facts(part, output, look)
    do(keep.end, job, _stays(part) + len(thumb), clock.now(), **facts, thumb_size=len(thumb))


def _thumbs_alone() -> bool:
    return bool(settings.KEEP_OUTPUTS == "thumbnails")


def _stays(part: Part) -> int:
    """The bytes of the file that are to be kept."""
    return 0 if _thumbs_alone() else part.length


def _receive(file: Arriving, part: Part, job: Job, do: Do) -> None:
    _hold(job, part, file.length or STEP, do)
    checked = 0
    for piece in file.pieces:
        length = part.length + len(piece)
        if length > part.promised:
            _hold(job, part, max(length, part.promised + STEP), do)
        if length - checked > CHECK_EVERY:
            shelf.promise(part, length)
            checked = length
        part.add(piece)


def _hold(job: Job, part: Part, size: int, do: Do) -> None:
    """Sets aside `size` bytes in all, on the disk and within the limits."""
    shelf.promise(part, size)
    do(keep.hold, job, max(0, size - job.reserved), clock.now())


def _thumb_kept(look: Look, part: Part, job: Job, do: Do) -> bytes:
    """The small picture where there is room for it; a file is kept without it too."""
    try:
        shelf.promise(part, part.length + len(look.thumb))
        more = max(0, _stays(part) + len(look.thumb) - job.reserved)
        do(keep.hold, job, more, clock.now())
    except NoRoom:
        return b""
    return look.thumb


def _facts(part: Part, output: Output, look: Look) -> dict[str, Any]:
    kind = part.content_type
    # An image that is none would show as broken: it stays a download.
    fits = kind.partition("/")[0] == output.kind
    return {
        "why": ("thumbnail" if look.thumb else "no-thumb") if _thumbs_alone() else "",
        "type": kind,
        "inline": fits and may_show(kind, look.width, look.height),
        "width": look.width,
        "height": look.height,
        "seconds": look.seconds,
        "sha256": part.sha256,
        "kept_at": clock.now(),
    }
