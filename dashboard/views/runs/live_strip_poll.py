"""The strip of live runs as the open list polls it."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from django_htmx.http import trigger_client_event

from dashboard.views.responses import tagged
from dashboard.views.runs.live_strip import strip_context


@require_safe
@never_cache
def strip(request: HttpRequest) -> HttpResponseBase:
    context = strip_context()

    def answer() -> HttpResponse:
        response = render(request, "runs/list/_live_strip.html", context)
        who = context["tag"].partition(".")[0]
        if who not in request.headers.get("HX-PTag", "").split("."):
            # A run has ended, or a new one is live: the list below changes too.
            trigger_client_event(response, "runs-changed")
        return response

    return tagged(request, context["tag"], answer)
