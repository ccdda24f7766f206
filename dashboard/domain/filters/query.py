"""The filters of a query string: read into terms, and printed back in one form.

Several values of one name are or-ed (repeated, or separated by commas), different
names are and-ed. `name!=value` leaves out, `name=-` is "not reported". A value in
double quotes may contain commas; a quoted workflow is always a name, never an ID.
`q` is what the box takes: words, and filters as `name:value`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from dashboard.domain.filters.box import read_box
from dashboard.domain.filters.fields import (
    FIELDS,
    MISSING,
    NAMES,
    TEXTS,
    WORKFLOW,
    Form,
    read_id,
)

WORDS = "q"
MAX_TERMS, MAX_IGNORED = 50, 20
LONGEST_VALUE, LONGEST_TEXT = 200, 20_000  # characters of one value, and of all of one pair
LONGEST_WORDS = 1000  # characters of a search

# No part gives back what it took: the time is in proportion to the text, whatever it holds.
_ITEM = re.compile(r'\s*("(?:[^"]|"")*"(?=\s*(?:,|\Z))|[^,]*)\s*(?:,|\Z)')
_UNREADABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

TOO_LONG, TOO_MANY = "too long", "too many values"
UNREADABLE, NO_WORKFLOW = "not readable", "needs a workflow"


@dataclass(frozen=True, slots=True)
class Term:
    """One value of one name; `excluded` leaves the runs out that have it."""

    name: str
    value: str
    form: Form
    excluded: bool = False


@dataclass(frozen=True, slots=True)
class Ignored:
    """A value that could not be read, and why."""

    name: str
    value: str
    why: str


@dataclass(frozen=True, slots=True)
class RunQuery:
    """The terms in their one order, the words that are searched, and what was left out."""

    terms: tuple[Term, ...] = ()
    ignored: tuple[Ignored, ...] = ()
    words: str = ""

    def __bool__(self) -> bool:
        """Whether it may leave out any run."""
        return bool(self.terms or self.words)

    def of(self, name: str, *, excluded: bool = False) -> tuple[Term, ...]:
        """The terms of a name: those that are wanted, or those that are left out."""
        return tuple(t for t in self.terms if t.name == name and t.excluded == excluded)

    def without(self, term: Term) -> "RunQuery":
        """The query with one term less, and less what only that one made readable."""
        kept = tuple(each for each in self.terms if each != term)
        return replace(_settled(kept, [], self.words), ignored=())

    def without_words(self, why: str) -> "RunQuery":
        """The query with its words among what could not be read; they are told to nobody."""
        return replace(self, words="", ignored=(*self.ignored, Ignored(WORDS, "", why)))

    def without_name(self, name: str) -> "RunQuery":
        """The query without any term of a name, and less what only these made readable."""
        kept = tuple(each for each in self.terms if each.name != name)
        return replace(_settled(kept, [], self.words), ignored=())

    def adding(self, *pairs: tuple[str, str]) -> "RunQuery":
        """The query with the terms of these pairs beside its own."""
        return replace(parse([*pairs_of(self), *pairs]), ignored=())

    def leaving_out(self, terms: Iterable[Term], why: str) -> "RunQuery":
        """The query with these terms among what could not be read."""
        bad = tuple(terms)
        kept = tuple(each for each in self.terms if each not in bad)
        ignored = [Ignored(_written(each), each.value, why) for each in bad]
        return _settled(kept, [*self.ignored, *ignored], self.words)


def parse(pairs: Iterable[tuple[str, str]]) -> RunQuery:
    """The query of (name, value) pairs; never raises. Pairs of other names are passed over."""
    given = list(pairs)
    terms: dict[Term, None] = {}
    boxes = [text for written, text in given if written == WORDS]
    ignored = [unread for text in boxes if (unread := _unread(text))]
    typed, words = _typed(boxes)
    if len(words) > LONGEST_WORDS:
        ignored.append(Ignored(WORDS, "", TOO_LONG))  # cut, a secret would not be known as one
        words = ""
    for written, text in [*given, *typed]:
        for found in _read(written, text):
            if isinstance(found, Ignored):
                ignored.append(found)
            elif len(terms) < MAX_TERMS or found in terms:
                terms[found] = None
            else:
                ignored.append(Ignored(written, found.value, TOO_MANY))
    return _settled(tuple(terms), ignored, words)


def _typed(texts: Iterable[str]) -> tuple[list[tuple[str, str]], str]:
    """The filters in what was typed into the box, and the words that are left."""
    read = [read_box(_UNREADABLE.sub(" ", text)) for text in texts if len(text) <= LONGEST_TEXT]
    pairs = [pair for typed in read for pair in typed.pairs]
    return pairs, " ".join(typed.words for typed in read if typed.words)


def _unread(text: str) -> Ignored | None:
    """What was typed into the box, where nothing of it can be read."""
    if len(text) > LONGEST_TEXT:
        return Ignored(WORDS, "", TOO_LONG)
    shown = text.strip(" \t\r\n")
    if not _UNREADABLE.search(shown) or _UNREADABLE.sub(" ", shown).strip():
        return None
    return Ignored(WORDS, _UNREADABLE.sub("\ufffd", shown)[:LONGEST_VALUE], UNREADABLE)


def pairs_of(query: RunQuery) -> list[tuple[str, str]]:
    """The query as (name, value) pairs, which `parse` reads as the same terms."""
    words = [(WORDS, query.words)] if query.words else []
    return [*words, *((_written(term), _printed(term)) for term in query.terms)]


def _written(term: Term) -> str:
    return f"{term.name}!" if term.excluded else term.name


def _settled(terms: Iterable[Term], ignored: Iterable[Ignored], words: str) -> RunQuery:
    """Terms in order; numbers of versions only beside a workflow, which they count for."""
    ordered = sorted(terms, key=lambda each: (NAMES.index(each.name), each.excluded))
    if not any(each.name == WORKFLOW and _is_one(each) for each in ordered):
        numbers = [each for each in ordered if each.form in (Form.NUMBER, Form.FROM)]
        ordered = [each for each in ordered if each not in numbers]
        ignored = [*ignored, *(Ignored(_written(t), t.value, NO_WORKFLOW) for t in numbers)]
    return RunQuery(tuple(ordered), tuple(ignored)[:MAX_IGNORED], words)


def _is_one(term: Term) -> bool:
    return not term.excluded and term.form != Form.MISSING


def _read(written: str, text: str) -> Iterator[Term | Ignored]:
    name = written.removesuffix("!")
    if name not in NAMES:
        return
    if len(text) > LONGEST_TEXT:
        yield Ignored(written, text[:LONGEST_VALUE], TOO_LONG)
        return
    for item in _items(text):
        if item:
            yield _term(name, item, written)


def _items(text: str) -> Iterator[str]:
    """What stands between the commas that are not in quotes, without the spaces around it."""
    return (found[1].rstrip() for found in _ITEM.finditer(text))


def _term(name: str, item: str, written: str) -> Term | Ignored:
    quoted = len(item) > 1 and item[0] == item[-1] == '"'
    value = item[1:-1].replace('""', '"') if quoted else item
    if _UNREADABLE.search(value):
        return Ignored(written, _UNREADABLE.sub("\ufffd", value)[:LONGEST_VALUE], UNREADABLE)
    if len(value) > LONGEST_VALUE:
        return Ignored(written, value[:LONGEST_VALUE], TOO_LONG)
    excluded = written != name
    if value == MISSING and not quoted:
        return Term(name, MISSING, Form.MISSING, excluded)
    field = FIELDS[name]
    found = field.read(value, quoted)
    why = f"not {field.expected}"
    return Term(name, *found, excluded) if found else Ignored(written, value, why)


def _printed(term: Term) -> str:
    """A term's value as `parse` reads it: a text in quotes where it could be read otherwise."""
    if term.form not in TEXTS:
        return term.value
    whole = next(_items(term.value), None) == term.value
    if whole and '"' not in term.value and term.value != MISSING and not read_id(term.value, False):
        return term.value
    return '"' + term.value.replace('"', '""') + '"'
