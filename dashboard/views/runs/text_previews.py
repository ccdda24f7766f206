"""Texts of kept files as a run's page shows them, read once and kept in this process."""

import logging
from collections.abc import Iterable, Mapping

from dashboard.domain.text.text_preview import (
    TextPreview,
    is_readable_text,
    preview_bytes,
    preview_of,
)
from dashboard.models import Output, StoredFile
from dashboard.services.files import strip_metadata
from dashboard.views import fragment_cache as rendered

log = logging.getLogger(__name__)
MAX_OF_RUN = 400_000  # bytes of texts in one page
MAX_FILES = 40
CUT = "cut"


def texts_of(
    outputs: Iterable[Output], kept: Mapping[str, StoredFile], *, clean: bool = False
) -> dict[str, TextPreview]:
    """The words of kept text files by their outputs; what a page has no room for is left out.

    `clean` is for readers who are not to see the inputs.
    """
    found: dict[str, TextPreview] = {}
    room = MAX_OF_RUN
    for output in outputs:
        row = kept.get(output.identity)
        if row is None or row.why or not is_readable_text(output.kind, row.type):
            continue
        count = preview_bytes(row.length, room)
        if count > room or len(found) == MAX_FILES:
            break
        if words := _words(row, count, clean):
            found[output.identity] = words
            room -= count
    return found


def _words(row: StoredFile, count: int, clean: bool) -> TextPreview | None:
    """None where the place of kept files does not give it: it stays a download."""
    try:
        key = ("text", row.sha256, row.pk, count, clean)
        parts = rendered.render_once(key, lambda: _read(row, count, clean))
    except OSError as error:
        log.warning("A kept text could not be read: %s", error)
        return None
    return TextPreview(parts[0], bool(parts[1]))


def _read(row: StoredFile, count: int, clean: bool) -> rendered.Parts:
    body = (
        strip_metadata.stripped_body(row)
        if clean
        else strip_metadata.Body(row.name, [(0, row.length)])
    )
    if body is None:
        raise OSError("it cannot be cleaned")
    words = preview_of(b"".join(body.blocks(0, count - 1)), body.size)
    return words.text, CUT if words.cut else ""
