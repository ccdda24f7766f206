"""What is searched for in the box of a list, under the filter that the list has."""

from dataclasses import replace

from django.http import HttpRequest, QueryDict

from dashboard.domain.filters.box import read_box
from dashboard.domain.filters.fields import WORKFLOW
from dashboard.domain.filters.query import WORDS, RunQuery, Term, pairs_of, parse
from dashboard.views.runs.filters import ListFilter
from dashboard.views.runs.saved_view_context import filter_beside, views_of

BESIDE = "beside"  # the field with the query string of the list that the box stands above


def searched(request: HttpRequest, text: str) -> ListFilter:
    """The list of a search: what was typed in place of the list's words and of its like filters."""
    asked = QueryDict(request.POST.get(BESIDE, "").removeprefix("?"))
    choice = filter_beside(request, views_of(request), asked)
    return replace(choice, query=_joined(choice.query, text), pasted=())


def _joined(query: RunQuery, text: str) -> RunQuery:
    """A list's query with what was typed, as it was typed where not all of it can be read.

    The list then says what it leaves out.
    """
    for name in _names(query, text):
        query = query.without_name(name)
    query = replace(query, words="", ignored=())
    whole = parse([*pairs_of(query), (WORDS, text)])
    return replace(query, words=text) if whole.ignored else whole


def _names(query: RunQuery, text: str) -> set[str]:
    """The filters that were typed and can be read, versions as those of the list's workflow."""
    typed = {name.removesuffix("!") for name, _ in read_box(text).pairs}
    workflows: tuple[Term, ...] = () if WORKFLOW in typed else query.of(WORKFLOW)
    read = parse([*pairs_of(RunQuery(workflows)), (WORDS, text)])
    return typed & {term.name for term in read.terms}
