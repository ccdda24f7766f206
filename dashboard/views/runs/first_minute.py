"""The first minute with a key: what was found, what of it is followed, how far reading is."""

from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dashboard.access import may_administer, may_label, needs, refuse_role
from dashboard.domain.roles import ADMIN, MEMBER
from dashboard.http import HtmxRequest
from dashboard.services import clock
from dashboard.services.runs import board
from dashboard.services.runs import first_minute as service
from dashboard.views.connection_notice import connection_context
from dashboard.views.responses import tagged
from dashboard.views.runs.filter_reading import read_filter
from dashboard.views.runs.first_context import LIST, PART, first_context


@require_safe
@never_cache
def first_minute(request: HttpRequest) -> HttpResponse:
    """The page; viewers, who change nothing here, are led to the list."""
    if not may_label(request.user):
        return redirect("run_list")
    context = {
        **first_context(request, at_list=False),
        **connection_context(),
        "choice": read_filter(request),
    }
    return render(request, "runs/first/page.html", context)


@require_safe
@never_cache
@needs(MEMBER)
def part(request: HttpRequest) -> HttpResponseBase:
    context = first_context(request, at_list=request.GET.get("at") == LIST)
    return tagged(request, context["first_tag"], lambda: render(request, PART, {**context}))


@require_POST
@needs(MEMBER)
def ticks(request: HtmxRequest) -> HttpResponseBase:
    """Follows a workflow or all, or leaves them out; admins say whether later ones join."""
    later = request.POST.get("later")
    if later and not may_administer(request.user):
        return refuse_role(request, ADMIN)
    now = clock.synchronized_now()
    if later and not settings.FOLLOW_IS_SET:
        board.choose(later == "on", now)
    if every := request.POST.get("all"):
        service.tick(None, every == "on", now)
    for name in ("on", "off"):
        if wanted := _ids(request.POST.getlist(name)):
            service.tick(wanted, name == "on", now)
    at_list = request.POST.get("at") == LIST
    if request.htmx:
        return render(request, PART, {**first_context(request, at_list=at_list)})
    return redirect("run_list" if at_list else "first_minute")


def _ids(given: list[str]) -> list[UUID]:
    """The IDs among what a form sent."""
    found = []
    for text in given:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
