"""A list's filter with the addresses that lead to it and on from it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse

from dashboard.domain.filters.fields import (
    COLD_START,
    COST,
    CREATED,
    QUEUE,
    RUN,
    STARRED,
    START,
    STATUS,
    TOTAL,
)
from dashboard.domain.filters.fixed_times import fixed, is_relative, needs_zone
from dashboard.domain.filters.query import (
    RunQuery,
    Term,
    pairs_of,
)
from dashboard.domain.filters.sorts import NEWEST, Sort, written
from dashboard.presentation.format import capitalized
from dashboard.services.runs import pasted
from dashboard.services.runs.run_filter import RunFilter

ZONE, IDS, VIEW, STACK, SORT, SHOW = "zone", "ids", "view", "stack", "sort", "show"
GROUP = "group"
LIMIT = "limit"  # runs of a page of JSON
AT = "at"  # the page whose filter a facet is of, where that is not the list
PAGES: Mapping[str, str] = {  # the other pages that a filter narrows, and their addresses' names
    "cold": "insights",
    "cost": "insights_cost",
    "week": "insights_week",
    "failures": "insights_failures",
    "speed": "insights_speed",
    "warm": "insights_warm",
}
PLACES = AFTER, BEFORE = "after", "before"  # between two pages
ALL, SAVED = "all", "saved"  # all runs where `/` opens a saved view; the view that was opened
ROWS, COMPACT, GALLERY = VIEWS = ("rows", "compact", "gallery")
BY_DAY, BY_PROMPT, BY_WORKFLOW = GROUPS = ("day", "prompt", "workflow")
SHOWS: Mapping[str, tuple[str, str]] = {  # what the tabs were called in older addresses
    "attention": (STATUS, "attention"),
    "cold": (START, "cold"),
    "live": (STATUS, "live"),
}
TABS: tuple[tuple[str, tuple[str, str] | None], ...] = (
    ("All", None),
    ("Needs attention", SHOWS["attention"]),
    ("Cold starts", SHOWS["cold"]),
    ("Live", SHOWS["live"]),
    ("Starred", (STARRED, "1")),
)

LENGTHS = {TOTAL: "total", COLD_START: "cold start", RUN: "run", QUEUE: "queue"}
SORT_TEXTS: Mapping[Sort, str] = {
    NEWEST: "Newest first",
    Sort(CREATED, descending=False): "Oldest first",
    **{
        Sort(name, descending): f"{way} {text}"
        for name, text in LENGTHS.items()
        for descending, way in ((True, "Longest"), (False, "Shortest"))
    },
    Sort(COST): "Highest cost",
    Sort(COST, descending=False): "Lowest cost",
}
HEADS = (COLD_START, RUN, TOTAL, CREATED)  # the columns that a list is ordered by


@dataclass(frozen=True, slots=True)
class SortLink:
    """An order of the list in words, or its direction, or its groups, and the list so."""

    text: str
    url: str
    current: bool


@dataclass(frozen=True, slots=True)
class ListFilter(RunFilter):
    """A filter with the address that its list links to, and how its runs are shown.

    `at` is the page of PAGES that it narrows, "" for the list. `saved` is the saved view that it
    came from, 0 for none; `elsewhere` is where the bare address opens a saved view, so that all
    runs need an address of their own. With `zone_named` the address names the zone, which
    readers have one of their own beside. With `costs` the reader may see what runs cost, and so
    order them by it.
    """

    at: str = ""
    sort: Sort = NEWEST
    view: str = ""  # one of VIEWS; empty: rows, as the reader likes them
    stacks: bool = True  # in the gallery, what differs in the seed alone lies on one pile
    group: str = BY_DAY  # one of GROUPS: what the gallery's sections are
    saved: int = 0
    elsewhere: bool = False
    zone_named: bool = False
    costs: bool = False

    @property
    def csv_url(self) -> str:
        """The file with the runs of the same filter and order, and times of the same zone."""
        return self._url(self.query, of="runs_csv")

    @property
    def sorts(self) -> list[SortLink]:
        """The orders that the reader may have, each with the list in it."""
        return [
            SortLink(text, replace(self, sort=sort).url, sort == self.sort)
            for sort, text in SORT_TEXTS.items()
            if self.costs or sort.name != COST
        ]

    @property
    def newest_first(self) -> bool:
        return self.sort == NEWEST

    @property
    def sort_text(self) -> str:
        return SORT_TEXTS[self.sort]

    @property
    def columns(self) -> dict[str, SortLink]:
        """What the head of each column leads to: the longest first, then the shortest."""
        return {name: self._column(name) for name in HEADS}

    def _column(self, name: str) -> SortLink:
        current = name == self.sort.name
        turned = Sort(name, descending=not (current and self.sort.descending))
        way = ("descending" if self.sort.descending else "ascending") if current else ""
        return SortLink(way, replace(self, sort=turned).url, current)

    @property
    def jsonl_url(self) -> str:
        """The same as JSON, a run a line."""
        return self._url(self.query, of="runs_jsonl")

    def without(self, term: Term) -> str:
        """The list with the same filter, without one of its terms."""
        return self._url(self.query.without(term))

    @property
    def tab(self) -> tuple[str, str] | None:
        """What the current tab asks for; None on the first one, which asks for nothing."""
        for _, pair in () if self.at else TABS:
            if pair and [term.value for term in self.query.of(pair[0])] == [pair[1]]:
                return pair
        return None

    def under(self, tab: tuple[str, str] | None) -> "ListFilter":
        """The same filter with another tab's term in place of the current one's."""
        query = self.query
        for pair in filter(None, (self.tab, tab)):
            query = query.without_name(pair[0])
        return replace(self, query=query.adding(tab) if tab else query, pasted=())

    @property
    def url(self) -> str:
        return self._url(self.query)

    @property
    def bare_url(self) -> str:
        """The same page without any filter."""
        return reverse(PAGES[self.at] if self.at else "run_list")

    @property
    def all_url(self) -> str:
        """The list of all runs."""
        return self._url(RunQuery())

    @property
    def canonical(self) -> str:
        """The query string in its one form, without the view that it came from."""
        return replace(self, saved=0, elsewhere=False).url.partition("?")[2]

    def fixed_url(self, now: datetime) -> str:
        """The address with fixed times in place of relative ones; "" where there are none."""
        if not any(map(is_relative, self.query.terms)):
            return ""
        same = replace(self, saved=0)
        return same._url(fixed(self.query, now, self.zone))

    @property
    def in_gallery(self) -> bool:
        return self.view == GALLERY

    @property
    def list_url(self) -> str:
        return replace(self, view="").url

    @property
    def gallery_url(self) -> str:
        return replace(self, view=GALLERY).url

    @property
    def stack_url(self) -> str:
        """The gallery with stacks where it has none, and without where it has."""
        return replace(self, stacks=not self.stacks).url

    @property
    def groups(self) -> list[SortLink]:
        """What the gallery may be divided by, each with the gallery so."""
        return [
            SortLink(capitalized(group), replace(self, group=group).url, group == self.group)
            for group in GROUPS
        ]

    def address(self, query: RunQuery) -> str:
        """The list with another query in place of this one."""
        return self._url(query)

    def of_page(self, name: str) -> str:
        """Another address of Insights under the same filter."""
        return self._insights(self.query, name)

    def _insights(self, query: RunQuery, name: str) -> str:
        """An address of Insights; its days are always of a zone."""
        zone = [(ZONE, str(self.zone))] if self.names_zone(query, dated=True) else []
        pairs = [*pairs_of(query), *zone]
        return f"{reverse(name)}?{urlencode(pairs)}" if pairs else reverse(name)

    def _url(self, query: RunQuery, *, of: str = "run_list") -> str:
        if self.at and of == "run_list":
            return self._insights(query, PAGES[self.at])
        pairs = pairs_of(query)
        if self.sort != NEWEST:
            pairs.append((SORT, written(self.sort)))
        if self.view and of == "run_list":
            pairs.append((VIEW, self.view))
        if of == "run_list" and self.in_gallery:
            pairs += self._walls()
        if self.pasted and not query:
            pairs.append((IDS, pasted.pack(self.pasted)))
        dated = bool(query.terms) or of == "runs_csv" or self.in_gallery
        if self.names_zone(query, dated=dated):
            pairs.append((ZONE, str(self.zone)))
        if of == "run_list":
            pairs += self._beside(bool(pairs))
        return f"{reverse(of)}?{urlencode(pairs)}" if pairs else reverse(of)

    def _walls(self) -> list[tuple[str, str]]:
        """What only the gallery's address says."""
        return [
            *([] if self.stacks else [(STACK, "0")]),
            *([] if self.group == BY_DAY else [(GROUP, self.group)]),
        ]

    def names_zone(self, query: RunQuery, *, dated: bool) -> bool:
        """Whether an address with a query names its zone; `dated` where it may have times.

        Days mean the same runs to every reader only where it does.
        """
        own = self.zone_named or str(self.zone) != "UTC"
        return (dated and own) or any(map(needs_zone, query.terms))

    def _beside(self, filtered: bool) -> list[tuple[str, str]]:
        """What only the list's own address says."""
        if filtered:
            return [(SAVED, str(self.saved))] if self.saved else []
        return [(ALL, "1")] if self.elsewhere else []
