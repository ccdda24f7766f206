"""Portraits: the small square picture of a person, fetched within the bounds of all files."""

import io
from functools import cache

from django.conf import settings
from django.core.signals import setting_changed
from PIL import Image, ImageOps

from dashboard import __version__
from dashboard.services.files.reduced import FORMATS, decoded_bytes, fits, reduced
from dashboard.upstream.file_errors import DownloadBroken
from dashboard.upstream.files import Fetcher

SIDE = 96  # pixels
MAX_BYTES = 5_000_000
MAX_DECODED = 100_000_000  # bytes of pixels in memory at a time
WITHIN = 20.0  # seconds for all of it: less than a job's lease


@cache
def fetcher() -> Fetcher:
    """The fetcher of this process, made from the settings."""
    return Fetcher(
        user_agent=f"Runboard/{__version__}",
        local_origin=settings.LOCAL_FILES_ORIGIN,
        total_timeout=WITHIN,
    )


def _forget(*, setting: str, **_: object) -> None:
    if setting == "LOCAL_FILES_ORIGIN":
        fetcher.cache_clear()


setting_changed.connect(_forget)


def fetch(url: str) -> bytes:
    """The portrait behind a link, as WebP; raises FileError. Asks, never writes."""
    with fetcher().open(url, MAX_BYTES) as file:
        body = b"".join(file.pieces)
    try:
        return portrait(body)
    except Exception as error:  # a broken picture can make Pillow raise anything
        raise DownloadBroken(f"It is no picture: {type(error).__name__}.") from None


def portrait(body: bytes) -> bytes:
    """The middle of a picture's first frame, SIDE × SIDE pixels of WebP without metadata.

    Raises ValueError where it does not fit in memory; a broken picture can raise anything.
    """
    file, box = io.BytesIO(body), 4 * SIDE
    with Image.open(file, formats=FORMATS) as image:
        if not fits(image, box) or decoded_bytes(image, box) > MAX_DECODED:
            raise ValueError("too large")
        small = ImageOps.fit(reduced(file, image, box), (SIDE, SIDE))
    out = io.BytesIO()
    small.save(out, "WEBP", quality=82, method=4, icc_profile=b"", exif=b"", xmp=b"")
    return out.getvalue()
