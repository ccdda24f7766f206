"""A run's output as the readers of a share link get it."""

from collections.abc import Collection

from dashboard.domain.sharing import INPUTS, NAMES
from dashboard.presentation.run.file_text import AWAITED, AWAITED_LIVE, NOT_STORED
from dashboard.presentation.run.tiles import Tile, withheld, without_remote_urls


def shared_tile(tile: Tile, scopes: Collection[str], *, finished: bool, stores_files: bool) -> Tile:
    """The tile without what the scopes do not show.

    Without inputs, a stored file that may hold the prompt and cannot be cleaned is
    withheld; without names or inputs, so are ComfyDeploy's addresses, which name the run.
    """
    if INPUTS not in scopes and tile.stored and not tile.cleanable:
        return withheld(tile)
    if INPUTS in scopes and NAMES in scopes:
        return tile
    if not stores_files:
        return without_remote_urls(tile, NOT_STORED)
    return without_remote_urls(tile, AWAITED if finished else AWAITED_LIVE)


def has_content(tile: Tile) -> bool:
    """Whether a tile shows a picture or a text, or has something to open."""
    return bool(tile.link or tile.embed_url or tile.thumbnail_url or tile.output.text is not None)
