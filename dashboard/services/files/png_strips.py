"""Reduces a large PNG strip by strip, so that its pixels are never in memory all at once."""

import io
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import BinaryIO

from PIL import Image

from dashboard.services.files.colours import in_8_bits
from dashboard.services.files.file_store import PartialFile

SIGNATURE = b"\x89PNG\r\n\x1a\n"
CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
PALETTE_MAX = 1024  # bytes of a PLTE or tRNS chunk
BLOCK = 65_536  # bytes
STRIP = 1_000_000  # pixels


@dataclass(frozen=True, slots=True)
class _Header:
    width: int
    height: int
    depth: int
    colour: int
    interlaced: int
    palette: bytes = b""  # PLTE and tRNS as whole chunks

    @property
    def row(self) -> int:
        """The bytes of a row, without the one that names its filter."""
        return (self.width * self.depth * CHANNELS[self.colour] + 7) // 8


def reduced(file: BinaryIO | PartialFile, factor: int) -> Image.Image:
    """The image at 1/`factor` of its size, in 8 bits and its own colours.

    Raises ValueError for an interlaced or broken file.
    """
    file.seek(0)
    if file.read(8) != SIGNATURE:
        raise ValueError("not a PNG")
    header, first = _header(file)
    whole: Image.Image | None = None
    top = 0
    for strip in _strips(header, _inflated(file, first), factor):
        small = strip.reduce(factor)
        if whole is None:
            size = (-(-header.width // factor), -(-header.height // factor))
            whole = Image.new(small.mode, size)
        whole.paste(small, (0, top))
        top += small.height
    if whole is None or top < whole.height:
        raise ValueError("no pixels")
    return whole


def strip_pixels(width: int, height: int, factor: int) -> int:
    """How many pixels are decoded at a time."""
    return width * min(height, _rows(width, factor))


def _rows(width: int, factor: int) -> int:
    return factor * max(1, STRIP // (width * factor))


def _header(file: BinaryIO | PartialFile) -> tuple[_Header, int]:
    """What stands before the pixels, and the length of their first chunk."""
    header: _Header | None = None
    while len(head := file.read(8)) == 8:
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if kind == b"IDAT" and header:
            return header, length
        if kind == b"IHDR" and length == 13:
            width, height, depth, colour, *_, interlaced = struct.unpack(">IIBBBBB", file.read(13))
            header = _Header(width, height, depth, colour, interlaced)
            file.seek(4, io.SEEK_CUR)
        elif kind in (b"PLTE", b"tRNS") and length <= PALETTE_MAX and header:
            header = replace(header, palette=header.palette + head + file.read(length + 4))
        else:
            file.seek(length + 4, io.SEEK_CUR)
    raise ValueError("no pixels")


def _inflated(file: BinaryIO | PartialFile, length: int) -> Iterator[bytes]:
    """The filtered rows as they come, in pieces of at most BLOCK bytes."""
    stream = zlib.decompressobj()
    kind = b"IDAT"
    while kind == b"IDAT":
        while length and (piece := file.read(min(length, BLOCK))):
            length -= len(piece)
            while piece:
                try:
                    rows = stream.decompress(piece, BLOCK)
                except zlib.error as error:
                    raise ValueError("broken") from error
                yield rows
                piece = stream.unconsumed_tail
        file.seek(4, io.SEEK_CUR)
        head = file.read(8)
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
    yield stream.flush()


def _strips(header: _Header, inflated: Iterator[bytes], factor: int) -> Iterator[Image.Image]:
    if header.interlaced or header.colour not in CHANNELS:
        raise ValueError("cannot be read by rows")
    per_strip, line, left = _rows(header.width, factor), header.row + 1, header.height
    deep = header.depth == 16
    if deep:  # bytes are filtered apart: of each number the high one is enough
        header = replace(header, depth=8, palette=b"")
    above = bytes(header.row)
    rows = bytearray()
    while left:
        count = min(per_strip, left)
        while len(rows) < count * line:
            piece = next(inflated, None)
            if piece is None:
                raise ValueError("the file is cut")
            rows += piece
        strip = bytes(rows[: count * line])
        del rows[: count * line]
        image, above = _decoded(header, _high_bytes(strip, line) if deep else strip, above)
        yield image
        left -= count


def _high_bytes(strip: bytes, line: int) -> bytes:
    starts = range(0, len(strip), line)
    return b"".join(strip[at : at + 1] + strip[at + 1 : at + line : 2] for at in starts)


def _decoded(header: _Header, strip: bytes, above: bytes) -> tuple[Image.Image, bytes]:
    """The strip as an image, and its last row as bytes: the filters of the next need it."""
    rows = b"\0" + above + strip  # the row above goes in front, not filtered
    count = len(rows) // (header.row + 1)
    image = _opened(replace(header, height=count), rows)
    plain = image
    if header.depth < 8:  # its bytes hold several pixels each
        plain = _opened(_Header(header.row, count, 8, 0, 0), rows)
    last = plain.crop((0, count - 1, plain.width, count)).tobytes()
    return in_8_bits(image.crop((0, 1, image.width, count))), last


def _opened(header: _Header, rows: bytes) -> Image.Image:
    """A PNG of these filtered rows, decoded by Pillow."""
    values = (header.width, header.height, header.depth, header.colour, 0, 0, 0)
    body = _chunk(b"IHDR", struct.pack(">IIBBBBB", *values)) + header.palette
    body += _chunk(b"IDAT", zlib.compress(rows, 0)) + _chunk(b"IEND", b"")
    image = Image.open(io.BytesIO(SIGNATURE + body), formats=["PNG"])
    image.load()
    return image


def _chunk(kind: bytes, data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")
