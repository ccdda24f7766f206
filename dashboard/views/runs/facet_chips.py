"""The chips above the list: one a facet, and one for each that is set."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.urls import reverse

from dashboard.domain.filters.fields import VERSION, WORKFLOW
from dashboard.domain.filters.query import RunQuery, Term
from dashboard.presentation.facet_text import FACETS, MORE, chip_of, facet_label
from dashboard.views.runs.filters import AT

Address = Callable[[RunQuery], str]


@dataclass(frozen=True, slots=True)
class Chip:
    """A facet above the list: where its values are chosen, and the list without it, if set."""

    key: str  # part of the element's ID
    label: str
    value: str
    open_url: str
    remove_url: str = ""


def facet_url(name: str, address: str, at: str = "") -> str:
    """Where the values of a facet are chosen, under the filter of an address; `at` is its page."""
    query = "&".join(filter(None, (urlsplit(address).query, urlencode({AT: at} if at else {}))))
    return reverse("run_facet", args=[name]) + (f"?{query}" if query else "")


def chips(
    query: RunQuery,
    shown: Mapping[Term, str],
    address: Address,
    tab: tuple[str, str] | None,
    at: str = "",
) -> list[Chip]:
    """The chips in order. What the current tab stands for has none, unless other values do."""
    here = address(query)
    found = []
    for facet, names in FACETS.items():
        set_ones = [chip for name in names for chip in _set(query, name, shown, address, tab, at)]
        found += set_ones
        offered = facet != VERSION or bool(query.of(WORKFLOW))
        if offered and (facet == MORE or not any(_wants(chip) for chip in set_ones)):
            found.append(Chip(facet, facet_label(facet), "", facet_url(facet, here, at)))
    return found


def _wants(chip: Chip) -> bool:
    return not chip.key.startswith("not-")


def _set(
    query: RunQuery,
    name: str,
    shown: Mapping[Term, str],
    address: Address,
    tab: tuple[str, str] | None,
    at: str,
) -> Iterator[Chip]:
    """The chips of one name: of what is wanted, and of what is left out."""
    for excluded, key in ((False, name), (True, f"not-{name}")):
        terms = query.of(name, excluded=excluded)
        if not terms or (not excluded and [(t.name, t.value) for t in terms] == [tab]):
            continue
        text = chip_of({term: shown[term] for term in terms})
        remove = address(_without(query, terms))
        yield Chip(key, text.label, text.value, facet_url(name, address(query), at), remove)


def _without(query: RunQuery, terms: Iterable[Term]) -> RunQuery:
    for term in terms:
        query = query.without(term)
    return query
