"""What a clean file is told as: pieces, so that a long film is never held whole."""

from collections.abc import Callable, Iterable

Chunk = tuple[int, int] | bytes  # from and up to in the file; or what stands there
Read = Callable[[int, int], bytes]  # where, how many bytes; fewer at the end of the file

BLOCK = 65_536
ZEROS = bytes(BLOCK)


class NotStrippable(Exception):
    """A file of which nothing clean can be made."""


def length(piece: Chunk) -> int:
    """Bytes that a piece makes."""
    return len(piece) if isinstance(piece, bytes) else piece[1] - piece[0]


def joined(kept: Iterable[tuple[int, int]]) -> list[Chunk]:
    """The same stretches with neighbours made one."""
    found: list[tuple[int, int]] = []
    for start, end in kept:
        if found and found[-1][1] == start:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return list(found)


def zeros(count: int) -> list[Chunk]:
    """Nothing, so many bytes long."""
    return [*[ZEROS] * (count // BLOCK), ZEROS[: count % BLOCK]]
