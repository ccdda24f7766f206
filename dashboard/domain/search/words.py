"""The words of the search box: what is wanted and what is left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard.domain.search.tokens import is_single, located, tokens
from dashboard.domain.text.typed_line import parts_of

MAX_PHRASES = 32  # of one search; the rest is left out
MAX_PARTS = 64  # tokens of one phrase
MAX_TEXT = 10_000  # characters that are read
PREFIX_FROM = 2  # characters of a word that others may begin with

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens that follow one another; with `prefix`, the last one is how a word begins."""

    tokens: tuple[str, ...]
    prefix: bool = False

    def fits(self, found: Sequence[str], at: int) -> bool:
        """Whether it stands at this place of a document's tokens."""
        end = at + len(self.tokens)
        if tuple(found[at : end - 1]) != self.tokens[:-1] or end > len(found):
            return False
        last, wanted = found[end - 1], self.tokens[-1]
        return last.startswith(wanted) if self.prefix else last == wanted

    def places(self, found: Sequence[str]) -> list[int]:
        """Where it stands in a document's tokens."""
        return [at for at in range(len(found)) if self.fits(found, at)]


@dataclass(frozen=True, slots=True)
class Words:
    """A search as it was read; false where it asks for nothing."""

    wanted: tuple[Phrase, ...] = ()
    excluded: tuple[Phrase, ...] = ()
    beyond: str = ""  # the text of what is too much: further phrases, and the ends of long ones

    def __bool__(self) -> bool:
        return bool(self.wanted or self.excluded)

    def match(self, found: Sequence[str]) -> bool:
        """Whether a document (`tokens.document`) has all that is wanted and nothing else."""
        return all(phrase.places(found) for phrase in self.wanted) and not any(
            phrase.places(found) for phrase in self.excluded
        )


def read_words(text: str) -> Words:
    """The words of the box: `word`, `"a phrase"`, `-word`, `-"a phrase"`. Never raises.

    A word finds words that begin with it; a phrase finds whole words.
    """
    beyond: list[str] = []
    wanted: dict[Phrase, None] = {}
    excluded: dict[Phrase, None] = {}
    for part in parts_of(text[:MAX_TEXT]):
        phrase, to = _phrase(part.whole, whole=part.quoted), excluded if part.left_out else wanted
        if phrase is None:
            continue
        if phrase not in to and len(wanted) + len(excluded) >= MAX_PHRASES:
            beyond.append(part.written)
            continue
        to[phrase] = None
        beyond.append(_end(part.whole))
    return Words(tuple(wanted), tuple(excluded), " ".join(filter(None, beyond)))


def _end(text: str) -> str:
    """What a phrase of this text does not hold."""
    if len(text) <= MAX_PARTS or len(tokens(text)) <= MAX_PARTS:
        return ""
    return " ".join(text[list(located(text))[MAX_PARTS][1] :].split())


def _phrase(text: str, *, whole: bool) -> Phrase | None:
    parts = tuple(tokens(text)[:MAX_PARTS])
    if not parts:
        return None
    long = len(parts) > 1 or len(parts[0]) >= PREFIX_FROM
    return Phrase(parts, prefix=long and not whole and not is_single(parts[-1]))


def spans(text: str, words: Words) -> list[Span]:
    """Where the wanted words stand in a text, as (start, end) in order, none over another."""
    places = list(located(text))
    found = [token for token, _, _ in places]
    return _joined(
        (places[at][1], places[at + len(phrase.tokens) - 1][2])
        for phrase in words.wanted
        for at in phrase.places(found)
    )


def _joined(found: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end in sorted(found):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
