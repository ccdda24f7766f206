"""A run's outputs as every page shows them: the run's own, its parts, a share link's."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, TypedDict

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from dashboard.domain.json_types import JsonObject
from dashboard.domain.media.absent_files import absent_reason, is_put_off
from dashboard.domain.retention import RetentionLimits
from dashboard.domain.run.marks import NO_MARK
from dashboard.domain.sharing import RedactedRun
from dashboard.http import Context
from dashboard.models import Output, Run
from dashboard.presentation.retention_text import retention_text
from dashboard.presentation.run.contact_sheet import (
    ONE_BY_ONE_UP_TO,
    OutputsView,
    contact_sheet,
    outputs_view,
)
from dashboard.presentation.run.stored_text import stored_text
from dashboard.presentation.run.tiles import Tile, tile
from dashboard.services.files.kept import keep_of
from dashboard.services.runs import picks
from dashboard.views.runs.file_address import Address, file_facts, run_address
from dashboard.views.runs.text_previews import MAX_FILES, texts_of

ASKED, ALL = "outputs", "all"
YEAR = 31_536_000  # seconds


class Asked(NamedTuple):
    """How a reader wants the outputs: all of them, and one by one or as a grid."""

    all_shown: bool = False
    view: OutputsView | None = None  # None: there is no choice


NOTHING_ASKED = Asked()


class TilesContext(TypedDict):
    """The outputs alone, and how many are stored."""

    run: Run
    tiles: list[Tile]
    values: list[JsonObject]
    kept: str
    stays: str
    unread: bool  # only a list has told of the run
    pair_url: str | None
    zip_url: str | None


def outputs_context(run: Run, asked: Asked = NOTHING_ASKED, *, member: bool = False) -> Context:
    """What the outputs of a run's own page need; the addresses are those of its parts.

    Members see who marked an output, and may mark it.
    """
    context = tiles_context(run, run_address(run.uuid))
    context["tiles"] = [own_marks(run, each, member=member) for each in context["tiles"]]
    outputs_url = reverse("run_outputs", args=[run.uuid])
    return {
        **context,
        **sheet_context(context["tiles"], outputs_url, asked),
        "values_url": f"{run.get_absolute_url()}values/",
        "page_url": settings.PUBLIC_URL + run.get_absolute_url(),
        "loopback": settings.LOOPBACK,
        "log_too": True,
    }


def own_marks(run: Run, made: Tile, *, member: bool) -> Tile:
    """The tile with who marked it and where to mark it, for members; without both for others."""
    if not member:
        return replace(made, mark=made.mark.nameless())
    pk = getattr(made.output, "pk", None)
    return replace(made, mark_url=reverse("run_mark", args=[run.uuid, pk]) if pk else "")


def marked_tile(run: Run, output: Output) -> Tile:
    """The tile as far as a member's mark of it goes, without its file."""
    made = replace(tile(output, None, ""), mark=picks.of_output(run, output.identity))
    return own_marks(run, made, member=True)


def sheet_context(tiles: Sequence[Tile], outputs_url: str, asked: Asked) -> Context:
    """Which tiles are shown and how, and the address that the section is loaded from again."""
    of = {name: f"{outputs_url}?{ASKED}={name}" for name in (ALL, *OutputsView)}
    named = ALL if asked.all_shown else asked.view
    return {
        "sheet": contact_sheet(tiles, all_shown=asked.all_shown),
        "view": outputs_view(tiles, asked.view),
        "jumps": len(tiles) > ONE_BY_ONE_UP_TO,
        "outputs_url": of[named] if named else outputs_url,
        "all_url": of[ALL],
        "large_url": of[OutputsView.LARGE],
        "grid_url": of[OutputsView.GRID],
    }


def asked_outputs(request: HttpRequest, *, choice: bool = False) -> Asked:
    """What the address asks for; on a page with a `choice` else what was chosen before."""
    word = request.GET.get(ASKED)
    if word in set(OutputsView):
        return Asked(view=OutputsView(word))
    kept = request.COOKIES.get(ASKED)
    view = OutputsView(kept) if kept in set(OutputsView) else OutputsView.LARGE
    return Asked(word == ALL, view if choice else None)


def keep_choice(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Lets the browser keep the view that the address names."""
    word = request.GET.get(ASKED)
    if word in set(OutputsView) and word != request.COOKIES.get(ASKED):
        response.set_cookie(ASKED, str(word), max_age=YEAR, samesite="Lax", httponly=True)
    return response


def tiles_context(run: Run, address: Address, *, clean: bool = False) -> TilesContext:
    """The outputs alone, and how many are stored.

    `address` gives those of stored files; `clean` is for readers who are not to see the inputs.
    """
    tiles = tiles_of(run, address, clean=clean)
    stored = stored_text(tiles)
    return {
        "run": run,
        "tiles": tiles,
        "values": run.values,
        "kept": stored,
        "stays": _stays(run) if stored else "",
        "unread": not run.fetched,
        "pair_url": reverse("run_pair", args=[run.uuid]) if len(pictures_of(tiles)) > 1 else None,
        "zip_url": reverse("run_archive", args=[run.uuid]) if worth_a_zip(run, tiles) else None,
    }


def tiles_of(
    run: Run, address: Address, *, clean: bool = False, most_texts: int = MAX_FILES
) -> list[Tile]:
    """The outputs as tiles; up to `most_texts` stored text files are read for them."""
    rows = {each.identity: each for each in run.stored_files.all()}
    outputs = list(run.outputs.all())
    texts = texts_of(outputs, rows, clean=clean, most=most_texts)
    marks = picks.of_run(run) if outputs else {}
    keep, tiles = keep_of(run), []
    past = keep != settings.KEEP_OUTPUTS
    for output in outputs:
        row = rows.get(output.identity)
        file = (
            file_facts(row, output, address) if row and not is_put_off(row.reason, keep) else None
        )
        absent = absent_reason(output, finished=run.finished, keep=keep, past=past)
        text = texts.get(output.identity)
        made = tile(output, file, settings.LOCAL_FILES_ORIGIN, text, absent)
        tiles.append(replace(made, mark=marks.get(output.identity, NO_MARK)))
    return tiles


def _stays(run: Run) -> str:
    limits = RetentionLimits(settings.KEEP_DAYS, settings.KEEP_RUNS, settings.KEEP_BYTES)
    return retention_text(run.sorted_at, limits, starred=run.starred)


def pictures_of(tiles: Sequence[Tile]) -> list[Tile]:
    """The images that a page may load whole."""
    return [each for each in tiles if each.viewer == "image" and each.embed_url]


def worth_a_zip(run: Run | RedactedRun, tiles: Sequence[Tile]) -> bool:
    """Whether the run has ended with a stored file or a text to download."""
    return run.finished and any(each.stored or each.output.text is not None for each in tiles)
