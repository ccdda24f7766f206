"""Saving, changing and deleting the list's views. A filter comes in the form's query string."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from dashboard.access import may_label, refuse_role
from dashboard.domain.roles import MEMBER
from dashboard.domain.text.view_name import ViewRejected, shown_again
from dashboard.http import Context, HtmxRequest
from dashboard.models import SavedView
from dashboard.services.runs import saved_views
from dashboard.views.responses import see_other
from dashboard.views.runs.filter_reading import read_filter
from dashboard.views.runs.saved_view_context import form_context, may_change, view_url


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def save(request: HtmxRequest) -> HttpResponseBase:
    query = read_filter(request).canonical
    if request.method != "POST":
        return redirect(f"{reverse('run_list')}?{query}")  # Enter in the address bar
    shared = request.POST.get("for") == "everybody"
    if shared and not may_label(request.user):
        return refuse_role(request, MEMBER)
    try:
        view = saved_views.save(request.POST.get("name", ""), query, request.user, shared=shared)
    except ViewRejected as error:
        return _refused(request, error, query=query, shared=shared)
    return see_other(view_url(view))


@require_POST
@never_cache
def rename(request: HtmxRequest, pk: int) -> HttpResponse:
    view = _own(request, pk)
    try:
        view = saved_views.rename(view, request.POST.get("name", ""))
    except SavedView.DoesNotExist:
        raise Http404 from None
    except ViewRejected as error:
        return _refused(request, error, renamed=view)
    return see_other(view_url(view))


@require_POST
@never_cache
def update(request: HtmxRequest, pk: int) -> HttpResponse:
    view = _own(request, pk)
    query = read_filter(request).canonical
    try:
        view = saved_views.set_query(view, query, request.user)
    except SavedView.DoesNotExist:
        raise Http404 from None
    except ViewRejected as error:
        return _refused(request, error, query=query)
    return see_other(view_url(view))


@require_POST
@never_cache
def delete(request: HtmxRequest, pk: int) -> HttpResponse:
    saved_views.remove(_own(request, pk))
    return redirect("run_list")


@require_POST
@never_cache
def default(request: HtmxRequest, pk: int) -> HttpResponse:
    """Whether this reader's list opens with the view."""
    view = _seen(request, pk)
    try:
        saved_views.set_default(view, request.user, on=request.POST.get("on") == "1")
    except SavedView.DoesNotExist:
        raise Http404 from None
    return see_other(view_url(view))


def _seen(request: HttpRequest, pk: int) -> SavedView:
    found = saved_views.visible_to(request.user, members=may_label(request.user)).find(pk)
    if found is None:
        raise Http404
    return found


def _own(request: HttpRequest, pk: int) -> SavedView:
    view = _seen(request, pk)
    if not may_change(request, view):
        raise Http404
    return view


def _refused(
    request: HttpRequest, error: ViewRejected, *, query: str = "", **more: object
) -> HttpResponse:
    """The form again, as it was filled in, with what was wrong."""
    context: Context = {
        "refused": str(error),
        "view_query": query,
        "view_name": shown_again(request.POST.get("name", "")),
        **form_context(request),
        **more,
    }
    return render(request, "runs/list/view_refused.html", context, status=422)
