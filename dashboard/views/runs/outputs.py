"""A run's outputs as every page shows them: the run's own, its parts, a share link's."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.urls import reverse

from dashboard.domain.media.kinds import IMAGE, VIDEO
from dashboard.domain.retention import RetentionLimits
from dashboard.domain.sharing import RedactedRun
from dashboard.models import Output, Run, StoredFile
from dashboard.presentation.format import plural
from dashboard.presentation.retention_text import retention_text
from dashboard.presentation.run.tiles import Tile, tile
from dashboard.views.runs.file_address import Address, copy_of, run_address
from dashboard.views.runs.text_previews import texts_of


def outputs_context(run: Run) -> dict[str, Any]:
    """What the outputs of a run's own page need; the addresses are those of its parts."""
    return {
        **tiles_context(run, run_address(run)),
        "outputs_url": reverse("run_outputs", args=[run.uuid]),
        "page_url": settings.PUBLIC_URL + run.get_absolute_url(),
        "loopback": settings.LOOPBACK,
        "log_too": True,
    }


def tiles_context(run: Run, address: Address, *, clean: bool = False) -> dict[str, Any]:
    """The outputs alone, and how many are kept; `address` gives those of kept files."""
    origin = settings.LOCAL_FILES_ORIGIN
    rows = {each.identity: each for each in run.stored_files.all()}
    outputs = list(run.outputs.all())
    words = texts_of(outputs, rows, clean=clean)
    tiles = []
    for output in outputs:
        row = rows.get(output.identity)
        file = copy_of(row, output, address) if row and not _put_off(row) else None
        tiles.append(tile(output, file, origin, words.get(output.identity), _absent(run, output)))
    kept, until = kept_told(run, tiles)
    return {
        "run": run,
        "tiles": tiles,
        "values": run.values,
        "kept": kept,
        "stays": until,
        "pair_url": reverse("run_pair", args=[run.uuid]) if len(pictures_of(tiles)) > 1 else None,
        "zip_url": reverse("run_archive", args=[run.uuid]) if worth_a_zip(run, tiles) else None,
    }


def _put_off(row: StoredFile) -> bool:
    """Whether a copy was to be made, and then files were no longer to be kept."""
    return row.why == "waiting" and settings.KEEP_OUTPUTS == "none"


def _absent(run: Run, output: Output) -> str:
    """Why an output has no row among the kept files, as a word of `domain/keeping`."""
    if not output.url or output.unsafe:
        return ""
    if settings.KEEP_OUTPUTS == "none":
        return "off"
    if not run.finished:
        return "live"
    alone = settings.KEEP_OUTPUTS == "thumbnails" and output.kind not in (IMAGE, VIDEO)
    return "small" if alone else "never"


def pictures_of(tiles: Sequence[Tile]) -> list[Tile]:
    """Those that can be shown whole."""
    return [each for each in tiles if each.viewer == "image" and each.shown]


def worth_a_zip(run: Run | RedactedRun, tiles: Sequence[Tile]) -> bool:
    """Once a run is over and there is something to take away."""
    return run.finished and any(each.kept or each.output.text is not None for each in tiles)


def kept_told(run: Run, tiles: list[Tile]) -> tuple[str, str]:
    """What is kept of the files, and until when, as the two halves of a sentence."""
    files = [each for each in tiles if each.output.url]
    kept = sum(each.kept for each in files)
    if not kept and not any(each.small_kept for each in files):
        return "", ""
    which = "All files are" if kept == len(files) else f"{kept} of {plural(len(files), 'file')} are"
    which = "The file is" if len(files) == 1 else which
    which = which if kept else "Small pictures are"
    limits = RetentionLimits(settings.KEEP_DAYS, settings.KEEP_RUNS, settings.KEEP_BYTES)
    return f"{which} kept here", retention_text(run.sorted_at, limits, starred=run.starred)
