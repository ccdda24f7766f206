"""Text previews of stored files, read once and then taken from the fragment cache."""

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
from dashboard.views import fragment_cache

log = logging.getLogger(__name__)
MAX_BYTES = 400_000  # of texts in one page
MAX_FILES = 40
CUT = "cut"


def texts_of(
    outputs: Iterable[Output],
    stored: Mapping[str, StoredFile],
    *,
    clean: bool = False,
    most: int = MAX_FILES,
) -> dict[str, TextPreview]:
    """The previews of up to `most` stored text files, by the identity of their outputs.

    `clean` removes metadata, for readers who may not see the inputs.
    """
    previews: dict[str, TextPreview] = {}
    bytes_left = MAX_BYTES
    for output in outputs:
        row = stored.get(output.identity)
        if row is None or row.reason or not is_readable_text(output.kind, row.type):
            continue
        count = preview_bytes(row.length, bytes_left)
        if count > bytes_left or len(previews) == most:
            break
        if preview := _preview(row, count, clean):
            previews[output.identity] = preview
            bytes_left -= count
    return previews


def _preview(row: StoredFile, count: int, clean: bool) -> TextPreview | None:
    """The preview of a stored file; None where the file store cannot read it."""
    try:
        key = ("text", row.sha256, row.pk, count, clean)
        parts = fragment_cache.render_once(key, lambda: _read(row, count, clean))
    except OSError as error:
        log.warning("A stored text could not be read: %s", error)
        return None
    return TextPreview(parts[0], bool(parts[1]), parts[2])


def _read(row: StoredFile, count: int, clean: bool) -> fragment_cache.Parts:
    body = (
        strip_metadata.stripped_body(row)
        if clean
        else strip_metadata.Body(row.name, [(0, row.length)])
    )
    if body is None:
        raise OSError("it cannot be cleaned")
    preview = preview_of(b"".join(body.blocks(0, count - 1)), body.size)
    return preview.text, CUT if preview.cut else "", preview.encoding
