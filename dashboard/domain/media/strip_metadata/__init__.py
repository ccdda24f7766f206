"""Leaves out of a file what was written beside the picture: ComfyUI puts the workflow there.

Only what no reader sees goes; pixels, frames and sound stay as they are, byte for byte.
Where a format names its parts, those that show something are kept and all others go.
"""

from collections.abc import Callable

from dashboard.domain.media.strip_metadata.audio import flac, mp3
from dashboard.domain.media.strip_metadata.gltf import glb, gltf
from dashboard.domain.media.strip_metadata.images import gif, jpeg, png
from dashboard.domain.media.strip_metadata.matroska import webm
from dashboard.domain.media.strip_metadata.mp4 import mp4
from dashboard.domain.media.strip_metadata.ranges import ZEROS, Chunk, NotStrippable, Read, length
from dashboard.domain.media.strip_metadata.riff import wav, webp

__all__ = ["KINDS", "ZEROS", "Chunk", "Read", "NotStrippable", "length", "can_strip", "stripped"]


def _as_it_is(read: Read, size: int) -> list[Chunk]:
    return [(0, size)]


KINDS: dict[str, Callable[[Read, int], list[Chunk]]] = {
    "image/png": png,
    "image/jpeg": jpeg,
    "image/webp": webp,
    "image/gif": gif,
    "image/bmp": _as_it_is,  # has no room for notes
    "video/mp4": mp4,
    "video/quicktime": mp4,
    "audio/mp4": mp4,
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


def can_strip(content_type: str) -> bool:
    """Whether files of this kind can be given to readers who are not to see the inputs."""
    return content_type in KINDS


def stripped(content_type: str, read: Read, size: int) -> list[Chunk] | None:
    """The clean file as pieces in order; None where no clean one can be made."""
    clean = KINDS.get(content_type)
    if clean is None:
        return None
    try:
        return clean(read, size)
    except NotStrippable:
        return None
