"""Stopping the reading of past runs, and going on with it."""

from typing import cast

from django.contrib.auth.models import User
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dashboard.access import needs
from dashboard.domain.roles import MEMBER
from dashboard.http import HtmxRequest
from dashboard.services import clock
from dashboard.services.runs import board
from dashboard.views.runs import first_context, history_line


@require_POST
@never_cache
@needs(MEMBER)
def stop(request: HtmxRequest) -> HttpResponse:
    """Stops the reading of past runs; what was read stays."""
    board.stop_history(cast(User, request.user), clock.synchronized_now())
    return _changed(request)


@require_POST
@never_cache
@needs(MEMBER)
def resume(request: HtmxRequest) -> HttpResponse:
    """Goes on where it was stopped."""
    board.resume_history()
    return _changed(request)


def _changed(request: HtmxRequest) -> HttpResponse:
    """The part that the form stood in, or its page."""
    on_first, at_list = request.POST.get("from") == "first", request.POST.get("at") == "list"
    if not request.htmx:
        return redirect("first_minute" if on_first and not at_list else "run_list")
    if on_first:
        context = {**first_context.first_context(request, at_list=at_list)}
        return render(request, first_context.PART, context)
    return render(request, history_line.PART, {**history_line.history_context(clock.now())})
