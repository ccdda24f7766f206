"""A gallery: files as tiles in sections, and those that differ in a seed alone as stacks."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from hashlib import blake2b
from typing import NamedTuple

from dashboard.domain.changed.same_inputs import is_seed
from dashboard.domain.json_types import JsonValue
from dashboard.domain.media.kinds import AUDIO, IMAGE, MODEL, VIDEO
from dashboard.domain.run.marks import PICKED
from dashboard.presentation.format import count, plural
from dashboard.presentation.run.contact_sheet import output_url
from dashboard.presentation.run.phase_bar import MiniBar
from dashboard.presentation.run.tiles import Tile

LONGEST_SEED = 24  # digits
TEXT_HEAD = 400  # characters
SHORT_ID = 8  # characters of a workflow without a name
ICONS: Mapping[str, str] = {AUDIO: "sound", MODEL: "cube"}


@dataclass(frozen=True, slots=True)
class RunCaption:
    """What the tiles of a run say of it."""

    key: int
    url: str
    title: str
    facts: tuple[str, ...]  # version, GPU
    at: datetime
    seed: str
    total: str
    bar: MiniBar | None
    alike: tuple[str, ...] = ()  # workflow, version, fingerprint without seeds; none: unlike any
    inputs: str = ""  # the fingerprint with seeds
    hidden: int = 0  # files that the run's own page alone shows
    tick: str = ""  # what the run is selected by
    files: int = 0
    seconds: float | None = None  # of an ended run
    starred: bool = False


@dataclass(frozen=True, slots=True)
class GalleryTile:
    """A file on the wall; `look` is image, video, text, missing or file."""

    tile: Tile
    run: RunCaption
    look: str
    icon: str
    length: str = ""  # of a film
    nth: int = 0  # among its run's files
    alike_before: int | None = None  # files of its run from the same place; None: all are tiles too
    stack: str = ""  # what the files of one stack share, on other pages of the section too
    folded: bool = False  # under the newest of its stack
    badge: str = ""  # on the newest of a stack: "8 seeds"
    picks: int = 0  # on the newest of a stack: how many of its files are picked

    @property
    def url(self) -> str:
        """The file on its run's page."""
        return output_url(self.run.url, self.tile.output.identity, self.nth)

    @property
    def head(self) -> str:
        return (self.tile.text or "")[:TEXT_HEAD]

    @property
    def opens(self) -> bool:
        """Whether the large view shows it."""
        return self.look in (IMAGE, VIDEO) and bool(self.tile.embed_url or self.look == IMAGE)


@dataclass(frozen=True, slots=True)
class GallerySection:
    """Tiles under one heading: a day's, a prompt's or a workflow's.

    A day's words tell of the whole day, those of others of what the page has of them: then they
    are in `counts` too, which grow where the next page goes on with the section.
    """

    key: str  # the same on other pages; "" for all files of an order other than time's
    title: str
    text: str
    without: str
    tiles: Sequence[GalleryTile]
    captions: Sequence[RunCaption]
    picked: int = 0
    counts: tuple[int, int, int] | None = None  # files, the runs that made them, runs without


class Heading(NamedTuple):
    """What runs of one section have in common, and how that is called."""

    key: str
    title: str


WITHOUT_FILES = Heading("none", "No files")  # of a page's runs under headings without any


def gallery_tile(
    tile: Tile,
    run: RunCaption,
    now: datetime,
    seconds: float | None = None,
    *,
    nth: int = 0,
    alike_before: int | None = None,
) -> GalleryTile:
    """A tile of the wall; `seconds` is a film's length where that is known."""
    ends = tile.ends
    if ends is not None and ends <= now:
        tile = _without_link(tile)
    look = _look(tile)
    return GalleryTile(
        tile=tile,
        run=run,
        look=look,
        icon=_icon(tile, look),
        length=film_length(seconds) if look == VIDEO and seconds else "",
        nth=nth,
        alike_before=alike_before,
    )


def _without_link(tile: Tile) -> Tile:
    """The tile of a file whose link has ended: our thumbnail or its text, or what has happened."""
    thumbnail_url = tile.thumbnail_url if tile.has_thumbnail else None
    stays = thumbnail_url or tile.text is not None
    return replace(
        tile,
        viewer=tile.viewer if stays else "linked",
        embed_url=None,
        thumbnail_url=thumbnail_url,
        link=None,
        short_reason=tile.short_reason or "Link expired",
    )


def _look(tile: Tile) -> str:
    if tile.viewer in (IMAGE, VIDEO, "text"):
        return tile.viewer
    return "missing" if tile.viewer == "linked" and not tile.link else "file"


def _icon(tile: Tile, look: str) -> str:
    if tile.viewer == "unsafe":
        return "lock"
    if look == "missing":
        return "link"
    return ICONS.get(tile.output.kind, "play" if tile.output.kind == VIDEO else "file")


def film_length(seconds: float) -> str:
    """A film's length as players show it: `0:04`, `1:02:03`."""
    whole = max(1, round(seconds))
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def seed_of(inputs: JsonValue) -> str:
    """The first seed among a run's inputs; empty where none is a number."""
    if not isinstance(inputs, dict):
        return ""
    for name, value in inputs.items():
        if is_seed(name) and isinstance(value, int) and not isinstance(value, bool):
            return str(value)[:LONGEST_SEED]
    return ""


def stacked(tiles: Iterable[GalleryTile], section: str = "") -> list[GalleryTile]:
    """A section's tiles in order, those that differ in the seed alone right behind the newest.

    They come from the same place in runs of one version of a workflow whose other inputs are
    the same.
    """
    groups: dict[tuple[object, ...], list[GalleryTile]] = defaultdict(list)
    places: dict[tuple[object, ...], int] = defaultdict(int)
    for one in tiles:
        output = one.tile.output
        place = (output.node_id, output.key, output.kind)
        nth = places[one.run.key, place] if one.alike_before is None else one.alike_before
        places[one.run.key, place] += 1
        alone = () if one.run.alike and one.tile.viewer != "unsafe" else (one.run.key,)
        groups[one.run.alike, alone, place, nth].append(one)  # in the order of their newest
    return [
        one
        for (*alike, alone, place, nth), group in groups.items()
        for one in (_as_stack(group, _digest(section, *alike, place, nth)) if not alone else group)
    ]


def _digest(*parts: object) -> str:
    return blake2b(repr(parts).encode(), digest_size=6).hexdigest()


def _as_stack(group: Sequence[GalleryTile], name: str) -> list[GalleryTile]:
    """The tiles with the name of their stack: a single one may have its like on another page."""
    cover = group[0]
    if len(group) == 1:
        return [replace(cover, stack=name)]
    seeds = len({one.run.inputs for one in group}) == len(group)
    badge = plural(len(group), "seed") if seeds else f"{count(len(group))} alike"
    rest = [replace(one, stack=name, folded=True) for one in group[1:]]
    picks = sum(one.tile.mark.choice == PICKED for one in group)
    return [replace(cover, stack=name, badge=badge, picks=picks), *rest]


def by_prompt(prompt: str) -> Heading:
    """What the runs with a prompt stand under; it is as rows of the list show it."""
    return Heading(_digest("prompt", prompt), prompt or "No prompt")


def by_workflow(workflow_id: str, name: str) -> Heading:
    """What the runs of a workflow stand under, with its name where that is known."""
    known = name or (f"Workflow {workflow_id[:SHORT_ID]}" if workflow_id else "No workflow")
    return Heading(_digest("workflow", workflow_id or name), known)


def day_title(day: date, today: date) -> str:
    """`Today, Thu 26 Nov`, `Mon 3 Nov`; another year's with its year."""
    text = f"{day:%a} {day.day} {day:%b}"
    if day.year != today.year:
        text = f"{text} {day.year}"
    word = {today: "Today, ", today - timedelta(days=1): "Yesterday, "}.get(day, "")
    return word + text


def files_text(files: int, runs: int) -> str:
    """`35 files from 8 runs`; empty where there are none."""
    return f"{plural(files, 'file')} from {plural(runs, 'run')}" if files else ""


def without_text(without: int, *, more: bool) -> str:
    """`2 more runs made no files`; `more` says that other runs of the day made some."""
    if not without:
        return ""
    return f"{plural(without, 'more run' if more else 'run')} made no files"
