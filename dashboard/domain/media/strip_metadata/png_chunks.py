"""The chunks of a PNG, one after the other."""

from collections.abc import Iterator

from dashboard.domain.media.strip_metadata.ranges import Read

HEAD = 8  # bytes of the signature
AROUND = 12  # bytes of a chunk beside its body: length, type, checksum

PngChunk = tuple[bytes, int, int]  # its type; where it starts and ends, checksum and all


def png_chunks(read: Read, size: int) -> Iterator[PngChunk]:
    """Every chunk up to IEND; one that says to be longer than the file ends with it."""
    at = HEAD
    while at + AROUND <= size:
        head = read(at, 8)
        end = min(at + AROUND + int.from_bytes(head[:4], "big"), size)
        yield head[4:], at, end
        if head[4:] == b"IEND":
            return
        at = end
