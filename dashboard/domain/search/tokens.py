"""Texts into tokens, the same on every database.

Letters are compared in any case and without the accents of Latin, Greek and Cyrillic
("Café" is "cafe"); the marks of other scripts stay, because there they tell words apart.
A run of letters and digits is a token; a sign of a script without spaces between words,
and an emoji, is one by itself.
"""

import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache

TOKEN_RULES = 2
"""Raised with each change of what tokens a text has, or of what texts a run's document holds."""

LONGEST_TOKEN = 60  # characters; the rest of a longer one does not count
MAX_TOKENS = 16_000  # of a document; PostgreSQL counts positions up to 16,383
MOST_PLACES = 255  # of one token in a document; PostgreSQL keeps no more positions
MAX_TEXT = 500_000  # characters of one text that are read
MAX_BYTES = 500_000  # of a document's tokens; PostgreSQL's limit is 1 MB with its own bytes
GAP = "¶"  # between two texts of a document, so that no phrase reaches across; never a token

Token = tuple[str, int, int]  # with its start and end in the text

_ASCII = re.compile(rf"([a-z0-9]{{1,{LONGEST_TOKEN}}})[a-z0-9]*")
_CONTROLS = re.compile(r"[\0-\x08\x0e-\x1b\x7f]")
# Han, kana, Hangul, Thai, Lao, Myanmar and Khmer have no spaces between words, or inside them.
_ALONE = (
    "\u0e01-\u0e2e\u0e81-\u0eae\u1000-\u102a\u1100-\u11ff\u1780-\u17b3\u2e80-\u2fdf\u3005-\u3007"
    "\u3021-\u3029\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u3131-\u318e"
    "\u31a0-\u31bf\u31f0-\u31ff\u3200-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c\uac00-\ud7fb\uf900-\ufaff"
    "\uff66-\uff9d\uffa0-\uffdc\U0001b000-\U0001b16f\U00020000-\U0003ffff"
)
_EMOJI = "\u203c\u2049\u2300-\u23ff\u25a0-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_SELECTORS = frozenset({*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)})
_ACCENTS = re.compile("[\u0300-\u036f]")
_LAST_MARK = 0x1FFFF  # beyond lie selectors alone
_SINGLE = re.compile(f"[{_ALONE}{_EMOJI}]")


def tokens(text: str) -> list[str]:
    """The tokens of a text in order."""
    text = text[:MAX_TEXT]
    if _is_plain(text):
        return _ASCII.findall(text.lower())
    # Blanks end every token, and the same words come again and again.
    return [token for chunk in text.split() for token in _tokens_of(chunk)]


def _is_plain(text: str) -> bool:
    return text.isascii() and not _CONTROLS.search(text)


@lru_cache(4096)
def _tokens_of(chunk: str) -> tuple[str, ...]:
    if _is_plain(chunk):
        return tuple(_ASCII.findall(chunk.lower()))
    return tuple(token for token, _, _ in located(chunk))


def located(text: str) -> Iterator[Token]:
    """The tokens of a text, each with the span of the text that it was read from."""
    for piece in _pieces().finditer(text[:MAX_TEXT]):
        for token in _folded(piece[0]):
            yield token, *piece.span()


def document(texts: Iterable[str]) -> list[str]:
    """The tokens of several texts, with a GAP between two of them, within the bounds.

    A GAP also stands where a token would stand once too often, so that all others keep their
    places: what a database would pass over no other one finds.
    """
    found: list[str] = []
    size = 0
    for text in texts:
        own = tokens(text)
        if not own:
            continue
        own = [GAP, *own] if found else own
        size += sum(map(len, own)) * (1 if text.isascii() else 4)
        found += own
        if len(found) > MAX_TOKENS or size > MAX_BYTES:
            return _sparse(_within(found))
    return _sparse(found)


def is_single(token: str) -> bool:
    """Whether a token is a sign or an emoji that is one by itself."""
    return bool(_SINGLE.match(token))


def _within(found: Sequence[str]) -> list[str]:
    size, kept = 0, []
    for token in found[:MAX_TOKENS]:
        size += len(token.encode())
        if size > MAX_BYTES:
            break
        kept.append(token)
    return kept


def _sparse(found: list[str]) -> list[str]:
    if len(found) <= MOST_PLACES:
        return found
    seen: Counter[str] = Counter()
    kept = []
    for token in found:
        seen[token] += 1
        kept.append(token if seen[token] <= MOST_PLACES else GAP)
    return kept


def _cut(token: str) -> str:
    return token[:LONGEST_TOKEN]


def _folded(piece: str) -> tuple[str, ...]:
    """The tokens of a piece; more than one where its sign stands for several words."""
    plain = fold(piece)
    if plain.isalnum() and len(plain) <= LONGEST_TOKEN and not _SINGLE.search(plain):
        return (plain,)
    return tuple(_cut(fold(part[0])) for part in _pieces().finditer(plain) if fold(part[0]))


def fold(text: str) -> str:
    """A text in the form in which tokens are compared; folding twice changes nothing."""
    text = _without_ignored(text)
    for _ in range(3):
        before = text
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text).casefold())
        text = unicodedata.normalize("NFC", _ACCENTS.sub("", text))
        if text == before:
            break
    return text


def _without_ignored(text: str) -> str:
    return text if text.isalnum() else _ignored().sub("", text)


@cache
def _pieces() -> re.Pattern[str]:
    """A sign that is a token by itself, with its marks, or a run of letters, digits and marks.

    Controls inside a word, such as a soft hyphen, do not divide it.
    """
    marks, ignored = _classes()
    single = f"[{_ALONE}][{marks}\uff9e\uff9f]*|[{_EMOJI}]"
    letter = rf"(?![{_ALONE}{_EMOJI}])[^\W_]"
    word = f"(?:{letter}|[{marks}])+"
    return re.compile(f"{single}|{word}(?:[{ignored}]+{word})*")


@cache
def _ignored() -> re.Pattern[str]:
    return re.compile(f"[{_classes()[1]}]+")


@cache
def _classes() -> tuple[str, str]:
    """Marks, and what is ignored (controls but blanks, formats), as contents of a class."""
    marks, ignored = [], []
    for code in range(min(_LAST_MARK, sys.maxunicode)):
        kind = unicodedata.category(chr(code))
        if kind[0] == "M" and code not in _SELECTORS:
            marks.append(code)
        elif kind == "Cf" or (kind == "Cc" and not chr(code).isspace()):
            ignored.append(code)
    return _ranges(marks), _ranges(ignored)


def _ranges(codes: Sequence[int]) -> str:
    parts: list[list[int]] = []
    for code in codes:
        if parts and parts[-1][1] == code - 1:
            parts[-1][1] = code
        else:
            parts.append([code, code])
    return "".join(f"{re.escape(chr(low))}-{re.escape(chr(high))}" for low, high in parts)
