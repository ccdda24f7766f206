"""An output as its tile shows it: which viewer, which addresses, which facts."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from dashboard.domain.media.gltf import MAX as MAX_GLTF
from dashboard.domain.media.kinds import AUDIO, IMAGE, MODEL, TEXT, VIDEO
from dashboard.domain.media.sniffing import GLB, JSON
from dashboard.domain.media.stored_files import NOT_TRIED
from dashboard.domain.media.strip_metadata import can_strip
from dashboard.domain.text.byte_sizes import size
from dashboard.domain.text.links import path_of
from dashboard.domain.text.text_preview import TextPreview
from dashboard.presentation.aspect_ratio import ratio_classes
from dashboard.presentation.format import count, plural, took
from dashboard.presentation.run.file_text import REASONS, SHORT_REASONS, WITHHELD

SHOWN_MODELS = (".glb", ".gltf")
MAX_TEXT_LINES = 12
MAX_TEXT = 500


@dataclass(frozen=True, slots=True)
class StoredFileFacts:
    """A stored file, or why there is none, as a tile reads it."""

    url: str | None = None
    download_url: str | None = None
    thumb_url: str | None = None
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    size: int | None = None
    type: str = ""
    inline: bool = True
    why: str = ""


@dataclass(frozen=True, slots=True)
class Tile:
    """Everything a tile's template reads; addresses are None where there is nothing to open."""

    output: Any
    viewer: str  # image, video, audio, model, text, file, linked or unsafe
    name: str
    made_by: str
    facts: str
    pixels: str = ""
    shape: str = ""  # CSS classes of the ratio
    shown: str | None = None  # loaded in the page, whole
    small: str | None = None  # loaded in the tile: the image, or a video's poster
    model: str | None = None  # what the viewer of models loads
    link: str | None = None  # to open or download
    kept: bool = False
    small_kept: bool = False
    width: int | None = None
    height: int | None = None
    missing: str = ""  # why there is no copy of our own, as a sentence
    lost: str = ""  # the same in two words, where the file could not be had
    untried: bool = False  # nobody has tried to make a copy
    would: bool = False  # a copy of our own would be shown
    text: str | None = None  # what is read in the page: of the answer, or of our copy
    cut: bool = False  # the text is the beginning of the file alone
    long: bool = False
    cleanable: bool = False  # our copy can go to readers who are not to see the inputs
    withheld: bool = False

    @property
    def ends(self) -> datetime | None:
        """When the link in use ends; never for our own copy."""
        return None if self.kept else self.output.expires_at


def tile(
    output: Any,
    file: StoredFileFacts | None,
    local_origin: str,
    words: TextPreview | None = None,
    absent: str = "",
) -> Tile:
    """The tile of an output, with its stored file.

    `local_origin` is the one origin without https that a page may load from; `words`
    are those of a stored text file; `absent` is the word of `FileReason` for why
    no copy was tried.
    """
    kept = file.url if file else None
    why = "" if kept else (file.why if file else absent)
    own = kept if file and (file.inline or output.kind == MODEL) else None
    # What our copy was found to be is never loaded from elsewhere instead.
    judged = bool(file and file.type and not file.inline)
    elsewhere = None if kept or judged or not embeddable(output.url, local_origin) else output.url
    shown = own or elsewhere
    small = (file.thumb_url if file else None) or (shown if output.kind == IMAGE else None)
    width, height = (file.width, file.height) if file else (None, None)
    model = _model(output, file) if file and kept else None
    text = output.text if words is None else words.text
    viewer = _viewer(output, shown or (small if output.kind == IMAGE else None), model, text)
    return Tile(
        output=output,
        viewer="file" if viewer == "linked" and (kept or judged) else viewer,
        name=output.filename or output.key,
        made_by=_made_by(output),
        facts=_facts(output, file),
        pixels=f"{count(width)} × {count(height)}" if width and height else "",
        shape=ratio_classes(width, height),
        shown=shown,
        small=small,
        model=model,
        link=(file.download_url if file and kept else None) or output.url,
        kept=bool(kept),
        small_kept=bool(file and file.thumb_url),
        width=width,
        height=height,
        missing=REASONS.get(why, ""),
        lost=SHORT_REASONS.get(why, ""),
        untried=why in NOT_TRIED,
        would=not kept and (output.kind == TEXT or _is_shown_model(output)),
        cleanable=bool(file and can_strip(file.type)),
        text=text,
        cut=bool(words and words.cut),
        long=_is_long(text or ""),
    )


def held(made: Tile, awaited: str) -> Tile:
    """A tile without an address of ComfyDeploy's: that names the run, and outlives a share link.

    `awaited` is what it says of a file that nobody has tried to copy.
    """
    theirs = made.output.url
    if theirs is None or theirs not in (made.shown, made.small, made.link):
        return made
    shown, small, link = (
        None if each == theirs else each for each in (made.shown, made.small, made.link)
    )
    rest = replace(made, shown=shown, small=small, link=link)
    if rest.link and not (rest.text or (rest.small and made.output.kind == IMAGE)):
        return replace(rest, viewer="file")  # our copy, which is a download alone
    return rest if rest.link else _small_alone(rest, awaited if made.untried else made.missing)


def withheld(made: Tile) -> Tile:
    """A tile of a file that may hold the prompt; what we drew of it may be seen."""
    rest = replace(made, shown=None, model=None, link=None, kept=False, withheld=True)
    return _small_alone(replace(rest, small=rest.small if rest.small_kept else None), WITHHELD)


def _small_alone(made: Tile, missing: str) -> Tile:
    """The thumbnail alone, with nothing to open; without one, the reason."""
    drawn = made.small_kept and made.output.kind in (IMAGE, VIDEO)
    return replace(made, viewer="image" if drawn else "linked", missing=missing)


def _is_long(text: str) -> bool:
    return len(text) > MAX_TEXT or len(text.splitlines()) > MAX_TEXT_LINES


def _viewer(output: Any, shown: str | None, model: str | None, text: str | None) -> str:
    """Which part shows the output."""
    if output.unsafe:
        return "unsafe"
    if text is not None:
        return "text"
    if output.kind in (IMAGE, VIDEO, AUDIO):
        return output.kind if shown else "linked"
    return "model" if model else "file"


def _model(output: Any, file: StoredFileFacts) -> str | None:
    """The address for the viewer of models, where it knows the format: GLB and GLTF.

    Its bytes are read by the page's own code, which may ask this origin alone:
    our copy, and for a GLTF with all in it the same as GLB.
    """
    if not _is_shown_model(output):
        return None
    if file.type == GLB:
        return file.url
    if file.type != JSON:
        return None
    return f"{file.url}?glb" if (file.size or 0) <= MAX_GLTF else None


def _is_shown_model(output: Any) -> bool:
    names = (output.filename or "", path_of(output.url or ""))
    known = any(name.lower().endswith(SHOWN_MODELS) for name in names)
    return output.kind == MODEL and known


def embeddable(url: str | None, local_origin: str) -> bool:
    """Whether a page may load it: https, or the origin of this computer's simulator."""
    if not url:
        return False
    return url.startswith("https://") or bool(local_origin and url.startswith(f"{local_origin}/"))


def _made_by(output: Any) -> str:
    node = f"node {output.node_id}" if output.node_id else ""
    return " · ".join(filter(None, (output.node_class, node, output.key, output.output_id)))


def _facts(output: Any, file: StoredFileFacts | None) -> str:
    if output.text is not None:
        return plural(len(output.text), "character")
    if file is None:
        return ""
    length = took(file.seconds) if file.seconds else ""
    kind = file.type.partition(";")[0].rpartition("/")[2]
    return ", ".join(filter(None, (size(file.size) if file.size else "", kind, length)))
