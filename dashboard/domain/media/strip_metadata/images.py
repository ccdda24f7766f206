"""PNG, JPEG and GIF: what shows the image stays, all else is removed.

Of EXIF the orientation stays.
"""

import re
import zlib
from collections.abc import Iterator

from dashboard.domain.media.strip_metadata.orientation import MAX, PREFIX, only_orientation
from dashboard.domain.media.strip_metadata.png_chunks import AROUND, HEAD, png_chunks
from dashboard.domain.media.strip_metadata.ranges import BLOCK, Chunk, Read, joined

Kept = Iterator[Chunk]

PNG_KEPT = frozenset(
    b"IHDR PLTE IDAT IEND tRNS gAMA cHRM sRGB iCCP sBIT pHYs bKGD cICP mDCV cLLI "
    b"acTL fcTL fdAT".split()
)
JPEG_KEPT = frozenset({*range(0xC0, 0xD0), *range(0xDA, 0xE0)})  # frames, tables, scans
JPEG_COLOURS = {0xE0: b"JFIF\0", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
JPEG_BARE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
SCAN, JPEG_END, JPEG_NOTES, FILLER = 0xDA, 0xD9, 0xE1, 0xFF
MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")  # what ends a scan: no stuffing, no restart
GIF_HEAD = 13
GIF_NOTE, GIF_FRAME, GIF_END = 0x21, 0x2C, 0x3B
GIF_LOOP = re.compile(rb"\x21\xff\x0b(NETSCAPE2\.0|ANIMEXTS1\.0)\x03\x01..\0", re.DOTALL)
GIF_CONTROL = re.compile(rb"\x21\xf9\x04....\0", re.DOTALL)


def png(read: Read, size: int) -> list[Chunk]:
    return joined(_png(read, size))


def _png(read: Read, size: int) -> Kept:
    yield 0, min(HEAD, size)
    noted = False
    for kind, at, end in png_chunks(read, size):
        if kind in PNG_KEPT:
            yield at, end
        elif kind == b"eXIf" and not noted:
            yield _png_exif(read(at + 8, min(end - at - AROUND, MAX)))
        noted = noted or kind in (b"eXIf", b"IDAT")  # readers look no further


def _png_exif(exif: bytes) -> bytes:
    kept = only_orientation(exif)
    body = b"eXIf" + kept
    crc = zlib.crc32(body).to_bytes(4, "big")
    return len(kept).to_bytes(4, "big") + body + crc if kept else b""


def jpeg(read: Read, size: int) -> list[Chunk]:
    return joined(_jpeg(read, size))


def _jpeg(read: Read, size: int) -> Kept:
    yield 0, min(2, size)
    at, noted = 2, False
    while at + 2 <= size:
        head = read(at, 16)
        marker = head[1]
        if head[0] != FILLER:  # lost: readers look for the next marker too
            at = _marker_after(read, at, size)
        elif marker == FILLER:
            at += 1
        elif marker in JPEG_BARE:
            at += 2
        elif marker == JPEG_END:
            yield at, at + 2
            return
        else:
            start, at = at, min(at + 2 + max(2, int.from_bytes(head[2:4], "big")), size)
            at = _marker_after(read, at, size) if marker == SCAN else at
            colours = JPEG_COLOURS.get(marker)
            if marker in JPEG_KEPT or (colours and head[4:].startswith(colours)):
                yield start, at
            elif marker == JPEG_NOTES and head[4:].startswith(PREFIX) and not noted:
                noted = True
                yield _jpeg_exif(read(start + 4, at - start - 4))


def _jpeg_exif(exif: bytes) -> bytes:
    kept = only_orientation(exif)
    body = PREFIX + kept
    return bytes([FILLER, JPEG_NOTES]) + (2 + len(body)).to_bytes(2, "big") + body if kept else b""


def _marker_after(read: Read, at: int, size: int) -> int:
    while at < size:
        block = read(at, BLOCK)
        if found := MARKER.search(block):
            return at + found.start()
        if len(block) < 2:
            break
        at += len(block) - 1  # a marker may lie across two blocks
    return size


def gif(read: Read, size: int) -> list[Chunk]:
    return joined(_gif(read, size))


def _gif(read: Read, size: int) -> Kept:
    head = read(0, GIF_HEAD)
    at = min(GIF_HEAD + _gif_table(head[10:11]), size)
    yield 0, at
    while at < size:
        start, block = at, read(at, 20)
        if block[0] == GIF_FRAME:
            at = _past_blocks(read, at + 11 + _gif_table(block[9:10]), size)
            yield start, at
        elif block[0] == GIF_NOTE:
            at = _past_blocks(read, at + 2, size)
            whole = block[: at - start]
            if GIF_LOOP.fullmatch(whole) or GIF_CONTROL.fullmatch(whole):
                yield start, at
        else:
            if block[0] == GIF_END:
                yield at, at + 1
            return


def _gif_table(flags: bytes) -> int:
    """Bytes of the colour table that these flags announce."""
    bits = flags[0] if flags else 0
    return 3 * 2 ** ((bits & 0x07) + 1) if bits & 0x80 else 0


def _past_blocks(read: Read, at: int, size: int) -> int:
    """Where a chain of blocks, each led by its length, has ended."""
    while at < size:
        window, inside = read(at, BLOCK), 0
        while inside < len(window):
            long = window[inside]
            inside += 1 + long
            if not long:
                return at + inside
        at += max(inside, 1)
    return size
