"""How many of a run's files are stored, as the first half of a sentence."""

from collections.abc import Iterable

from dashboard.presentation.format import plural
from dashboard.presentation.run.tiles import Tile


def stored_text(tiles: Iterable[Tile]) -> str:
    """Such as "2 of 3 files are stored"; "" where neither a file nor a thumbnail is stored."""
    files = [each for each in tiles if each.output.url]
    stored = sum(each.stored for each in files)
    if not stored:
        return "Thumbnails are stored" if any(each.has_thumbnail for each in files) else ""
    if len(files) == 1:
        return "The file is stored"
    which = "All files" if stored == len(files) else f"{stored} of {plural(len(files), 'file')}"
    return f"{which} are stored"
