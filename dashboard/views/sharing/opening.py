"""Opens what a token of a share link leads to: one run, or a sheet of several."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_safe

from dashboard.http import HtmxRequest
from dashboard.services import clock
from dashboard.services.sharing import share_links

ReaderView = Callable[..., HttpResponseBase]


def for_readers(of_run: ReaderView, of_sheet: ReaderView | None = None) -> ReaderView:
    """The view of a link's run or sheet, which is found by the token.

    404 for an unknown token and for what a sheet has not; 410 for a link that has ended.
    """

    @login_not_required
    @require_safe
    @never_cache
    @wraps(of_run)
    @sensitive_variables("token")
    def opened(request: HtmxRequest, token: str, **named: object) -> HttpResponseBase:
        link = share_links.find(token)
        if link is None or not link.is_open(clock.now()):
            return _ended(request, known=link is not None)
        view = of_sheet if link.is_sheet else of_run
        if view is None:
            raise Http404
        return view(request, link, token, **named)

    return opened


def _ended(request: HtmxRequest, *, known: bool) -> HttpResponse:
    status = 410 if known else 404
    if request.htmx:
        return HttpResponse(status=status, headers={"HX-Refresh": "true"})
    return render(request, "sharing/ended.html", {"known": known}, status=status)
