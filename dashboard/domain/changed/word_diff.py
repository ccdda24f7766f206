"""The difference of two texts, by words.

Time is bounded by what is compared, so that equal texts always have equal answers: texts over
`LONGEST` characters are not cut into words; equal words at both ends are set aside; and where
the rest has more than `MOST_WORDS` words, or more than `MOST_PAIRS` pairs of equal ones (what
difflib's time grows with), the middle stands as one piece that was replaced.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

LONGEST = 50_000
MOST_WORDS = 2_000
MOST_PAIRS = 10_000

# A stretch of space, one sign of a script without spaces, a word, or any other sign.
_SIGN = "぀-ヿ㐀-鿿"
_WORD = re.compile(rf"\s+|[{_SIGN}]|[^\W{_SIGN}]+|.", re.DOTALL)


class Change(StrEnum):
    """What became of a piece of text."""

    KEPT = "kept"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: kept in both, only in the old one, or only in the new one."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True)
class WordDiff:
    """Pieces in reading order: without the added ones the old text, without the removed the new.

    `whole` says that the texts were too long to compare each word: only equal ends are told.
    """

    pieces: tuple[Piece, ...]
    whole: bool = False


def word_diff(before: str, after: str, *, whole: bool = False) -> WordDiff:
    """The difference of two texts; with `whole` no word between the equal ends is compared."""
    if before == after:
        return WordDiff(_pieces([(Change.KEPT, before)]))
    if max(len(before), len(after)) > LONGEST:
        return WordDiff(_pieces([(Change.REMOVED, before), (Change.ADDED, after)]), whole=True)
    old, new = _WORD.findall(before), _WORD.findall(after)
    head = _equal_ends(old, new)
    tail = _equal_ends(old[head:][::-1], new[head:][::-1])
    left, right = old[head : len(old) - tail], new[head : len(new) - tail]
    whole = whole or _is_too_much(left, right)
    middle = _replaced(left, right) if whole else list(_compared(left, right))
    ends = "".join(old[:head]), "".join(old[len(old) - tail :])
    return WordDiff(_pieces([(Change.KEPT, ends[0]), *middle, (Change.KEPT, ends[1])]), whole)


def _equal_ends(one: Sequence[str], other: Sequence[str]) -> int:
    """How many words at the beginning of both are equal."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _is_too_much(old: Sequence[str], new: Sequence[str]) -> bool:
    """Whether difflib could take long; nothing is where one side alone has words."""
    if not old or not new:
        return False
    if len(old) + len(new) > MOST_WORDS:
        return True
    counts = Counter(word for word in new if not word.isspace())
    return sum(counts[word] for word in old) > MOST_PAIRS


def _replaced(old: Sequence[str], new: Sequence[str]) -> list[tuple[Change, str]]:
    return [(Change.REMOVED, "".join(old)), (Change.ADDED, "".join(new))]


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[Change, str]]:
    """Space counts as equal beside equal words alone: it never holds a sentence together."""
    matcher = SequenceMatcher(str.isspace, old, new, autojunk=False)
    for tag, i, i_end, j, j_end in matcher.get_opcodes():
        if tag == "equal":
            yield Change.KEPT, "".join(old[i:i_end])
        else:
            yield from _replaced(old[i:i_end], new[j:j_end])


def _pieces(parts: Sequence[tuple[Change, str]]) -> tuple[Piece, ...]:
    """The parts that have text; neighbours of one kind are one."""
    found: list[Piece] = []
    for change, text in parts:
        if text and found and found[-1].change is change:
            found[-1] = Piece(change, found[-1].text + text)
        elif text:
            found.append(Piece(change, text))
    return tuple(found)
