"""The query string of the list, read as a filter."""

from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from dashboard.access import may_label
from dashboard.domain.filters.fields import BY
from dashboard.domain.filters.query import (
    LONGEST_VALUE,
    Ignored,
    RunQuery,
    Term,
    pairs_of,
    parse,
)
from dashboard.domain.filters.zones import read_zone
from dashboard.domain.text.search_term import search_term
from dashboard.http import Context
from dashboard.presentation.format import capitalized
from dashboard.presentation.query_text import chip_text, ignored_text, query_text
from dashboard.services.runs import pasted, run_query
from dashboard.services.runs.run_filter import LONGEST, SHOWS, RunFilter


class ListFilter(RunFilter):
    """A filter with the address that its list links to."""

    __slots__ = ()

    @property
    def term(self) -> str:
        """The search as a page may show it; empty where it is long or holds a secret."""
        return search_term(self.q)

    @property
    def untagged_url(self) -> str:
        """The list with the same filter, without the tag."""
        return self._url(self.query, tag="")

    @property
    def kept(self) -> str:
        """The terms as a query string: what the tabs keep."""
        return urlencode(self._pairs(self.query))

    def _pairs(self, query: RunQuery, *, timed: bool = False) -> list[tuple[str, str]]:
        """The terms, and the zone of their days, or of what is `timed`, where it is not UTC."""
        zoned = (timed or query.terms) and self.zone is not UTC
        return pairs_of(query) + ([("zone", str(self.zone))] if zoned else [])

    @property
    def csv_url(self) -> str:
        """The file with the runs of the same filter, and times of the same zone."""
        return self._url(self.query, tag=self.tag, of="runs_csv")

    def without(self, term: Term) -> str:
        """The list with the same filter, without one of its terms."""
        return self._url(self.query.without(term), tag=self.tag)

    def _url(self, query: RunQuery, *, tag: str, of: str = "run_list") -> str:
        rest = {"show": self.show, "q": self.q, "starred": "1" if self.starred else "", "tag": tag}
        if self.pasted and of != "run_list":
            rest["ids"] = pasted.pack(self.pasted)
        pairs = [(name, value) for name, value in rest.items() if value]
        pairs += self._pairs(query, timed=of == "runs_csv")
        return f"{reverse(of)}?{urlencode(pairs)}" if pairs else reverse(of)


def read_filter(request: HttpRequest) -> ListFilter:
    """The filter of an address; pasted IDs alone count where there are any."""
    ids = tuple(pasted.unpack(request.GET.get("ids", "")))
    show = request.GET.get("show", "")
    return ListFilter(
        show=show if show in SHOWS else "",
        q=request.GET.get("q", "").strip(),
        pasted=ids,
        starred=request.GET.get("starred") == "1",
        tag=request.GET.get("tag", "").replace("\0", "").strip()[:LONGEST],
        query=RunQuery() if ids else read_query(request),
        zone=zone_of(request),
    )


def read_query(request: HttpRequest) -> RunQuery:
    """The terms of an address."""
    lists = request.GET.lists()
    query = run_query.settled(parse((name, text) for name, texts in lists for text in texts))
    if not may_label(request.user):
        people = [term for term in query.terms if term.name == BY]
        query = query.leaving_out(people, "for members alone") if people else query
    zone = request.GET.get("zone", "")
    if not zone or read_zone(zone):
        return query
    unread = Ignored("zone", zone[:LONGEST_VALUE], "not a time zone")
    return replace(query, ignored=(*query.ignored, unread))


def zone_of(request: HttpRequest) -> tzinfo:
    """The zone that the days of an address are of."""
    return read_zone(request.GET.get("zone", "")) or UTC


@dataclass(frozen=True, slots=True)
class Chip:
    """A term above the list, and the list without it."""

    text: str
    url: str


def query_context(choice: ListFilter, *, people: bool) -> Context:
    """The terms in words: chips, one sentence for all, and what was left out."""
    shown = run_query.called(choice.query, people=people)
    text = query_text(shown)
    other = "Search" if choice.q else "Pasted runs" if choice.pasted else ""
    return {
        "list_title": other or capitalized(text),
        "chips": [Chip(chip_text(t, name), choice.without(t)) for t, name in shown.items()],
        "query_text": text,
        "ignored": [ignored_text(each) for each in choice.query.ignored],
    }
