"""MP4 and QuickTime: notes become free space of the same length.

So every offset in the video stays valid.
"""

from collections.abc import Iterator

from dashboard.domain.media.strip_metadata.ranges import Chunk, Read, zeros

NOTES = frozenset({b"udta", b"meta", b"uuid", b"free", b"skip"})
BOXES = frozenset({b"moov", b"trak", b"mdia", b"moof", b"traf"})
DEEPEST = 3


def mp4(read: Read, size: int) -> list[Chunk]:
    found: list[Chunk] = []
    done = 0
    for start, head, end in _notes(read, 0, size, 0):
        found.append((done, start))
        if head:
            found += [(start, start + 4), b"free", (start + 8, start + head)]
        found += zeros(end - start - head)
        done = end
    return [*found, (done, size)]


def _notes(read: Read, at: int, last: int, depth: int) -> Iterator[tuple[int, int, int]]:
    """Where each note begins, how long its head is (0: it is no box), and where it ends."""
    while at + 8 <= last:
        header = read(at, 16)
        long, kind, head = int.from_bytes(header[:4], "big"), header[4:8], 8
        if long == 1:
            long, head = int.from_bytes(header[8:], "big"), 16
        end = last if long == 0 else min(at + long, last)
        if end < at + head:
            yield at, 0, last
            return
        if kind in NOTES:
            yield at, head, end
        elif kind in BOXES and depth < DEEPEST:
            yield from _notes(read, at + head, end, depth + 1)
        at = end
