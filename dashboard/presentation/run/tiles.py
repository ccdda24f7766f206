"""An output as its tile shows it: which viewer, which addresses, which facts."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from dashboard.domain.media.gltf import MAX as MAX_GLTF
from dashboard.domain.media.kinds import AUDIO, IMAGE, MODEL, TEXT, VIDEO
from dashboard.domain.media.sniffing import GLB, JSON
from dashboard.domain.media.stored_files import NOT_TRIED, FileReason, kind_shown
from dashboard.domain.media.strip_metadata import can_strip
from dashboard.domain.run.marks import NO_MARK, Mark
from dashboard.domain.text.links import path_of
from dashboard.domain.text.text_preview import TextPreview
from dashboard.presentation.archive_manifest import ArchivedOutput
from dashboard.presentation.aspect_ratio import ratio_classes
from dashboard.presentation.folding import HEAD, Folded, fold
from dashboard.presentation.format import pixels, plural
from dashboard.presentation.run.file_facts import StoredFileFacts, codec_name, file_facts
from dashboard.presentation.run.file_text import REASONS, SHORT_REASONS, WITHHELD

SHOWN_MODELS = (".glb", ".gltf")
MAX_TEXT_LINES = 12
MAX_TEXT = 500


class TileOutput(ArchivedOutput, Protocol):
    """What a tile says of an output."""

    @property
    def node_class(self) -> str | None: ...
    @property
    def output_id(self) -> str | None: ...
    @property
    def unsafe(self) -> bool: ...
    @property
    def expires_at(self) -> datetime | None: ...


@dataclass(frozen=True, slots=True)
class Tile:
    """Everything a tile's template reads; addresses are None where there is nothing to open."""

    output: TileOutput
    viewer: str  # image, video, audio, model, text, file, linked or unsafe
    name: str
    made_by: str
    facts: str
    pixels: str = ""
    shape: str = ""  # CSS classes of the ratio
    embed_url: str | None = None  # the whole file, loaded in the page
    thumbnail_url: str | None = None  # loaded in the tile: the image, or a video's poster
    model_url: str | None = None  # loaded by the viewer of 3D models
    link: str | None = None  # to open or download
    stored: bool = False  # the file is in our file store
    has_thumbnail: bool = False  # its thumbnail is in our file store
    width: int | None = None
    height: int | None = None
    no_preview: str = ""  # why an image is a download alone
    missing: str = ""  # why there is no copy of our own, as a sentence
    short_reason: str = ""  # the same in two words, where the file could not be downloaded
    not_tried: bool = False  # no copy has been tried
    shown_once_copied: bool = False  # not shown now, but a stored file would be
    text: str | None = None  # what is read in the page: of the answer, or of our copy
    cut: bool = False  # the text is only the beginning of the file
    empty: bool = False  # the file has no bytes
    codec: str = ""  # of a video's pictures or a sound, as people call it
    long: bool = False  # the text is folded
    cleanable: bool = False  # metadata can be removed, for readers who may not see the inputs
    withheld: bool = False  # not shown to these readers
    mark: Mark = NO_MARK  # what people said of it
    mark_url: str = ""  # where this reader may mark it

    @property
    def fold(self) -> Folded:
        """What a page holds of the text before it is asked for the whole."""
        return fold(self.text or "", lines=HEAD)  # twelve lines of it stand in the tile

    @property
    def ends(self) -> datetime | None:
        """When the link in use ends; never for our own copy."""
        return None if self.stored else self.output.expires_at


def tile(
    output: TileOutput,
    file: StoredFileFacts | None,
    local_origin: str,
    words: TextPreview | None = None,
    absent: str = "",
) -> Tile:
    """The tile of an output, with its stored file.

    `local_origin` is the one origin without https that a page may load from; `words`
    is the preview of a stored text file; `absent` is the `FileReason` for why no copy
    was tried.
    """
    stored_url = file.url if file else None
    reason = "" if stored_url else (file.reason if file else absent)
    embed_url, thumbnail_url = _urls(output, file, local_origin)
    width, height = (file.width, file.height) if file else (None, None)
    model_url = _model_url(output, file) if file and stored_url else None
    text = output.text if words is None else words.text
    kind = kind_shown(output.kind, file.type if file else "")
    loaded = embed_url or (thumbnail_url if kind == IMAGE else None)
    viewer = _viewer(output, kind, loaded, model_url, text)
    return Tile(
        output=output,
        viewer="file" if viewer == "linked" and (stored_url or _is_unfit(output, file)) else viewer,
        name=output.filename or output.key,
        made_by=_made_by(output),
        facts=_facts(output, file, words.encoding if words else ""),
        pixels=pixels(width, height) if width and height else "",
        shape=ratio_classes(width, height),
        embed_url=embed_url,
        thumbnail_url=thumbnail_url,
        model_url=model_url,
        link=(file.download_url if file and stored_url else None) or output.url,
        stored=bool(stored_url),
        has_thumbnail=bool(file and file.thumb_url),
        width=width,
        height=height,
        no_preview=_no_preview(output, file),
        missing=REASONS.get(reason, ""),
        short_reason=SHORT_REASONS.get(reason, ""),
        not_tried=reason in NOT_TRIED,
        shown_once_copied=not stored_url and (output.kind == TEXT or _is_shown_model(output)),
        cleanable=bool(file and can_strip(file.type)),
        text=text,
        cut=bool(words and words.cut),
        empty=bool(file and file.size == 0),
        codec=codec_name(file.codec) if file else "",
        long=_is_long(text or ""),
    )


def _urls(
    output: TileOutput, file: StoredFileFacts | None, local_origin: str
) -> tuple[str | None, str | None]:
    """What the page embeds, and the thumbnail: the copy's, else ComfyDeploy's link."""
    stored_url = file.url if file else None
    own_url = stored_url if file and (file.inline or output.kind == MODEL) else None
    if file and stored_url and not own_url and output.kind == IMAGE:
        own_url = file.thumb_url  # the file itself is too large, or would lie on its side
    use_link = not (stored_url or _is_unfit(output, file)) and embeddable(output.url, local_origin)
    embed_url = own_url or (output.url if use_link else None)
    image_url = embed_url if output.kind == IMAGE else None
    return embed_url, (file.thumb_url if file else None) or image_url


def _is_unfit(output: TileOutput, file: StoredFileFacts | None) -> bool:
    """Whether the file was found unsafe or too large to embed: its link is not embedded either."""
    if file is None:
        return False
    too_large = output.kind == IMAGE and file.reason == FileReason.TOO_LARGE
    return too_large or bool(file.type and not file.inline)


def _no_preview(output: TileOutput, file: StoredFileFacts | None) -> str:
    """What stands in place of an image that is too large to be shown, with its size."""
    if file is None or output.kind != IMAGE or file.thumb_url or not _is_unfit(output, file):
        return ""
    if file.reason == FileReason.TOO_LARGE:
        return "No preview"
    if not (file.width and file.height and file.type.startswith("image/")):
        return ""
    return f"No preview: {pixels(file.width, file.height)} px"


def without_remote_urls(made: Tile, awaited: str) -> Tile:
    """A tile without ComfyDeploy's address, which names the run and outlives a share link.

    `awaited` is the sentence for a file of which no copy has been tried.
    """
    remote_url = made.output.url
    urls = (made.embed_url, made.thumbnail_url, made.link)
    if remote_url is None or remote_url not in urls:
        return made
    embed_url, thumbnail_url, link = (None if url == remote_url else url for url in urls)
    rest = replace(made, embed_url=embed_url, thumbnail_url=thumbnail_url, link=link)
    if rest.link and not (rest.text or (rest.thumbnail_url and made.output.kind == IMAGE)):
        return replace(rest, viewer="file")  # our copy, which may only be downloaded
    missing = awaited if made.not_tried else made.missing
    return rest if rest.link else _thumbnail_only(rest, missing)


def withheld(made: Tile) -> Tile:
    """A tile of a file that may hold the prompt: only our thumbnail of it may be seen."""
    thumbnail_url = made.thumbnail_url if made.has_thumbnail else None
    rest = replace(made, embed_url=None, model_url=None, link=None, stored=False, withheld=True)
    return _thumbnail_only(replace(rest, thumbnail_url=thumbnail_url), WITHHELD)


def _thumbnail_only(made: Tile, missing: str) -> Tile:
    """The thumbnail with nothing to open; without a thumbnail, the reason."""
    drawn = made.has_thumbnail and made.output.kind in (IMAGE, VIDEO)
    return replace(made, viewer="image" if drawn else "linked", missing=missing)


def _is_long(text: str) -> bool:
    return len(text) > MAX_TEXT or len(text.splitlines()) > MAX_TEXT_LINES


def _viewer(
    output: TileOutput, kind: str, loaded: str | None, model_url: str | None, text: str | None
) -> str:
    """Which part shows the output; `loaded` is the address that the page loads it from."""
    if output.unsafe:
        return "unsafe"
    if text is not None:
        return "text"
    if kind in (IMAGE, VIDEO, AUDIO):
        return kind if loaded else "linked"
    return "model" if model_url else "file"


def _model_url(output: TileOutput, file: StoredFileFacts) -> str | None:
    """The address for the viewer of 3D models; None for formats other than GLB and GLTF.

    The page's own code reads the file and may load from this origin only: our copy.
    A GLTF is converted to GLB.
    """
    if not _is_shown_model(output):
        return None
    if file.type == GLB:
        return file.url
    if file.type != JSON:
        return None
    return f"{file.url}?glb" if (file.size or 0) <= MAX_GLTF else None


def _is_shown_model(output: TileOutput) -> bool:
    names = (output.filename or "", path_of(output.url or ""))
    known = any(name.lower().endswith(SHOWN_MODELS) for name in names)
    return output.kind == MODEL and known


def embeddable(url: str | None, local_origin: str) -> bool:
    """Whether a page may load it: https, or the origin of this computer's simulator."""
    if not url:
        return False
    return url.startswith("https://") or bool(local_origin and url.startswith(f"{local_origin}/"))


def _made_by(output: TileOutput) -> str:
    node = f"node {output.node_id}" if output.node_id else ""
    return " · ".join(filter(None, (output.node_class, node, output.key, output.output_id)))


def _facts(output: TileOutput, file: StoredFileFacts | None, encoding: str) -> str:
    if output.text is not None:
        return plural(len(output.text), "character")
    return file_facts(file, output.kind, encoding) if file else ""
