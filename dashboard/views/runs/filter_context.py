"""The filter of a list in words: tabs, chips, what was left out, and what an empty list says."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from dashboard.domain.filters.fields import (
    STARRED,
)
from dashboard.http import Context
from dashboard.presentation.facet_text import facet_label
from dashboard.presentation.format import capitalized
from dashboard.presentation.query_text import ignored_text, query_text
from dashboard.services.runs import filter_counts, run_query
from dashboard.services.runs.filter_counts import Count
from dashboard.views.runs.facet_chips import chips
from dashboard.views.runs.filters import COMPACT, ROWS, SHOWS, TABS, ListFilter

EMPTY_TABS: Mapping[tuple[str, str] | None, str] = {
    SHOWS["attention"]: "No failed or timed-out runs",
    SHOWS["cold"]: "No cold starts",
    SHOWS["live"]: "No live runs",
    (STARRED, "1"): "No runs are starred yet",
}


@dataclass(frozen=True, slots=True)
class Tab:
    """One of the lists that are always at hand, under the other filters."""

    text: str
    url: str
    current: bool
    count: Count | None = None  # None: not known


def query_context(choice: ListFilter, *, people: bool) -> Context:
    """The filter in words: tabs, chips, one sentence for all terms, and what was left out."""
    shown = run_query.called(choice.query, people=people)
    text = query_text(shown)
    other = "Search" if choice.query.words else "Pasted runs" if choice.pasted else ""
    return {
        "list_title": other or capitalized(text),
        "tabs": _tabs(choice),
        "tabs_query": choice.url.removeprefix(reverse("run_list")),
        "chips": [] if choice.pasted else chips(choice.query, shown, choice.address, choice.tab),
        "reset_url": choice.bare_url,
        "set_count": len({term.name for term in choice.query.terms}),
        # Only a list without rows tells it, and counts for it.
        "nothing": SimpleLazyObject(lambda: _nothing(choice, text)),
        "ignored": [ignored_text(each) for each in choice.query.ignored],
    }


def density_context(choice: ListFilter) -> Context:
    """How close the rows stand where the address says it; else the reader's cookie does."""
    close = {ROWS: "", COMPACT: COMPACT}
    return {"density": close[choice.view]} if choice.view in close else {}


@dataclass(frozen=True, slots=True)
class Nothing:
    """What stands in place of rows: a headline, which a search's words follow, and a sentence.

    Where a list without one of the filters has runs, it leads there.
    """

    title: str
    text: str
    without: str = ""  # the filter's name
    url: str = ""
    count: Count | None = None


def _nothing(choice: ListFilter, text: str) -> Nothing:
    if choice.query.words:
        filters = f"Filtered by {text}. " if text else ""
        return Nothing("No run here matches", f"{filters}Paste a full ID to fetch a run.")
    if len(choice.query.terms) == 1 and choice.tab in EMPTY_TABS:
        return Nothing(EMPTY_TABS[choice.tab], "")
    return most_without_one(choice)


def most_without_one(choice: ListFilter) -> Nothing:
    """The filter whose removal gives the most runs."""
    names = list(dict.fromkeys(term.name for term in choice.query.terms))
    lists = [replace(choice, query=choice.query.without_name(name)) for name in names]
    counts = filter_counts.count_each(lists)
    known = [
        (found.number, found, name, one.url)
        for found, name, one in zip(counts, names, lists, strict=True)
        if found and found.number
    ]
    if not known:
        return Nothing("No run matches these filters", "")
    _, found, name, url = max(known, key=lambda each: each[0])
    return Nothing("No run matches these filters", "", facet_label(name), url, found)


def _tabs(choice: ListFilter) -> list[Tab]:
    """The tabs, with the counts that are known without counting."""
    current = choice.tab
    bare = not choice.pasted
    lists = [(text, pair, choice.under(pair)) for text, pair in TABS]
    return [
        Tab(text, one.url, bare and pair == current, filter_counts.known(one))
        for text, pair, one in lists
    ]


def count_tabs(choice: ListFilter) -> None:
    """Counts the runs of each tab, to be known for some seconds."""
    filter_counts.count_each([choice.under(pair) for _, pair in TABS])
