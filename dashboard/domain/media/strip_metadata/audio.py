"""FLAC and MP3: the frames stay, tags before, among and after them are removed."""

from dashboard.domain.media.strip_metadata.ranges import Chunk, NotStrippable, Read, zeros

FLAC_KEPT = frozenset({0, 3})  # what the stream is, and where to seek
FLAC_LAST, FLAC_PADDING = 0x80, 1
APE = b"APETAGEX"


def flac(read: Read, size: int) -> list[Chunk]:
    """Notes become padding of the same length."""
    found: list[Chunk] = []
    at, done, last = 4, 0, 0
    while at + 4 <= size and not last:
        head = read(at, 4)
        last, kind = head[0] & FLAC_LAST, head[0] & ~FLAC_LAST
        end = min(at + 4 + int.from_bytes(head[1:], "big"), size)
        if kind not in FLAC_KEPT:
            found += [(done, at), bytes([last | FLAC_PADDING]), (at + 1, at + 4)]
            found += zeros(end - at - 4)
            done = end
        at = end
    return [*found, (done, max(done, _before_tags(read, at, size)))] if size > 4 else [(0, size)]


def mp3(read: Read, size: int) -> list[Chunk]:
    start = _past_tags(read, size)
    head = read(start, 2)
    if len(head) < 2 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        raise NotStrippable  # no frame where one must begin
    return [(start, _before_tags(read, start, size))]


def _past_tags(read: Read, size: int) -> int:
    at = 0
    while at < size:
        head = read(at, 32)
        if head.startswith(b"ID3") and len(head) > 10:
            at += 10 + _safe(head[6:10]) + (10 if head[5] & 0x10 else 0)
        elif head.startswith(APE):
            at += 32 + int.from_bytes(head[12:16], "little")
        elif head.startswith(b"\0"):
            at += len(head) - len(head.lstrip(b"\0"))
        else:
            break
    return at


def _before_tags(read: Read, first: int, size: int) -> int:
    """Where the last frame ends: the file's end, less the tags there, of whatever kind."""
    end = size
    while (long := _tag_before(read, end)) and end - long >= first:
        end -= long
    return max(first, end)


def _tag_before(read: Read, end: int) -> int:
    """The length of the tag that ends here; 0 where none does."""
    start = max(0, end - 227)
    tail = read(start, end - start).rjust(227, b"\0")
    if tail[-128:].startswith(b"TAG"):
        return 128
    if tail.startswith(b"TAG+"):
        return 227
    if tail[-32:].startswith(APE):
        head = 32 if tail[-9] & 0x80 else 0
        return head + int.from_bytes(tail[-20:-16], "little")
    if tail[-10:].startswith(b"3DI"):
        return 20 + _safe(tail[-4:])
    if tail.endswith(b"LYRICS200") and tail[-15:-9].isdigit():
        return 15 + int(tail[-15:-9])
    return 0


def _safe(four: bytes) -> int:
    """A number in four bytes of seven bits."""
    return sum((each & 0x7F) << 7 * (3 - place) for place, each in enumerate(four))
