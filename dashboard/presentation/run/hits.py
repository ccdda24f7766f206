"""Where the words of a search stand in a row of the list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.domain.search.words import Phrase, Words, spans
from dashboard.presentation.format import ELLIPSIS

SEEN = 40  # characters of a row's title that fit into most columns
BEFORE, LENGTH = 24, 120  # characters of an excerpt, and of it before its first hit


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `hit` where it is what was searched."""

    text: str
    hit: bool = False


@dataclass(frozen=True, slots=True)
class RowHits:
    """The title of a row in pieces, and an excerpt of what else was found; empty where nothing."""

    title: tuple[Piece, ...]
    excerpt: tuple[Piece, ...] = ()


def row_hits(words: Words, title: str, beside: Sequence[str], texts: Iterable[str]) -> RowHits:
    """Marks the words in a row's title; what neither it nor the texts beside it show is quoted.

    `texts` are those that the run was found by.
    """
    hidden = tuple(one for one in words.wanted if not _stands(one, (title[:SEEN], *beside)))
    found = next((text for text in texts if any(_stands(one, [text]) for one in hidden)), "")
    return RowHits(pieces(title, words), _excerpt(found, words, hidden) if found else ())


def pieces(text: str, words: Words) -> tuple[Piece, ...]:
    """The text cut where hits begin and end."""
    cut: list[Piece] = []
    at = 0
    for start, end in spans(text, words):
        cut += [Piece(text[at:start]), Piece(text[start:end], hit=True)]
        at = end
    return tuple(piece for piece in (*cut, Piece(text[at:])) if piece.text)


def _stands(phrase: Phrase, texts: Iterable[str]) -> bool:
    return any(spans(text, Words((phrase,))) for text in texts)


def _excerpt(text: str, words: Words, hidden: tuple[Phrase, ...]) -> tuple[Piece, ...]:
    """What stands around the first hit of a hidden word, on one line."""
    begin = max(0, spans(text, Words(hidden))[0][0] - BEFORE)
    if begin:
        begin = text.find(" ", begin, begin + BEFORE) + 1 or begin
    part = " ".join(text[begin : begin + LENGTH].split())
    lead = (Piece(ELLIPSIS),) if begin else ()
    tail = (Piece(ELLIPSIS),) if begin + LENGTH < len(text) else ()
    return (*lead, *pieces(part, words), *tail)
