"""Leaves out of a file what was written beside the picture: ComfyUI puts the workflow there.

Only what no reader sees goes; pixels, frames and sound stay as they are, byte for byte.
Where a format names its parts, those that show something are kept and all others go.
"""

from collections.abc import Callable

from dashboard.domain.cleaning.boxes import film
from dashboard.domain.cleaning.ebml import webm
from dashboard.domain.cleaning.gltf import glb, gltf
from dashboard.domain.cleaning.parts import ZEROS, Piece, Read, Unclean, length
from dashboard.domain.cleaning.pictures import gif, jpeg, png
from dashboard.domain.cleaning.riff import wav, webp
from dashboard.domain.cleaning.sounds import flac, mp3

__all__ = ["KINDS", "ZEROS", "Piece", "Read", "Unclean", "length", "may_be_given", "pieces"]


def _as_it_is(read: Read, size: int) -> list[Piece]:
    return [(0, size)]


KINDS: dict[str, Callable[[Read, int], list[Piece]]] = {
    "image/png": png,
    "image/jpeg": jpeg,
    "image/webp": webp,
    "image/gif": gif,
    "image/bmp": _as_it_is,  # has no room for notes
    "video/mp4": film,
    "video/quicktime": film,
    "audio/mp4": film,
    "video/webm": webm,
    "video/x-matroska": webm,
    "audio/flac": flac,
    "audio/mpeg": mp3,
    "audio/aac": mp3,
    "audio/wav": wav,
    "model/gltf-binary": glb,
    "application/json": gltf,
    "text/plain": _as_it_is,  # a text is what the run made, all of it
}
"""How each kind is cleaned; any other may hold the prompt where nobody looks."""


def may_be_given(content_type: str) -> bool:
    """Whether files of this kind can be given to readers who are not to see the inputs."""
    return content_type in KINDS


def pieces(content_type: str, read: Read, size: int) -> list[Piece] | None:
    """The clean file as pieces in order; None where no clean one can be made."""
    clean = KINDS.get(content_type)
    if clean is None:
        return None
    try:
        return clean(read, size)
    except Unclean:
        return None
