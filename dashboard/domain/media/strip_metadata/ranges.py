"""A stripped file as a list of chunks, so that a long video is never held in memory."""

from collections.abc import Callable, Iterable

Chunk = tuple[int, int] | bytes  # from and up to in the file; or what stands there
Read = Callable[[int, int], bytes]  # where, how many bytes; fewer at the end of the file

BLOCK = 65_536
ZEROS = bytes(BLOCK)


class NotStrippable(Exception):
    """A file whose metadata cannot be removed."""


def length(chunk: Chunk) -> int:
    """The number of bytes of a chunk."""
    return len(chunk) if isinstance(chunk, bytes) else chunk[1] - chunk[0]


def joined(kept: Iterable[tuple[int, int]]) -> list[Chunk]:
    """The same ranges, with adjacent ones merged."""
    found: list[tuple[int, int]] = []
    for start, end in kept:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return list(found)


def zeros(count: int) -> list[Chunk]:
    """This many zero bytes."""
    return [*[ZEROS] * (count // BLOCK), ZEROS[: count % BLOCK]]
