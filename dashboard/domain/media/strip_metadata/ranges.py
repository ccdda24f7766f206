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


def joined(kept: Iterable[Chunk]) -> list[Chunk]:
    """The same chunks, with adjacent ranges merged and without empty bytes."""
    found: list[Chunk] = []
    for chunk in kept:
        last = found[-1] if found else b""
        if isinstance(chunk, tuple) and isinstance(last, tuple) and last[1] == chunk[0]:
            found[-1] = (last[0], chunk[1])
        elif chunk:
            found.append(chunk)
    return found


def zeros(count: int) -> list[Chunk]:
    """This many zero bytes."""
    return [*[ZEROS] * (count // BLOCK), ZEROS[: count % BLOCK]]
