"""A query string, read as the filter of its list for one reader."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from functools import partial
from uuid import UUID

from django.http import HttpRequest, QueryDict

from dashboard.access import may_label
from dashboard.domain.filters.fields import (
    BY,
    COST,
    NAMES,
)
from dashboard.domain.filters.query import (
    LONGEST_VALUE,
    LONGEST_WORDS,
    WORDS,
    Ignored,
    RunQuery,
    parse,
)
from dashboard.domain.filters.sorts import NEWEST, Sort, read_key, read_sort
from dashboard.domain.filters.zones import read_zone
from dashboard.domain.search.words import MAX_PARTS, MAX_PHRASES, read_words
from dashboard.domain.text.run_ids import MAX_IDS
from dashboard.domain.text.search_term import NoTerm, read_term
from dashboard.presentation.box_text import IGNORED
from dashboard.presentation.format import cut
from dashboard.services.runs import pasted, run_query, run_search
from dashboard.views.runs.filters import (
    ALL,
    AT,
    BY_DAY,
    GROUP,
    GROUPS,
    IDS,
    LIMIT,
    PAGES,
    PLACES,
    SAVED,
    SHOW,
    SHOWS,
    SORT,
    STACK,
    VIEW,
    VIEWS,
    ZONE,
    ListFilter,
)
from dashboard.views.runs.story_context import may_see_costs

MAX_UNKNOWN = 20
BESIDE_IDS = "not read beside run IDs"
TOO_MUCH = f"a search has up to {MAX_PHRASES} words, and a phrase {MAX_PARTS}"
FOR_MEMBERS = "for members alone"
# What an address may hold beside the filter: the page's key, and what a paste left out.
BESIDE = frozenset(
    {
        WORDS,
        ZONE,
        IDS,
        VIEW,
        STACK,
        GROUP,
        SORT,
        SHOW,
        LIMIT,
        *PLACES,
        "over",
        ALL,
        SAVED,
        AT,
        "rows",
    }
)


def read_filter(request: HttpRequest, asked: QueryDict | None = None) -> ListFilter:
    """The filter of an address, or of another query string of this reader's.

    Pasted IDs alone count where there are any.
    """
    asked = request.GET if asked is None else asked
    ids = tuple(pasted.unpack(asked.get(IDS, "")))
    sort = read_sort(asked.get(SORT, "")) or NEWEST
    query = RunQuery() if ids else read_query(request, asked)
    costs = may_see_costs(request)
    kept = costs or sort.name != COST
    unread = (
        *_unknown(asked),
        *_unread(asked, ids, sort),
        *(() if kept else (_left(asked, SORT, FOR_MEMBERS),)),
    )
    at, view, group = (asked.get(name, "") for name in (AT, VIEW, GROUP))
    return ListFilter(
        query=replace(query, ignored=(*query.ignored, *unread)),
        pasted=ids,
        zone=zone_of(request, asked),
        zone_named=read_zone(asked.get(ZONE, "")) is not None,
        at=at if at in PAGES else "",
        saved=read_number(asked.get(SAVED, "")),
        sort=sort if kept else NEWEST,
        costs=costs,
        view=view if view in VIEWS else "",
        stacks=asked.get(STACK) != "0",
        group=group if group in GROUPS else BY_DAY,
    )


def read_number(text: str) -> int:
    """The number of a stored row; 0 for any other text."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def read_limit(text: str) -> int | None:
    """How many runs a page is to have, whatever it may; None for what is no whole number."""
    if not (text.isascii() and text.isdecimal()):
        return None
    return int(text.lstrip("0")[:9] or "0")  # a longer number is larger than any page


def read_query(request: HttpRequest, asked: QueryDict) -> RunQuery:
    """The terms of a query string."""
    pairs = [(name, text) for name, texts in asked.lists() for text in texts]
    if old := SHOWS.get(asked.get(SHOW, "")):
        pairs.append(old)
    return permitted(request, parse(pairs))


def permitted(request: HttpRequest, query: RunQuery) -> RunQuery:
    """The query without secrets, without names that no workflow has, and what is for members."""
    query = run_query.settled(query)
    if query.words:
        query = _searched(query)
    hidden = hidden_names(request)
    left = [term for term in query.terms if term.name in hidden]
    return query.leaving_out(left, FOR_MEMBERS) if left else query


def _searched(query: RunQuery) -> RunQuery:
    """The query with its words, as far as they are searched for."""
    read = read_term(query.words, LONGEST_WORDS)
    if isinstance(read, NoTerm):
        return query.without_words(IGNORED[read])
    if not read_words(query.words):
        return query.without_words(IGNORED[NoTerm.NOTHING])
    if not (rest := run_search.beyond(query.words)):
        return query
    return replace(
        query, ignored=(*query.ignored, Ignored(WORDS, cut(rest, LONGEST_VALUE), TOO_MUCH))
    )


def hidden_names(request: HttpRequest) -> set[str]:
    """The filters that tell what this reader is not to see."""
    told = {BY: may_label(request.user), COST: may_see_costs(request)}
    return {name for name, may in told.items() if not may}


def _unknown(asked: QueryDict) -> tuple[Ignored, ...]:
    """The parts of an address that are no filter."""
    known = {*NAMES, *(f"{name}!" for name in NAMES), *BESIDE}
    return tuple(
        _left(asked, name, "not a filter")
        for name in list(asked)[:MAX_UNKNOWN]
        if name not in known
    )


def _unread(asked: QueryDict, ids: Sequence[UUID], sort: Sort) -> list[Ignored]:
    """What is no filter and says nothing that can be read; and filters beside pasted IDs."""
    read: Mapping[str, tuple[Callable[[str], object], str]] = {
        ZONE: (read_zone, "not a time zone"),
        VIEW: (VIEWS.__contains__, "not a view"),
        GROUP: (GROUPS.__contains__, "not a grouping"),
        SORT: (read_sort, "not an order"),
        SHOW: (SHOWS.__contains__, "not a tab"),
        IDS: (lambda _: ids, "no run IDs"),
        LIMIT: (lambda text: read_limit(text) is not None, "not a number"),
        **dict.fromkeys(PLACES, (partial(read_key, sort), "not a place in the list")),
    }
    beyond = pasted.beyond(asked.get(IDS, ""))
    filters = {WORDS, SHOW, *NAMES, *(f"{name}!" for name in NAMES)} if ids else set()
    return [
        *(
            _left(asked, name, why)
            for name, (reads, why) in read.items()
            if asked.get(name) and not reads(asked.get(name, ""))
        ),
        *(_left(asked, name, BESIDE_IDS) for name in asked if name in filters),
        *([Ignored(IDS, "", f"the last {beyond:,}: up to {MAX_IDS} are read")] if beyond else []),
    ]


def _left(asked: QueryDict, name: str, why: str) -> Ignored:
    return Ignored(name[:LONGEST_VALUE], asked.get(name, "")[:LONGEST_VALUE], why)


def zone_of(request: HttpRequest, asked: QueryDict | None = None) -> tzinfo:
    """The zone that the days of an address are of: its own, else the reader's, else UTC."""
    own = read_zone((request.GET if asked is None else asked).get(ZONE, ""))
    return own or read_zone(request.COOKIES.get(ZONE, "")) or UTC
