"""Leaves out of a file what was written beside the picture: ComfyUI puts the workflow there.

Only what no reader sees goes; pixels and frames stay as they are, byte for byte.
A file is told as pieces, so that a long film is never held whole.
"""

from collections.abc import Callable, Iterator

Piece = tuple[int, int] | bytes  # from and up to in the file; or what stands there
Read = Callable[[int, int], bytes]  # where, how many bytes; fewer at the end of the file

PNG_HEAD = 8
PNG_TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt", b"eXIf"})
JPEG_KEPT = frozenset({0xE0, 0xE2, 0xEE})  # JFIF, colour profile, Adobe's colours
WEBP_NOTES = frozenset({b"EXIF", b"XMP "})
WEBP_TOLD = 0x0C  # the bits that say that those follow
FILM_NOTES = frozenset({b"udta", b"meta", b"uuid"})
FILM_BOXES = frozenset({b"moov", b"trak"})
DEEPEST = 3
ZEROS = bytes(65_536)


def pieces(content_type: str, read: Read, size: int) -> list[Piece] | None:
    """The clean file of one of `KINDS` as pieces in order; None for any other kind."""
    clean = KINDS.get(content_type)
    return clean(read, size) if clean else None


def length(piece: Piece) -> int:
    """Bytes that a piece makes."""
    return len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]


def _joined(kept: Iterator[tuple[int, int]]) -> list[Piece]:
    found: list[tuple[int, int]] = []
    for start, end in kept:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return list(found)


def _png(read: Read, size: int) -> list[Piece]:
    return _joined(_png_kept(read, size))


def _png_kept(read: Read, size: int) -> Iterator[tuple[int, int]]:
    yield 0, min(PNG_HEAD, size)
    at = PNG_HEAD
    while at + 12 <= size:
        head = read(at, 8)
        end = min(at + 12 + int.from_bytes(head[:4], "big"), size)
        if head[4:] not in PNG_TEXTS:
            yield at, end
        if head[4:] == b"IEND":
            return
        at = end


def _jpeg(read: Read, size: int) -> list[Piece]:
    return _joined(_jpeg_kept(read, size))


def _jpeg_kept(read: Read, size: int) -> Iterator[tuple[int, int]]:
    yield 0, min(2, size)
    at = 2
    while at + 4 <= size:
        head = read(at, 4)
        marker = head[1]
        if head[0] != 0xFF or marker == 0xDA:  # the picture itself
            break
        if marker == 0xFF:  # a filler
            at += 1
            continue
        end = min(at + 2 + int.from_bytes(head[2:], "big"), size)
        if marker in JPEG_KEPT or not (0xE0 <= marker <= 0xEF or marker == 0xFE):
            yield at, end
        at = end
    yield min(at, size), size


def _webp(read: Read, size: int) -> list[Piece]:
    found: list[Piece] = []
    at = 12
    while at + 8 <= size:
        head = read(at, 9)
        long = int.from_bytes(head[4:8], "little")
        end = min(at + 8 + long + long % 2, size)
        if head[:4] == b"VP8X" and len(head) == 9:
            found += [head[:8] + bytes([head[8] & ~WEBP_TOLD]), (at + 9, max(end, at + 9))]
        elif head[:4] not in WEBP_NOTES:
            found.append((at, end))
        at = end
    long = 4 + sum(length(piece) for piece in found)
    return [b"RIFF" + long.to_bytes(4, "little") + b"WEBP", *found]


def _film(read: Read, size: int) -> list[Piece]:
    """Notes become free space of the same length: every place in the film stays where it is."""
    found: list[Piece] = []
    done = 0
    for start, head, end in _film_notes(read, 0, size, 0):
        rest = end - start - head
        found += [(done, start + 4), b"free", (start + 8, start + head)]
        found += [ZEROS] * (rest // len(ZEROS)) + [ZEROS[: rest % len(ZEROS)]]
        done = end
    return [*found, (done, size)]


def _film_notes(read: Read, at: int, last: int, depth: int) -> Iterator[tuple[int, int, int]]:
    """Where each note begins, how long its head is, and where it ends."""
    while at + 8 <= last:
        told = read(at, 16)
        long, kind, head = int.from_bytes(told[:4], "big"), told[4:8], 8
        if long == 1:
            long, head = int.from_bytes(told[8:], "big"), 16
        end = last if long == 0 else min(at + long, last)
        if end < at + head:
            return
        if kind in FILM_NOTES:
            yield at, head, end
        elif kind in FILM_BOXES and depth < DEEPEST:
            yield from _film_notes(read, at + head, end, depth + 1)
        at = end


KINDS: dict[str, Callable[[Read, int], list[Piece]]] = {
    "image/png": _png,
    "image/jpeg": _jpeg,
    "image/webp": _webp,
    "video/mp4": _film,
    "video/quicktime": _film,
}
