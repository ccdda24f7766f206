"""Patterns of the gallery: tiles of every kind in their sections, a stack, and no files."""

from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static

from dashboard.domain.run.marks import PICKED, REJECTED, Mark
from dashboard.http import Context
from dashboard.models import Run
from dashboard.presentation.gallery import (
    WITHOUT_FILES,
    GallerySection,
    GalleryTile,
    Heading,
    by_prompt,
    by_workflow,
    day_title,
    files_text,
    gallery_tile,
    stacked,
    without_text,
)
from dashboard.presentation.run.tiles import tile
from dashboard.styleguide import payloads
from dashboard.styleguide.drawing import Pattern, Patterns, drawn
from dashboard.styleguide.run_parts import stored_picture
from dashboard.styleguide.runs import run_of
from dashboard.views.runs.filters import BY_PROMPT, BY_WORKFLOW, GALLERY, ListFilter
from dashboard.views.runs.gallery import caption_of

PARTS = ("runs/list/_list_actions.html", "runs/list/_filters.html", "runs/gallery/_gallery.html")
PROMPT = (
    "Aerial view of a lighthouse on a dark headland at dusk, oil painting, thick visible brush "
    "strokes, the sky from violet to orange near the horizon, the lamp is lit, no people"
)


def walls(request: HttpRequest, now: datetime) -> Patterns:
    picture = request.build_absolute_uri(static("img/card.png"))
    run, every = _tiles(now, 1, picture)
    for each in every:
        yield Pattern(f"{each.look}: {each.tile.output.key}", _wall([_day(now, run, [each])]))
    yield Pattern("a stack", _wall([_day(now, run, _stack(now, picture))]))
    days = [_day(now, run, every), _day(now - timedelta(days=1), run, [])]
    yield Pattern("two days", _wall(days, gallery_older="#wall", gallery_after=True))
    yield Pattern("no stacks", _wall(days, choice=ListFilter(view=GALLERY, stacks=False)))
    yield Pattern("marks", _wall([replace(_day(now, run, _marked(now, picture)), picked=2)]))
    yield from _grouped(now, picture)
    yield Pattern("no files", _wall(days[1:], gallery_empty=True))
    yield Pattern("no older", _wall([], gallery_after=True))


def _tiles(now: datetime, key: int, picture: str) -> tuple[Run, list[GalleryTile]]:
    run, facts = run_of(payloads.outputs(now, picture), now)
    run.pk, caption = key, caption_of(_named(run, key), {"": "v14"})
    gone = replace(
        facts.outputs[0], filename="gone.png", identity="gone", key="gone", expires_at=now
    )
    kept = stored_picture(picture)
    made = [
        tile(each, kept if n == 0 else None, settings.LOCAL_FILES_ORIGIN)
        for n, each in enumerate((*facts.outputs, gone))
    ]
    return run, [gallery_tile(each, caption, now, 4.0) for each in made]


def _named(run: Run, key: int) -> Run:
    run.pk = key
    run.seedless_digest, run.inputs_digest = "same", str(key)
    run.workflow_id = run.workflow_id or "lighthouse"
    return run


def _stack(now: datetime, picture: str) -> list[GalleryTile]:
    return stacked(_tiles(now, key, picture)[1][0] for key in (11, 12, 13))


def _day(now: datetime, run: Run, tiles: list[GalleryTile]) -> GallerySection:
    captions = {each.run.key: each.run for each in tiles}
    return GallerySection(
        key=str(now.date()),
        title=day_title(now.date(), now.date()),
        text=files_text(len(tiles), len(captions)),
        without=without_text(2, more=bool(tiles)),
        tiles=tiles,
        captions=list(captions.values()),
    )


def _marked(now: datetime, picture: str) -> list[GalleryTile]:
    """A file of a run of its own with each mark."""
    marks = (Mark(PICKED, at=now), Mark(PICKED, 4, "mira", now), Mark(REJECTED), Mark(rating=3))
    shown = [(_tiles(now, 21 + n, picture)[1][0], each) for n, each in enumerate(marks)]
    return [replace(one, tile=replace(one.tile, mark=each)) for one, each in shown]


def _wall(days: list[GallerySection], **given: object) -> str:
    choice = ListFilter(view=GALLERY)
    context: Context = {"gallery": True, "gallery_sections": days, "choice": choice}
    return drawn({**context, **given}, *PARTS)


def _grouped(now: datetime, picture: str) -> Patterns:
    """Sections of prompts and workflows, what has no files, and what a next page goes on with."""

    def some(key: int) -> GallerySection:
        run, tiles = _tiles(now, key, picture)
        return replace(_day(now, run, tiles[:3]), counts=(3, 1, 2), picked=1)

    shown = some(31)
    bare = replace(shown, text="", without=without_text(2, more=False), tiles=[], captions=[])
    prompts = [_under(by_prompt(PROMPT), shown), _under(WITHOUT_FILES, replace(bare, picked=0))]
    choice = ListFilter(view=GALLERY, group=BY_PROMPT)
    yield Pattern("by prompt", _wall(prompts, choice=choice))
    further = _wall(prompts[:1], choice=choice, gallery_older="#wall", gallery_after=True)
    yield Pattern("by prompt, continued", further.replace('" hidden>continued', '">continued'))
    names = (("1a2b3c4d5e", "lighthouse-flux"), ("1a2b3c4d5e", ""), ("", ""))
    flows = [_under(by_workflow(*each), some(32 + n)) for n, each in enumerate(names)]
    choice = ListFilter(view=GALLERY, group=BY_WORKFLOW)
    yield Pattern("by workflow", _wall(flows, choice=choice))


def _under(heading: Heading, section: GallerySection) -> GallerySection:
    return replace(section, key=heading.key, title=heading.title)
