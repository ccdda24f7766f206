"""A kept text file as a page shows it: its words, masked, or the beginning of them."""

from dataclasses import dataclass

from dashboard.domain.media.kinds import FILE, TEXT
from dashboard.domain.text.assigned_secrets import mask_assigned
from dashboard.domain.text.redaction import redact_text

WHOLE_UP_TO = 200_000
"""Bytes of a file that a page shows whole."""

BEGINNING = 20_000
"""Bytes that it shows of a longer one."""

_PLAIN = ("text/plain", "application/json")
_WRITTEN = (*_PLAIN, "text/html", "application/xml", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class TextPreview:
    """What a file says; `cut` where this is its beginning alone."""

    text: str
    cut: bool = False


def is_readable_text(kind: str, content_type: str) -> bool:
    """Whether a file is for reading, by its name's kind and by what its first bytes say."""
    return (kind == TEXT and content_type in _WRITTEN) or (kind == FILE and content_type in _PLAIN)


def preview_bytes(length: int, room: int) -> int:
    """How many bytes of a file of this length a page with `room` left for texts shows."""
    return length if length <= min(WHOLE_UP_TO, room) else min(BEGINNING, length)


def preview_of(body: bytes, length: int) -> TextPreview:
    """The words of a file of `length` bytes that begins with `body`; a cut ends with a line."""
    wide = body[:2] in (b"\xff\xfe", b"\xfe\xff")
    text = body.decode("utf-16" if wide else "utf-8-sig", "replace").replace("\0", "\ufffd")
    cut = len(body) < length
    if cut:
        text = text[: text.rfind("\n") + 1] or text.rstrip("\ufffd")
    return TextPreview(mask_assigned(redact_text(text)), cut)
