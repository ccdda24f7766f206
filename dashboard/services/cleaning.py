"""Kept files as readers get them who are not to see what a run was given."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from dashboard.domain.cleaning import Piece, length, may_be_given, pieces
from dashboard.models import Kept
from dashboard.services import shelf

AT_ONCE = 8_000_000  # bytes: a file up to here is read once, a longer one in parts


@dataclass(slots=True)
class Body:
    """A kept file without its notes."""

    name: str
    pieces: list[Piece]
    size: int = field(init=False)  # bytes

    def __post_init__(self) -> None:
        self.size = sum(length(piece) for piece in self.pieces)

    def blocks(self, first: int, last: int) -> Iterator[bytes]:
        """Its bytes from `first` to `last`, both included, a block at a time."""
        at = 0
        for piece in self.pieces:
            start, end = max(first - at, 0), min(last + 1 - at, length(piece))
            at += length(piece)
            if start >= end:
                continue
            if isinstance(piece, bytes):
                yield piece[start:end]
            else:
                yield from shelf.blocks(self.name, piece[0] + start, piece[0] + end - 1)


def body(kept: Kept) -> Body | None:
    """The file without the notes in it; None where no such file can be made of it.

    Raises OSError where it cannot be read.
    """
    if not may_be_given(kept.type):
        return None
    whole = b"".join(_part(kept, 0, kept.length)) if kept.length <= AT_ONCE else b""

    def read(at: int, count: int) -> bytes:
        return whole[at : at + count] or b"".join(_part(kept, at, count))

    found = pieces(kept.type, read, kept.length)
    return None if found is None else Body(kept.name, found)


def _part(kept: Kept, at: int, count: int) -> Iterator[bytes]:
    return shelf.blocks(kept.name, at, min(at + count, kept.length) - 1)
