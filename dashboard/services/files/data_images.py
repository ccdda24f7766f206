"""Thumbnails of images that are sent as text."""

from dashboard.services.files.file_store import partial_file
from dashboard.services.files.thumbnails import inspect_media

MAX_BYTES = 16_000_000
BLOCK = 1_000_000


def thumbnail_of(body: bytes) -> bytes:
    """The thumbnail of an image as WebP; b"" where it is none, too large or broken."""
    if len(body) > MAX_BYTES:
        return b""
    with partial_file() as part:
        for start in range(0, len(body), BLOCK):
            part.add(body[start : start + BLOCK])
        if not part.content_type.startswith("image/"):
            return b""
        return inspect_media(part, always=True).thumb
