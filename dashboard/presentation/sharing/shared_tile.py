"""A run's output as the readers of a share link get it."""

from collections.abc import Collection

from dashboard.domain.sharing import INPUTS, NAMES
from dashboard.presentation.run.file_text import AWAITED, AWAITED_LIVE, NOT_KEPT
from dashboard.presentation.run.tiles import Tile, held, withheld


def shared_tile(tile: Tile, scopes: Collection[str], *, finished: bool, stores_files: bool) -> Tile:
    """The tile without what the scopes do not show.

    Without inputs, a stored file that may hold the prompt and cannot be cleaned is
    withheld; without names or inputs, so are ComfyDeploy's addresses, which name the run.
    """
    if INPUTS not in scopes and tile.kept and not tile.cleanable:
        return withheld(tile)
    if INPUTS in scopes and NAMES in scopes:
        return tile
    if not stores_files:
        return held(tile, NOT_KEPT)
    return held(tile, AWAITED if finished else AWAITED_LIVE)


def has_content(tile: Tile) -> bool:
    """Whether a tile shows a picture or a text, or has something to open."""
    return bool(tile.link or tile.shown or tile.small or tile.output.text is not None)
