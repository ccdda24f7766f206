"""The popover of a facet, what its fields are sent to, and the tabs with their counts."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.access import may_label
from dashboard.domain.filters.fields import COST, CREATED, ENDED, NAMES
from dashboard.http import HtmxRequest
from dashboard.presentation.facet_text import DURATION, DURATIONS, MORE
from dashboard.services import clock
from dashboard.views.responses import see_other
from dashboard.views.runs.facet_context import facet_context
from dashboard.views.runs.filter_context import count_tabs, query_context
from dashboard.views.runs.filter_reading import hidden_names
from dashboard.views.runs.saved_view_context import filter_beside, views_context, views_of


@require_safe
@never_cache
def tabs(request: HtmxRequest) -> HttpResponse:
    """The tabs of the list with how many runs each has under the other filters."""
    views = views_of(request)
    choice = filter_beside(request, views)
    count_tabs(choice)
    context = {
        **query_context(choice, people=may_label(request.user)),
        **views_context(request, choice, views, clock.now()),
        "counted": True,
    }
    return HttpResponse(render_to_string("runs/list/_tabs.html", context, request=request))


@require_safe
@never_cache
def facet(request: HtmxRequest, name: str) -> HttpResponse:
    """What can be chosen of a facet, as a part or as a page of its own; 404 where it is none."""
    choice, hidden = filter_beside(request, views_of(request)), hidden_names(request)
    if name not in (*NAMES, DURATION, MORE) or name in hidden:
        raise Http404
    context = facet_context(choice, name, hidden)
    template = "runs/list/_facet.html" if request.htmx else "runs/list/facet.html"
    return render(request, template, context)


@require_safe
@never_cache
def set_facet(request: HtmxRequest, name: str) -> HttpResponse:
    """The list with what two fields of a facet say, which no form could put into an address."""
    if name not in (CREATED, ENDED, COST, *DURATIONS) or name in hidden_names(request):
        raise Http404
    choice, asked = filter_beside(request, views_of(request)), request.GET
    low, high = (asked.get(side, "").strip()[:40] for side in ("low", "high"))
    others = choice.query.leaving_out(choice.query.of(name), "")
    written = (f"{low}..{high}", f"{high}..{low}") if low and high else (_one_side(low, high),)
    tried = (others.adding((name, value)) for value in written)
    query = next((one for one in tried if one.of(name)), others)
    return see_other(choice.address(query))


def _one_side(low: str, high: str) -> str:
    return f">={low}" if low else f"<={high}"
