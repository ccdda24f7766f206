"""Which outputs of a sheet a page shows: its runs in order, cut where they are too many."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

MOST = 200
"""Outputs that a page shows before it is asked for more."""

_WHERE = re.compile(r"([0-9]{1,4})\.([0-9]{1,6})")


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A place on a sheet: a run's position, and one of its outputs, from 0."""

    position: int = 0
    output: int = 0

    def __str__(self) -> str:
        return f"{self.position}.{self.output}"


START = Where()


def where(text: str) -> Where:
    """The place that an address names, as `str` gives it; the start where it names none."""
    found = _WHERE.fullmatch(text)
    return Where(int(found[1]), int(found[2])) if found else START


@dataclass(frozen=True, slots=True)
class Piece:
    """A run's outputs from `first` up to `end`, which is not included."""

    position: int
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class SheetPage:
    """What is shown, and where the rest begins; None where nothing is left."""

    pieces: Sequence[Piece]
    rest: Where | None


def sheet_page(counts: Sequence[tuple[int, int]], start: Where, most: int = MOST) -> SheetPage:
    """The page from `start` on; `counts` are each run's position and number of outputs.

    A run without outputs takes no room. One with too many goes on on the next page.
    """
    pieces: list[Piece] = []
    room = most
    for position, count in counts:
        if position < start.position:
            continue
        first = start.output if position == start.position else 0
        if first and first >= count:  # it has fewer outputs than before
            continue
        if room == 0:
            return SheetPage(pieces, Where(position, first))
        end = min(count, first + room)
        pieces.append(Piece(position, first, end))
        room -= end - first
        if end < count:
            return SheetPage(pieces, Where(position, end))
    return SheetPage(pieces, None)
