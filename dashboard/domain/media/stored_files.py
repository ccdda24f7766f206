"""Stored files: why one is missing, which may be retried or embedded, and safe file names."""

import re
import unicodedata
from enum import StrEnum
from urllib.parse import unquote

from dashboard.domain.media.kinds import AUDIO, VIDEO


class FileReason(StrEnum):
    """Why there is no copy of an output's file, by the word that the database has for it."""

    WAITING = "waiting"
    LINK_EXPIRED = "expired"
    REMOVED = "removed"
    FORBIDDEN = "private"
    UNREACHABLE = "unreachable"
    BROKEN = "broken"
    ADDRESS_REFUSED = "refused"
    TOO_LARGE = "too-big"
    RUN_LIMIT = "run-full"
    NO_SPACE = "no-room"
    STORE_FAILED = "shelf"
    THUMBNAIL_ONLY = "thumbnail"
    NO_THUMBNAIL = "no-thumb"
    TURNED_OFF = "off"
    BEFORE_START = "past"
    RUN_LIVE = "live"
    THUMBNAILS_ONLY = "small"
    NOT_COPIED = "never"
    COPY_LOST = "gone"


NOT_TRIED = frozenset(
    {
        "",
        FileReason.TURNED_OFF,
        FileReason.BEFORE_START,
        FileReason.RUN_LIVE,
        FileReason.THUMBNAILS_ONLY,
    }
)
"""Reasons for which no copy has been tried; empty where no reason is known."""

RETRY_AFTER = (30, 120, 600, 3600, 21_600)
"""Seconds to wait before each further try at a file."""

TRANSIENT = frozenset(
    {
        FileReason.LINK_EXPIRED,
        FileReason.UNREACHABLE,
        FileReason.BROKEN,
        FileReason.NO_SPACE,
        FileReason.STORE_FAILED,
    }
)
"""Reasons for which a later try may succeed."""

EMBEDDABLE_TYPES = frozenset(
    {
        *("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"),
        *("video/mp4", "video/webm", "video/quicktime"),
        *("audio/mpeg", "audio/wav", "audio/ogg", "audio/flac", "audio/mp4", "audio/aac"),
        "audio/webm",
    }
)
"""Media types that a browser may show from our own address; all others are downloads."""

MAX_PIXELS = 100_000_000
"""Pixels of an image; a larger one is a download, because decoding it needs too much memory."""


MAX_UNREDUCED, MAX_UNREDUCED_PIXELS = 10_000_000, 50_000_000
"""Bytes and pixels of an image that a page loads where there is no thumbnail of it."""


def may_embed(content_type: str, width: int | None, height: int | None, unreduced: int = 0) -> bool:
    """Whether a stored file may open in a page; an image whose size is not known may not.

    `unreduced` is the length in bytes of a file without a thumbnail, 0 of one with it.
    """
    pixels = (width or 0) * (height or 0)
    if content_type.startswith("image/"):
        most = MAX_UNREDUCED_PIXELS if unreduced else MAX_PIXELS
        if not 0 < pixels <= most or unreduced > MAX_UNREDUCED:
            return False
    return content_type in EMBEDDABLE_TYPES and pixels <= MAX_PIXELS


def kind_shown(kind: str, content_type: str) -> str:
    """The kind that an output is shown as, by its name's and by its file's media type.

    Sound in a video's file is sound, and the other way round.
    """
    found = content_type.partition("/")[0]
    return found if {kind, found} == {VIDEO, AUDIO} else kind


_UNSAFE = re.compile(r"[^\w.()+ -]+")
ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}")
MAX = 80  # letters of a name without its ending


def safe_name(text: str | None, fallback: str = "file") -> str:
    """A file name without path, control or quote characters; letters of any script stay."""
    last = re.split(r"[/\\]", text or "")[-1]
    stem, dot, ending = last.rpartition(".")
    if dot and ENDING.fullmatch(f".{ending}"):
        return f"{safe_part(stem, MAX) or fallback}.{ending}"
    return safe_part(last, MAX) or fallback


def safe_part(text: str, most: int) -> str:
    """The text cut to `most` letters and made safe as a part of a file's name."""
    plain = _UNSAFE.sub("-", unicodedata.normalize("NFC", text)).strip(" .-")[:most]
    # A letter is up to four bytes, and file systems take 255 of them.
    return plain.encode()[: 3 * most].decode(errors="ignore").strip(" .-")


def name_in_link(link: str) -> str:
    """The last part of a link's path."""
    path = re.split(r"[?#]", link, maxsplit=1)[0]
    return unquote(path.rpartition("/")[2])
