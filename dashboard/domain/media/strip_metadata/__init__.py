"""Removes metadata from a file: ComfyUI writes the workflow there.

Pixels, frames and sound stay byte for byte. Where a format names its parts,
those that are shown or played stay, and all others are removed.
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
    "audio/webm": webm,
    "video/x-matroska": webm,
    "audio/flac": flac,
    "audio/mpeg": mp3,
    "audio/aac": mp3,
    "audio/wav": wav,
    "model/gltf-binary": glb,
    "application/json": gltf,
    "text/plain": _as_it_is,  # a text is what the run made, all of it
}
"""How each media type is stripped; any other type may still hold the prompt."""


def can_strip(content_type: str) -> bool:
    """Whether metadata can be removed from files of this media type."""
    return content_type in KINDS


def stripped(content_type: str, read: Read, size: int) -> list[Chunk] | None:
    """The stripped file as chunks in order; None where it cannot be stripped."""
    clean = KINDS.get(content_type)
    if clean is None:
        return None
    try:
        return clean(read, size)
    except NotStrippable:
        return None
