"""WebP and WAV: files of named chunks, of which only images and sound stay.

Of EXIF the orientation stays.
"""

from collections.abc import Iterator

from dashboard.domain.media.strip_metadata import orientation
from dashboard.domain.media.strip_metadata.ranges import Chunk, Read, length

FRAME = frozenset({b"VP8 ", b"VP8L", b"ALPH"})
WEBP_KEPT = FRAME | {b"ICCP", b"ANIM"}
WEBP_EXIF, WEBP_METADATA = 0x08, 0x0C  # the bits that say that EXIF, or EXIF and XMP, follow
WAV_KEPT = frozenset({b"fmt ", b"fact", b"data"})
FRAME_HEAD = 24
MAX = 0xFFFFFFFF


def webp(read: Read, size: int) -> list[Chunk]:
    found: list[Chunk] = []
    chunks = list(_chunks(read, 12, _last(read, size)))
    exif = _orientation(read, chunks)
    for name, start, end in chunks:
        if name == b"VP8X" and end > start + 8:
            head = read(start, 9)
            flags = head[8] & ~WEBP_METADATA | (WEBP_EXIF if exif else 0)
            found += [head[:8] + bytes([flags]), (start + 9, end)]
        elif name == b"ANMF":
            found += _frame(read, start, end)
        elif name in WEBP_KEPT:
            found.append((start, end))
    return _whole(b"WEBP", [*found, exif] if exif else found)


def _orientation(read: Read, chunks: list[tuple[bytes, int, int]]) -> bytes:
    """A chunk with the orientation alone; b"" where none is announced, or it is upright."""
    places = {name: (start, end) for name, start, end in reversed(chunks) if end > start + 8}
    head, (start, end) = places.get(b"VP8X"), places.get(b"EXIF", (0, 0))
    if head is None or not end or not read(head[0] + 8, 1)[0] & WEBP_EXIF:
        return b""
    kept = orientation.only_orientation(read(start + 8, min(end - start - 8, orientation.MAX)))
    return b"EXIF" + len(kept).to_bytes(4, "little") + kept if kept else b""


def wav(read: Read, size: int) -> list[Chunk]:
    chunks = _chunks(read, 12, _last(read, size))
    return _whole(b"WAVE", [(start, end) for name, start, end in chunks if name in WAV_KEPT])


def _frame(read: Read, start: int, end: int) -> list[Chunk]:
    """One frame of an animation, which has chunks of its own."""
    inside = start + FRAME_HEAD
    kept: list[Chunk] = [(start + 8, min(inside, end))]
    kept += [(at, last) for name, at, last in _chunks(read, inside, end) if name in FRAME]
    return [b"ANMF" + sum(map(length, kept)).to_bytes(4, "little"), *kept]


def _chunks(read: Read, at: int, last: int) -> Iterator[tuple[bytes, int, int]]:
    """Each chunk's name, and from where to where it goes, its head and filler included."""
    while at + 8 <= last:
        head = read(at, 8)
        long = int.from_bytes(head[4:], "little")
        end = min(at + 8 + long + long % 2, last)
        yield head[:4], at, end
        at = end


def _last(read: Read, size: int) -> int:
    """Where the file ends by its header; a stream has no length there."""
    length_field = int.from_bytes(read(4, 4), "little")
    return size if length_field in (0, MAX) else min(8 + length_field, size)


def _whole(form: bytes, found: list[Chunk]) -> list[Chunk]:
    long = min(4 + sum(map(length, found)), MAX)
    return [b"RIFF" + long.to_bytes(4, "little") + form, *found]
