"""The query string of the list, read as a filter."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from dashboard.domain.filters.query import RunQuery, Term, pairs_of, parse
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
        return urlencode(pairs_of(self.query))

    def without(self, term: Term) -> str:
        """The list with the same filter, without one of its terms."""
        return self._url(self.query.without(term), tag=self.tag)

    def _url(self, query: RunQuery, *, tag: str) -> str:
        rest = {"show": self.show, "q": self.q, "starred": "1" if self.starred else "", "tag": tag}
        pairs = [(name, value) for name, value in rest.items() if value] + pairs_of(query)
        return f"{reverse('run_list')}?{urlencode(pairs)}" if pairs else reverse("run_list")


def read_filter(request: HttpRequest) -> ListFilter:
    """The filter of an address."""
    show = request.GET.get("show", "")
    return ListFilter(
        show=show if show in SHOWS else "",
        q=request.GET.get("q", "").strip(),
        pasted=tuple(pasted.unpack(request.GET.get("ids", ""))),
        starred=request.GET.get("starred") == "1",
        tag=request.GET.get("tag", "").replace("\0", "").strip()[:LONGEST],
        query=read_query(request),
    )


def read_query(request: HttpRequest) -> RunQuery:
    """The terms of an address that say what runs belong to."""
    lists = request.GET.lists()
    return run_query.settled(parse((name, text) for name, texts in lists for text in texts))


@dataclass(frozen=True, slots=True)
class Chip:
    """A term above the list, and the list without it."""

    text: str
    url: str


def query_context(choice: ListFilter) -> Context:
    """The terms in words: chips, one sentence for all, and what was left out."""
    shown = run_query.called(choice.query)
    text = query_text(shown)
    other = "Search" if choice.q else "Pasted runs" if choice.pasted else ""
    return {
        "list_title": other or capitalized(text),
        "chips": [Chip(chip_text(t, name), choice.without(t)) for t, name in shown.items()],
        "query_text": text,
        "ignored": [ignored_text(each) for each in choice.query.ignored],
    }
