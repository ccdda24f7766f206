"""The command palette: pages and saved views at once, workflows and runs by what is typed."""

from collections.abc import Iterator
from dataclasses import replace

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from dashboard.access import may_administer, may_label, may_share
from dashboard.domain.filters.query import WORDS, RunQuery, parse
from dashboard.http import Context
from dashboard.presentation.query_text import ignored_text
from dashboard.presentation.words import status_words
from dashboard.services.runs import palette as finding
from dashboard.services.runs import pasted, saved_views
from dashboard.views.runs.filter_reading import permitted, zone_of
from dashboard.views.runs.filters import ListFilter
from dashboard.views.runs.saved_view_context import view_url

LONGEST = 2000  # characters of what is typed


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def palette(request: HttpRequest) -> HttpResponse:
    """The dialog; by POST, so that no log holds it, what is found by a text."""
    if request.method == "POST":
        return render(request, "_palette_found.html", _found(request))
    views = saved_views.visible_to(request.user, members=may_label(request.user))
    links = [(view, view_url(view)) for view in views.rows]
    return render(request, "_palette.html", {"pages": list(_pages(request)), "views": links})


def _pages(request: HttpRequest) -> Iterator[tuple[str, str, str]]:
    """Icon, name and address of the pages that this reader may open."""
    yield "compact", "Runs", reverse("run_list")
    yield "follow", "Following", reverse("following")
    yield "insights", "Insights", reverse("insights")
    if may_share(request.user):
        yield "link", "Shared", reverse("shares")
    if settings.ACCESS == "open":
        return
    yield "person", "Account", reverse("account")
    if may_administer(request.user):
        yield "people", "People", reverse("people")
        yield "clock", "Audit", reverse("audit")


def _found(request: HttpRequest) -> Context:
    text = request.POST.get("q", "")[:LONGEST]
    if ids := pasted.found_in(text).ids:
        return {"run_id": ids[0]}
    search = pasted.search_in(text)
    query = permitted(request, parse([(WORDS, search or text)]))
    if not search:  # nothing that an address may hold
        return {"ignored": [ignored_text(each) for each in query.ignored]}
    choice = ListFilter(query=query, zone=zone_of(request))
    # What was left out is told by the list too, where its address holds all that was typed.
    listed = replace(choice, query=RunQuery(words=search)) if query.ignored else choice
    return {
        "search": search if listed.any else "",
        "search_url": listed.url,
        "ignored": [ignored_text(each) for each in query.ignored],
        "workflows": finding.workflows(search),
        "runs": [(run, status_words(run.status)) for run in finding.runs(choice)],
    }
