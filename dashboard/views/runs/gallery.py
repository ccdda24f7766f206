"""The gallery: the outputs of the runs of a list's filter, by day, prompt or workflow."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby

from django.conf import settings
from django.http import HttpRequest

from dashboard.access import may_label
from dashboard.domain.filters.fields import CREATED, YES, Form
from dashboard.domain.filters.fields import PICKED as PICKED_FILES
from dashboard.domain.filters.query import Term
from dashboard.domain.filters.sorts import written_key
from dashboard.domain.media.kinds import TEXT
from dashboard.domain.run.marks import NO_MARK, PICKED
from dashboard.http import Context
from dashboard.models import Run
from dashboard.presentation.gallery import (
    WITHOUT_FILES,
    GallerySection,
    GalleryTile,
    Heading,
    RunCaption,
    by_prompt,
    by_workflow,
    day_title,
    files_text,
    gallery_tile,
    seed_of,
    stacked,
    without_text,
)
from dashboard.presentation.run.display import row_display
from dashboard.services import clock
from dashboard.services.runs import gallery, pasted
from dashboard.views.runs.file_address import run_address
from dashboard.views.runs.filters import BY_DAY, BY_WORKFLOW, ListFilter
from dashboard.views.runs.list_pages import page_of
from dashboard.views.runs.outputs import own_marks, tiles_of

MOST_TEXTS = 40  # stored text files that a page reads
NONE_HELD = gallery.DayCount(0, 0, 0)
# What a script fills the marking buttons of a tile from, which are made when it is chosen.
UNMARKED: Context = {"name": "{name}", "mark": NO_MARK, "mark_url": "", "output": {"identity": ""}}


def gallery_context(choice: ListFilter, request: HttpRequest) -> Context:
    """A page of the gallery in its sections, and the address of the older one."""
    counted = choice.group == BY_DAY and choice.sort.name == CREATED
    listed = page_of(request, choice, size=gallery.PAGE_RUNS)
    chosen, picks = choice.runs() if counted else None, _asks_for_picks(choice)
    page = gallery.page_of(listed, chosen, choice.zone, picks=picks)
    after, rest = listed.newer, page.older
    member = may_label(request.user)
    wall = Wall(page, choice, member=member)
    sections = list(_days(wall) if choice.group == BY_DAY else _groups(wall))
    return {
        "gallery": True,
        "gallery_sections": sections,
        "gallery_older": rest and f"{choice.url}&after={written_key(choice.sort, rest)}",
        "gallery_empty": not (after or rest or any(section.tiles for section in sections)),
        "gallery_after": after,
        "gallery_unmarked": UNMARKED if member else None,
        "public_url": settings.PUBLIC_URL,
        "loopback": settings.LOOPBACK,
    }


def _asks_for_picks(choice: ListFilter) -> bool:
    """Whether the filter asks for picks: the other files of the same runs are left out."""
    return Term(PICKED_FILES, YES, Form.FLAG) in choice.query.terms


class Wall:
    """Makes the tiles of a page's runs; the first stored texts of it are read."""

    def __init__(self, page: gallery.GalleryPage, choice: ListFilter, *, member: bool) -> None:
        self.page, self.choice, self.member = page, choice, member
        self.now = clock.now()
        self.texts = MOST_TEXTS
        self.picks = _asks_for_picks(choice)

    def shown(self, runs: Iterable[Run], key: str) -> tuple[list[GalleryTile], list[RunCaption]]:
        """The tiles of a section's runs, and what they tell of their runs."""
        captions: list[RunCaption] = []
        tiles: list[GalleryTile] = []
        for run in runs:
            caption = caption_of(run, self.page.versions, picks=self.picks)
            made = self._tiles(run, caption)
            captions += [caption] if made else []
            tiles += made
        return (stacked(tiles, key) if self.choice.stacks else tiles), captions

    def _tiles(self, run: Run, caption: RunCaption) -> list[GalleryTile]:
        lengths = {file.identity: file.seconds for file in run.stored_files.all()}
        tiles = tiles_of(run, run_address(run.uuid), most_texts=max(0, self.texts))
        rows = list(run.outputs.all())
        made = [
            gallery_tile(
                own_marks(run, tile, member=self.member),
                caption,
                self.now,
                lengths.get(tile.output.identity),
                nth=row.position,
                alike_before=getattr(row, "alike_before", None),
            )
            for row, tile in zip(rows, tiles, strict=True)
            if not self.picks or tile.mark.choice == PICKED
        ]
        self.texts -= sum(one.tile.output.kind == TEXT and one.tile.stored for one in made)
        return made


def _days(wall: Wall) -> Iterator[GallerySection]:
    """The runs under their days, with what the whole days hold."""
    today = wall.now.astimezone(wall.choice.zone).date()
    for day, runs in _by_day(wall.page.runs, wall.choice):
        tiles, captions = wall.shown(runs, str(day))
        held = wall.page.days.get(day, NONE_HELD) if day else NONE_HELD
        yield GallerySection(
            key=str(day or ""),
            title=day_title(day, today) if day else wall.choice.sort_text,
            text=files_text(held.picked if wall.picks else held.files, held.runs),
            without=without_text(held.without, more=held.runs > 0),
            tiles=tiles,
            captions=captions,
            picked=held.picked,
        )


def _by_day(runs: Sequence[Run], choice: ListFilter) -> Iterable[tuple[date | None, Iterable[Run]]]:
    """The runs under their days; all under none where the list does not stand by time."""
    if choice.sort.name != CREATED:
        return [(None, runs)] if runs else []
    return groupby(runs, key=lambda run: gallery.day_of(run, choice.zone))


def _groups(wall: Wall) -> Iterator[GallerySection]:
    """The page's runs under their prompts or workflows, in the order of each one's first run.

    Those under headings without any file are told of together, behind the others.
    """
    groups: dict[Heading, list[Run]] = defaultdict(list)
    for run in wall.page.runs:
        groups[_heading(run, wall.choice.group)].append(run)
    bare: list[Run] = []
    for heading, runs in groups.items():
        section = _group(wall, heading, runs)
        if section.tiles:
            yield section
        else:
            bare += runs
    if bare and (len(bare) == len(wall.page.runs) or _without(bare)):
        yield _group(wall, WITHOUT_FILES, bare)


def _heading(run: Run, group: str) -> Heading:
    if group == BY_WORKFLOW:
        return by_workflow(run.workflow_id or "", run.workflow_name)
    return by_prompt(run.prompt)


def _without(runs: Sequence[Run]) -> int:
    return sum(run.finished and not run.output_count for run in runs)


def _group(wall: Wall, heading: Heading, runs: Sequence[Run]) -> GallerySection:
    tiles, captions = wall.shown(runs, heading.key)
    picked = sum(run.picked_count for run in runs)
    files = picked if wall.picks else sum(run.output_count for run in runs)
    made, without = sum(run.output_count > 0 for run in runs), _without(runs)
    return GallerySection(
        key=heading.key,
        title=heading.title,
        text=files_text(files, made),
        without=without_text(without, more=made > 0),
        tiles=tiles,
        captions=captions,
        picked=picked,
        counts=(files, made, without),
    )


def _alike(run: Run) -> tuple[str, ...]:
    """What a run shares with those that differ from it in the seed alone."""
    if not (run.workflow_id and run.seedless_digest):
        return ()
    return run.workflow_id, run.workflow_version_id or "", run.seedless_digest


def caption_of(run: Run, versions: Mapping[str, str], *, picks: bool = False) -> RunCaption:
    """What the tiles of a run say of it; `versions` are what workflow versions are called.

    With `picks` its picked files alone are shown.
    """
    row = row_display(run, run.total or 1)  # the bar is as wide as the tile
    version = versions.get(run.workflow_version_id or "", "")
    cold = f", of it cold start {row.cold_start}" if row.cold_start and run.cold_start else ""
    return RunCaption(
        key=run.pk,
        url=run.get_absolute_url(),
        title=run.row_title,
        facts=tuple(filter(None, (version, run.gpu))),
        at=run.sorted_at,
        seed=seed_of(run.inputs),
        total=f"{row.total}{cold}" if row.total else row.words.word,
        bar=row.bar if run.total else None,
        alike=_alike(run),
        inputs=run.inputs_digest,
        hidden=max(0, (run.picked_count if picks else run.output_count) - gallery.MOST_OF_RUN),
        tick=pasted.pack([run.uuid]),
        files=run.output_count,
        seconds=run.total if run.finished else None,
        starred=run.starred,
    )
