"""WebM and Matroska: notes become Void elements of the same length.

So every offset in the video stays valid.
"""

from collections.abc import Iterator

from dashboard.domain.media.strip_metadata.ranges import Chunk, NotStrippable, Read, zeros

FILE, HEAD, SEGMENT = 0, 0x1A45DFA3, 0x18538067
SEEK_HEAD, INFO, TRACKS, TRACK = 0x114D9B74, 0x1549A966, 0x1654AE6B, 0xAE
CLUSTER, CUES = 0x1F43B675, 0x1C53BB6B
KEPT = {
    FILE: frozenset({HEAD, SEGMENT}),
    SEGMENT: frozenset({SEEK_HEAD, INFO, TRACKS, CLUSTER, CUES}),
}
# Deeper down: a title, names of files and tracks, free space; and the sum that they change.
NOTES = frozenset({0x7BA9, 0x7384, 0x3C83AB, 0x3E83BB, 0x536E, 0xEC, 0xBF})
OPENED = frozenset({SEGMENT, INFO, TRACKS, TRACK})


def webm(read: Read, size: int) -> list[Chunk]:
    found: list[Chunk] = []
    done = 0
    for start, end in _notes(read, 0, size, FILE):
        found += [(done, start), *_void(end - start)]
        done = end
    return [*found, (done, size)]


def _notes(read: Read, at: int, last: int, parent: int) -> Iterator[tuple[int, int]]:
    while at < last:
        name, start, end = element(read, at, last)
        if _is_note(name, parent):
            yield at, end
        elif name in OPENED:
            yield from _notes(read, start, end, name)
        at = end


def _is_note(name: int, parent: int) -> bool:
    return name not in KEPT[parent] if parent in KEPT else name in NOTES


def element(read: Read, at: int, last: int) -> tuple[int, int, int]:
    """Its name, where its content begins, and where it ends."""
    head = read(at, 12)
    names = 9 - head[0].bit_length()
    if names > 4 or len(head) <= names:
        raise NotStrippable
    sizes = 9 - head[names].bit_length()
    start = names + sizes
    if sizes > 8 or len(head) < start or at + start > last:
        raise NotStrippable
    most = (1 << 7 * sizes) - 1
    name = int.from_bytes(head[:names], "big")
    long = int.from_bytes(head[names:start], "big") & most
    if long == most and name != SEGMENT:  # "until something else begins"
        raise NotStrippable
    return name, at + start, last if long == most else min(at + start + long, last)


def _void(count: int) -> list[Chunk]:
    """An element without a meaning, `count` bytes long in all (2 at least)."""
    if count < 9:
        return [b"\xec" + bytes([0x80 | count - 2]), *zeros(count - 2)]
    return [b"\xec\x01" + (count - 9).to_bytes(7, "big"), *zeros(count - 9)]
