"""Acting on the runs that are selected in the list: started, watched, undone."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from dashboard.access import may_administer, needs, refuse_role
from dashboard.domain.roles import ADMIN, MEMBER
from dashboard.domain.text.labels import LabelRejected
from dashboard.http import HtmxRequest
from dashboard.models import BulkAction, SharedState
from dashboard.presentation.bulk_text import told
from dashboard.services import clock
from dashboard.services.comfydeploy.shared_state import watcher_alive
from dashboard.services.ops import bulk
from dashboard.services.runs import pasted
from dashboard.views.runs.chosen import chosen_runs, fingerprint
from dashboard.views.runs.filter_reading import read_filter, read_number

POLL_SECONDS = 1
OTHER_FILTER = "The filter is not what it was when these runs were counted. Select them again."


@require_POST
@never_cache
@needs(MEMBER)
def act(request: HtmxRequest) -> HttpResponseBase:
    """Does one action with the runs of `ids`, or with `all` those of the address's filter.

    `all` takes the runs that were counted: so many (`counted`), up to the row `upto`, with these
    `keys`, under the filter as it was read then (`asked`).
    """
    kind = request.POST.get("action", "")
    if kind == bulk.REMOVE and not may_administer(request.user):
        return refuse_role(request, ADMIN)
    try:
        action = bulk.start(
            kind,
            request.POST.get("text", ""),
            _ids(request, exactly=kind == bulk.REMOVE),
            request.user,
            clock.synchronized_now(),
        )
    except (LabelRejected, ValueError) as error:
        context = {"refused": str(error)}
        return render(request, "runs/list/_selection_said.html", context, status=_status(request))
    return _said(request, action)


def _status(request: HtmxRequest) -> int:
    return 200 if request.htmx else 422  # htmx swaps no 4xx


def _ids(request: HttpRequest, *, exactly: bool) -> list[UUID]:
    if request.POST.get("all") == "1":
        choice = read_filter(request)
        if request.POST.get("asked") != fingerprint(choice):
            raise ValueError(OTHER_FILTER)
        number, upto = (read_number(request.POST.get(name, "")) for name in ("counted", "upto"))
        counted = bulk.Counted(number, upto, request.POST.get("which", ""))
        return bulk.matching(chosen_runs(request, choice), counted, exactly=exactly)
    return pasted.unpack(request.POST.get("ids", ""), bulk.MAX_RUNS + 1)


@require_safe
@never_cache
@needs(MEMBER)
def progress(request: HtmxRequest, pk: int) -> HttpResponse:
    """How far an action is; without a watcher its next part is done here."""
    action = get_object_or_404(BulkAction, pk=pk)
    now = clock.now()
    if request.method == "GET" and action.running and not watcher_alive(SharedState.read(), now):
        bulk.advance_if_due(action, now)
        action.refresh_from_db()
    return _said(request, action)


@require_POST
@never_cache
@needs(MEMBER)
def undo(request: HtmxRequest, pk: int) -> HttpResponse:
    action = get_object_or_404(BulkAction, pk=pk)
    any_author = may_administer(request.user)
    if not bulk.undo(action, request.user, clock.now(), any_author=any_author):
        context = {"refused": "This can't be undone any more."}
        return render(request, "runs/list/_selection_said.html", context, status=_status(request))
    action.refresh_from_db()
    return _said(request, action)


@require_safe
@never_cache
def count(request: HttpRequest) -> HttpResponse:
    """The offer to take all runs of the address's filter."""
    choice = read_filter(request)
    found = bulk.count(chosen_runs(request, choice))
    context = {
        "found": found,
        "more": found.number > bulk.MAX_RUNS,
        "ids": pasted.pack(found.ids),
        "asked": fingerprint(choice),
    }
    return render(request, "runs/list/_selection_all.html", context)


def _said(request: HtmxRequest, action: BulkAction) -> HttpResponse:
    """The message of an action; at its end the page's list is read again."""
    any_author = may_administer(request.user)
    context = {
        "action": action,
        "told": told(action),
        "seconds": POLL_SECONDS,
        "undoable": bulk.may_undo(action, request.user, clock.now(), any_author=any_author),
    }
    response = render(request, "runs/list/_selection_said.html", context)
    return response if action.running else trigger_client_event(response, "runs-changed")
