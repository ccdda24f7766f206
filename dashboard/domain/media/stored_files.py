"""Why a file of a run is not kept here, in words and sentences; names for kept files."""

import re
import unicodedata
from urllib.parse import unquote

REASONS = {
    "waiting": "We are copying this file.",
    "expired": "Its link ended before we could copy the file.",
    "removed": "ComfyDeploy's storage no longer has this file.",
    "private": "ComfyDeploy's storage did not let us read this file.",
    "unreachable": "ComfyDeploy's storage could not be reached.",
    "broken": "ComfyDeploy's storage did not send the whole file.",
    "refused": "Its address is not one that we fetch from.",
    "too-big": "The file is larger than the limit for one file.",
    "run-full": "The files of this run are larger than the limit for one run.",
    "no-room": "There is no room left for kept files.",
    "shelf": "The place of our copies could not be written to.",
    "thumbnail": "Only a small picture of this file is kept.",
    "no-thumb": "Only small pictures are kept, and none could be made of this file.",
    "off": "Keeping files is turned off.",
    "live": "We copy this file once the run has ended.",
    "small": "Only small pictures are kept, and of this kind none is made.",
    "never": "No copy of this file was made.",
    "gone": "Our copy of this file is no longer there.",
}
"""What a page says of an output without a kept file."""

SHORT_REASONS = {
    "expired": "Link expired",
    "removed": "File removed",
    "private": "File not open to us",
    "unreachable": "Storage not reached",
}
"""The same in two words, where the file itself could not be had."""

NOT_TRIED = frozenset({"", "off", "live", "small"})
"""Where there was no try at a copy, or none yet."""

WITHHELD = "This file may hold the prompt. Its owner can tick Inputs."
"""What a share link's page says of a file that cannot be cleaned, where inputs are not ticked."""

AWAITED = "It appears here once Runboard has its copy."
AWAITED_LIVE = "It appears here once the run has ended and Runboard has its copy."
NOT_KEPT = "Files are not kept here. Its owner can tick inputs and names."
"""What it says of a file without a copy, where it may not tell ComfyDeploy's address."""

RETRY_AFTER = (30, 120, 600, 3600, 21_600)
"""Seconds between tries at a file that may yet come."""

TRANSIENT = frozenset({"expired", "unreachable", "broken", "no-room", "shelf"})
"""Failures that may be over at the next try."""

EMBEDDABLE_TYPES = frozenset(
    {
        *("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp"),
        *("video/mp4", "video/webm", "video/quicktime"),
        *("audio/mpeg", "audio/wav", "audio/ogg", "audio/flac", "audio/mp4", "audio/aac"),
    }
)
"""Types that a browser may show from our own address; all others are downloads."""

MAX_PIXELS = 100_000_000
"""A larger picture is a download: decoding it would take a reader's memory."""


def may_embed(content_type: str, width: int | None, height: int | None) -> bool:
    """Whether a kept file may open in a page rather than download; a picture must be measured."""
    if content_type.startswith("image/") and not (width and height):
        return False
    return content_type in EMBEDDABLE_TYPES and (width or 0) * (height or 0) <= MAX_PIXELS


_UNSAFE = re.compile(r"[^\w.()+ -]+")
ENDING = re.compile(r"\.[A-Za-z0-9]{1,8}")
MAX = 80


def safe_name(text: str | None, fallback: str = "file") -> str:
    """A file name without path, control or quote characters; letters of any script stay."""
    last = re.split(r"[/\\]", text or "")[-1]
    stem, dot, ending = last.rpartition(".")
    if dot and ENDING.fullmatch(f".{ending}"):
        return f"{safe_part(stem, MAX) or fallback}.{ending}"
    return safe_part(last, MAX) or fallback


def safe_part(text: str, most: int) -> str:
    """As much of a text as fits in `most` letters, safe as a part of a file's name."""
    plain = _UNSAFE.sub("-", unicodedata.normalize("NFC", text)).strip(" .-")[:most]
    # A letter is up to four bytes, and file systems take 255 of them.
    return plain.encode()[: 3 * most].decode(errors="ignore").strip(" .-")


def name_in_link(link: str) -> str:
    """The last part of a link's path."""
    path = re.split(r"[?#]", link, maxsplit=1)[0]
    return unquote(path.rpartition("/")[2])
