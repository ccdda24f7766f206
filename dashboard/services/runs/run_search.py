"""Finds runs by the words of the box, by their IDs, and by how these begin."""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import NamedTuple
from uuid import UUID

from django.db.models import Q

from dashboard.domain.search.words import MAX_PHRASES, Words, read_words
from dashboard.domain.text.typed_line import Part, parts_of
from dashboard.models import RunQuerySet, SearchDocument
from dashboard.models.keys import OneOf
from dashboard.models.search_document import Hit, query_of
from dashboard.services.runs import pasted

FEW = 10_000
"""Hits that are read and looked up by their keys. Of more, the list is walked in its order."""

WIDE = 50_000  # keys; over more of them what a word hits is not read

_BEGINNING = re.compile(r"(?:run\s+)?([0-9a-f]{4,32})")
NOTHING = Q(pk__in=())


class _Sought(NamedTuple):
    """A text of the box as it is sought; `left_out` are the runs whose ID has a minus."""

    ids: tuple[UUID, ...]
    words: Words
    beginning: Q | None
    left_out: Q | None


def found(runs: RunQuerySet, text: str) -> RunQuerySet:
    """Those of these runs that a text of the box finds: IDs in it, else an ID's beginning or words.

    "Run 7c1e9f42" is an ID's beginning too, of four digits at least. What an ID or a beginning
    finds, it leaves out where a minus stands before it.
    """
    sought = _read(text)
    if sought.left_out:
        runs = runs.exclude(sought.left_out)
    if sought.ids:
        return runs.filter(uuid__in=sought.ids)
    if sought.words:
        return matching(runs, sought.words, also=sought.beginning)
    return runs if sought.left_out else runs.filter(sought.beginning or NOTHING)


def found_among(runs: RunQuerySet, text: str, keys: Sequence[int]) -> RunQuerySet | None:
    """Those of these runs with one of the keys that a text of the box finds.

    Only what is hit between the lowest and the highest key is read; None where these lie far
    apart, and where the text is no words.
    """
    ids, words, begun, left_out = _read(text)
    if not words or not keys or max(keys) - min(keys) > WIDE or ids:
        return None
    ends = min(keys), max(keys)
    kept = set(keys)
    if words.excluded:
        kept -= SearchDocument.hits_between(query_of(words.excluded, any_of=True), *ends)
    hits = kept
    if words.wanted:
        hits = kept & SearchDocument.hits_between(query_of(words.wanted), *ends)
    runs = runs.filter(Q(OneOf([*hits])) | (begun & Q(OneOf([*kept])) if begun else NOTHING))
    return runs.exclude(left_out) if left_out else runs


def found_few(runs: RunQuerySet, text: str) -> RunQuerySet | None:
    """As `found`, where words hit few runs, which are looked up by their keys; else None."""
    ids, words, begun, left_out = _read(text)
    if ids or not words.wanted:
        return None
    keys = _first_hits(words)
    if len(keys) > FEW:
        return None
    runs = _excluding(runs.filter(Q(OneOf(keys)) | (begun or NOTHING)), words)
    return runs.exclude(left_out) if left_out else runs


def _read(text: str) -> _Sought:
    """IDs that a minus stands before are not among the words: only what else does is sought."""
    parts = list(parts_of(text))
    minus = {part: pasted.ids_in(part.whole) for part in parts if part.left_out}
    rest = [part for part in parts if not minus.get(part)]
    if len(rest) < len(parts):
        text = " ".join(part.written for part in rest)
    plain = " ".join(part.written for part in parts if not part.left_out)
    return _Sought(pasted.ids_in(text), read_words(text), _beginning(plain), _left_out(minus))


def beyond(text: str) -> str:
    """What of the words of a text is not sought, as it is too much."""
    sought = _read(text)
    return "" if sought.ids else sought.words.beyond


def _left_out(minus: Mapping[Part, Collection[UUID]]) -> Q | None:
    ids = [run_id for found in minus.values() for run_id in found]
    begun = [found for part in minus if not part.quoted and (found := _beginning(part.whole))]
    conditions = [*([Q(uuid__in=ids)] if ids else []), *begun[:MAX_PHRASES]]
    return reduce(or_, conditions) if conditions else None


def matching(runs: RunQuerySet, words: Words, *, also: Q | None = None) -> RunQuerySet:
    """Those of these runs that have the words, or else fit `also`; all where nothing is wanted.

    Other filters, order, pages and counts are composed as with any queryset.
    """
    if words.wanted:
        keys = _first_hits(words)
        hits = Q(OneOf(keys)) if len(keys) <= FEW else Q(Hit(query_of(words.wanted)))
        runs = runs.filter(hits | (also or NOTHING))
    return _excluding(runs, words)


def _excluding(runs: RunQuerySet, words: Words) -> RunQuerySet:
    if not words.excluded:
        return runs
    return runs.exclude(Q(Hit(query_of(words.excluded, any_of=True))))


def _first_hits(words: Words) -> list[int]:
    """All that the wanted words hit, or one more than are few."""
    return SearchDocument.first_hits(query_of(words.wanted), FEW + 1)


def _beginning(text: str) -> Q | None:
    """The runs whose ID begins with the text, where it is the beginning of one."""
    begun = _BEGINNING.fullmatch(text.strip().lower().replace("-", ""))
    if begun is None:
        return None
    low, high = UUID(begun[1].ljust(32, "0")), UUID(begun[1].ljust(32, "f"))
    return Q(uuid__gte=low, uuid__lte=high)
