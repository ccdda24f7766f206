"""Thumbnails of images that are sent as text."""

import logging

from dashboard.services.files.file_store import partial_file
from dashboard.services.files.thumbnails import inspect_media

log = logging.getLogger(__name__)
MAX_BYTES = 16_000_000
BLOCK = 1_000_000


def thumbnail_of(body: bytes) -> bytes:
    """The thumbnail of an image as WebP; b"" where it is none, too large or broken."""
    if len(body) > MAX_BYTES:
        return b""
    try:
        return _drawn(body)
    except OSError as error:
        log.warning("An image of an input could not be drawn: %s", error)
        return b""


def _drawn(body: bytes) -> bytes:
    with partial_file() as part:
        for start in range(0, len(body), BLOCK):
            part.add(body[start : start + BLOCK])
        is_image = part.content_type.startswith("image/")
        return inspect_media(part, always=True).thumb if is_image else b""
