"""A stored text file as a page shows it: masked, whole or its beginning."""

from dataclasses import dataclass

from dashboard.domain.media.kinds import FILE, TEXT
from dashboard.domain.text.assigned_secrets import mask_assigned
from dashboard.domain.text.encodings import NAMES, encoding_of
from dashboard.domain.text.redaction import redact_text

WHOLE_UP_TO = 200_000
"""Bytes of a file that a page shows whole."""

BEGINNING = 20_000
"""Bytes that a page shows of a longer one."""

_PLAIN = ("text/plain", "application/json")
_WRITTEN = (*_PLAIN, "text/html", "application/xml", "image/svg+xml")


@dataclass(frozen=True, slots=True)
class TextPreview:
    """The text of a file; `cut` where it is the beginning only.

    `encoding` is the one that it was read in, as people call it; "" for UTF-8.
    """

    text: str
    cut: bool = False
    encoding: str = ""


def is_readable_text(kind: str, content_type: str) -> bool:
    """Whether a file is for reading, by the kind of its name and its sniffed media type."""
    return (kind == TEXT and content_type in _WRITTEN) or (kind == FILE and content_type in _PLAIN)


def preview_bytes(length: int, left: int) -> int:
    """How many bytes of a file of this length a page shows that has `left` bytes for texts."""
    return length if length <= min(WHOLE_UP_TO, left) else min(BEGINNING, length)


def preview_of(body: bytes, length: int) -> TextPreview:
    """The words of a file of `length` bytes that begins with `body`; a cut ends with a line."""
    cut = len(body) < length
    encoding = encoding_of(body, cut=cut) or "utf-8"
    text = body.decode(encoding, "replace").replace("\0", "\ufffd")
    if cut:
        text = text[: text.rfind("\n") + 1] or text.rstrip("\ufffd")
    return TextPreview(mask_assigned(redact_text(text)), cut, NAMES.get(encoding, ""))
