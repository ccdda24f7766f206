"""Texts of kept files as a run's page shows them, read once and kept in this process."""

import logging
from collections.abc import Iterable, Mapping

from dashboard.domain.written import Words, bytes_shown, is_written, words_of
from dashboard.models import Kept, Output
from dashboard.services import shelf
from dashboard.views import kept as rendered

log = logging.getLogger(__name__)
MOST_OF_RUN = 400_000  # bytes of texts in one page
MOST_FILES = 40
CUT = "cut"


def texts_of(outputs: Iterable[Output], kept: Mapping[str, Kept]) -> dict[str, Words]:
    """The words of kept text files by their outputs; what a page has no room for is left out."""
    found: dict[str, Words] = {}
    room = MOST_OF_RUN
    for output in outputs:
        row = kept.get(output.identity)
        if row is None or row.why or not is_written(output.kind, row.type):
            continue
        count = bytes_shown(row.length, room)
        if count > room or len(found) == MOST_FILES:
            break
        if words := _words(row, count):
            found[output.identity] = words
            room -= count
    return found


def _words(row: Kept, count: int) -> Words | None:
    """None where the place of kept files does not give it: it stays a download."""
    try:
        parts = rendered.render_once(("text", row.sha256, row.pk, count), lambda: _read(row, count))
    except OSError as error:
        log.warning("A kept text could not be read: %s", error)
        return None
    return Words(parts[0], bool(parts[1]))


def _read(row: Kept, count: int) -> rendered.Parts:
    words = words_of(b"".join(shelf.blocks(row.name, 0, count - 1)), row.length)
    return words.text, CUT if words.cut else ""
