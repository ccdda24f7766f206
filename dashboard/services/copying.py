"""Copies one output's file: fetched under guard, counted, checked, put on the shelf whole."""

import errno
import logging
import time
from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.signals import setting_changed

from dashboard import __version__
from dashboard.domain.keeping import may_show
from dashboard.services import clock, keep, shelf, thumbs
from dashboard.services.keep import Job
from dashboard.services.shelf import NoRoom, Part
from dashboard.services.thumbs import Look
from dashboard.upstream.files import Arriving, Fetcher
from dashboard.upstream.missed import Missed

log = logging.getLogger(__name__)
STEP = 8_000_000
RENEW_EVERY = 15.0

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
    """Copies the file of a job; `do` carries out what is asked of the database."""
    try:
        _copy(job, do)
    except (Missed, NoRoom) as error:
        why = error.why if isinstance(error, Missed) else str(error)
        do(keep.missed, job, why, clock.now())
    except OSError as error:
        log.error("A file could not be kept: %s", error)
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        do(keep.missed, job, "no-room" if full else "shelf", clock.now())


def _copy(job: Job, do: Do) -> None:
    if job.reserved:  # somebody was killed over it, perhaps with the file in its place
        shelf.remove(job.row)
    ends = job.output.expires_at
    if ends is not None and ends <= clock.now():
        do(keep.missed, job, "expired", clock.now())
        return
    url, most = job.output.url or "", settings.KEEP_FILE_BYTES
    with fetcher().open(url, most) as file, shelf.part() as part:
        _receive(file, part, job, do)
        look = thumbs.look(part, always=_thumbs_alone())
        thumb = _thumb_kept(look, part, job, do) if look.thumb else b""
        if thumb:
            shelf.put(ContentFile(thumb), job.row.thumb_name)
        if not _thumbs_alone():
            shelf.put(part, job.row.name)
        facts = _facts(part, job, look)
    do(keep.end, job, _stays(part) + len(thumb), clock.now(), **facts, thumb_size=len(thumb))


def _thumbs_alone() -> bool:
    return bool(settings.KEEP_OUTPUTS == "thumbnails")


def _stays(part: Part) -> int:
    """The bytes of the file that are to be kept."""
    return 0 if _thumbs_alone() else part.length


def _receive(file: Arriving, part: Part, job: Job, do: Do) -> None:
    renewed = time.monotonic()
    _hold(job, max(0, (file.length or STEP) - job.reserved), do)
    for piece in file.pieces:
        over = part.length + len(piece) - job.reserved
        if over > 0:
            _hold(job, max(over, STEP), do)
            renewed = time.monotonic()
        elif time.monotonic() - renewed > RENEW_EVERY:
            _hold(job, 0, do)
            renewed = time.monotonic()
        part.add(piece)


def _hold(job: Job, more: int, do: Do) -> None:
    shelf.check_disk(more)
    do(keep.hold, job, more, clock.now())


def _thumb_kept(look: Look, part: Part, job: Job, do: Do) -> bytes:
    """The small picture where there is room for it; a file is kept without it too."""
    try:
        _hold(job, max(0, _stays(part) + len(look.thumb) - job.reserved), do)
    except NoRoom:
        return b""
    return look.thumb


def _facts(part: Part, job: Job, look: Look) -> dict[str, Any]:
    kind = part.content_type
    # An image that is none would show as broken: it stays a download.
    fits = kind.partition("/")[0] == job.output.kind
    return {
        "why": ("thumbnail" if look.thumb else "no-thumb") if _thumbs_alone() else "",
        "type": kind,
        "inline": fits and may_show(kind, look.width, look.height),
        "width": look.width,
        "height": look.height,
        "sha256": part.sha256,
        "kept_at": clock.now(),
    }
