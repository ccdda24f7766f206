"""Texts in a PNG's metadata, where ComfyUI writes the workflow; bounded, for any file."""

import zlib
from collections.abc import Collection, Iterator

from dashboard.domain.media.strip_metadata.png_chunks import AROUND, png_chunks
from dashboard.domain.media.strip_metadata.ranges import Read

LONGEST = 8_000_000  # bytes of a text, as it stands in the file and unpacked
PLAIN, PACKED, INTERNATIONAL = b"tEXt", b"zTXt", b"iTXt"
KINDS = (PLAIN, PACKED, INTERNATIONAL)


def png_texts(read: Read, size: int, names: Collection[str]) -> dict[str, str]:
    """The first text of each of these names before the image data; unreadable ones are absent.

    Raises what `read` raises, and nothing else.
    """
    found: dict[str, str] = {}
    for name, text in _texts(read, size):
        if name in names and name not in found:
            found[name] = text
            if len(found) == len(names):
                break
    return found


def _texts(read: Read, size: int) -> Iterator[tuple[str, str]]:
    for kind, at, end in png_chunks(read, size):
        if kind == b"IDAT":
            return
        length = end - at - AROUND
        if kind in KINDS and length <= LONGEST:
            name, _, rest = read(at + 8, length).partition(b"\0")
            body = _body(kind, rest)
            if body is not None:
                yield name.decode("latin-1"), _decoded(body)


def _body(kind: bytes, rest: bytes) -> bytes | None:
    if kind == PLAIN:
        return rest
    if kind == PACKED:
        return _unpacked(rest[1:]) if rest[:1] == b"\0" else None
    packed, method, rest = rest[:1], rest[1:2], rest[2:]
    fields = rest.split(b"\0", 2)  # language, translated name, text
    if len(fields) < 3:
        return None
    if packed == b"\1":
        return _unpacked(fields[2]) if method == b"\0" else None
    return fields[2]


def _unpacked(data: bytes) -> bytes | None:
    """The inflated bytes; None where they are broken, or more than LONGEST."""
    inflater = zlib.decompressobj()
    try:
        found = inflater.decompress(data, LONGEST + 1)
    except zlib.error:
        return None
    return found if inflater.eof and len(found) <= LONGEST else None


def _decoded(body: bytes) -> str:
    """UTF-8, which many write into every kind; else Latin-1, as the format says."""
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body.decode("latin-1")
