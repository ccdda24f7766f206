"""A run's output as the readers of a share link get it."""

from collections.abc import Collection
from dataclasses import replace

from dashboard.domain.run.marks import NO_MARK
from dashboard.domain.sharing import INPUTS, NAMES, PICKS
from dashboard.presentation.run.file_text import AWAITED, AWAITED_LIVE, NOT_STORED
from dashboard.presentation.run.tiles import Tile, withheld, without_remote_urls


def shared_tile(tile: Tile, scopes: Collection[str], *, finished: bool, stores_files: bool) -> Tile:
    """The tile without what the scopes do not show; whose a mark is, none of them does.

    Without inputs, a stored file that may hold the prompt and cannot be cleaned is
    withheld; without names or inputs, so are ComfyDeploy's addresses, which name the run.
    """
    tile = _with_shared_mark(tile, scopes)
    if INPUTS not in scopes and tile.stored and not tile.cleanable:
        return withheld(tile)
    if INPUTS in scopes and NAMES in scopes:
        return tile
    if not stores_files:
        return without_remote_urls(tile, NOT_STORED)
    return without_remote_urls(tile, AWAITED if finished else AWAITED_LIVE)


def _with_shared_mark(tile: Tile, scopes: Collection[str]) -> Tile:
    if not tile.mark:
        return tile
    return replace(tile, mark=tile.mark.nameless() if PICKS in scopes else NO_MARK)


def has_content(tile: Tile) -> bool:
    """Whether a tile shows a picture or a text, or has something to open."""
    return bool(tile.link or tile.embed_url or tile.thumbnail_url or tile.output.text is not None)
