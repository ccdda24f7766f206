"""The outputs of a run as far as a link's scopes go."""

from collections.abc import Collection
from dataclasses import replace

from dashboard.domain.media.absent_files import KEEP_ALL
from dashboard.domain.sharing import INPUTS, NAMES
from dashboard.models import Run
from dashboard.presentation.sharing.shared_tile import shared_tile
from dashboard.services.files.kept import keep_of
from dashboard.views.runs.file_address import Address
from dashboard.views.runs.outputs import TilesContext, tiles_context


def shared_tiles(run: Run, scopes: Collection[str], address: Address) -> TilesContext:
    """A run's outputs; `address` gives those of stored files."""
    context = tiles_context(run, address, clean=INPUTS not in scopes)
    tiles = context["tiles"]
    if NAMES not in scopes:
        tiles = [replace(tile, made_by="") for tile in tiles]
        context["values"] = []
    # No retention text: it would say that the run is starred, which needs the scope of labels.
    context["stays"] = ""
    stores_files = keep_of(run) == KEEP_ALL
    context["tiles"] = [
        shared_tile(tile, scopes, finished=run.finished, stores_files=stores_files)
        for tile in tiles
    ]
    return context
