"""The notice about ComfyDeploy as open pages poll it, and its "Try now"."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from dashboard.access import needs
from dashboard.domain.roles import MEMBER
from dashboard.http import HtmxRequest
from dashboard.services.comfydeploy import connection
from dashboard.views.connection_notice import connection_context
from dashboard.views.responses import tagged

PART = "_connection.html"


@require_safe
@never_cache
def part(request: HttpRequest) -> HttpResponseBase:
    context = connection_context()
    return tagged(request, context["connection_tag"], lambda: render(request, PART, context))


@require_POST
@needs(MEMBER)
def try_now(request: HtmxRequest) -> HttpResponse:
    """Asks ComfyDeploy once; answers with the part anew, or leads back to the page."""
    connection.try_now()
    if request.htmx:
        return render(request, PART, connection_context())
    return redirect("following" if request.POST.get("from") == "following" else "run_list")
