"""Adding and removing the title, star, tags and notes of a run."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST
from django_htmx.http import trigger_client_event

from dashboard.access import may_administer, may_label, needs, refuse_role
from dashboard.domain.roles import MEMBER
from dashboard.domain.text.labels import NOTE, TAG, LabelRejected
from dashboard.http import HtmxRequest
from dashboard.models import Run
from dashboard.services.accounts.actor import Actor
from dashboard.services.runs import labels
from dashboard.views.responses import see_other
from dashboard.views.runs.label_context import own_labels
from dashboard.views.runs.live_part import live_part_now
from dashboard.views.runs.live_strip import strip_part

READS_AND_ADDS = ["GET", "HEAD", "POST"]


@require_http_methods(READS_AND_ADDS)
@never_cache
def tags(request: HtmxRequest, run_id: UUID) -> HttpResponseBase:
    return _read_or_add(request, run_id, TAG, labels.add_tag)


@require_http_methods(READS_AND_ADDS)
@never_cache
def notes(request: HtmxRequest, run_id: UUID) -> HttpResponseBase:
    return _read_or_add(request, run_id, NOTE, labels.add_note)


def _read_or_add(
    request: HtmxRequest, run_id: UUID, kind: str, add: Callable[[Run, str, Actor], None]
) -> HttpResponseBase:
    if request.method != "POST":
        return _part(request, _seen(run_id), kind)
    if not may_label(request.user):
        return refuse_role(request, MEMBER)
    run = _seen(run_id)
    try:
        add(run, request.POST.get("text", ""), request.user)
    except LabelRejected as error:
        return _refused(request, run, kind, str(error))
    return _done(request, run, kind)


@require_POST
@needs(MEMBER)
def remove_tag(request: HtmxRequest, run_id: UUID, pk: int) -> HttpResponse:
    run = _seen(run_id)
    labels.remove_tag(run, pk)
    return _done(request, run, TAG)


@require_POST
@needs(MEMBER)
def remove_note(request: HtmxRequest, run_id: UUID, pk: int) -> HttpResponse:
    run = _seen(run_id)
    every = may_administer(request.user)
    if not labels.remove_note(run, pk, request.user, any_author=every):
        return _refused(request, run, NOTE, "Only admins can remove other people's notes.", 403)
    return _done(request, run, NOTE)


@require_POST
@needs(MEMBER)
def title(request: HtmxRequest, run_id: UUID) -> HttpResponse:
    run = _seen(run_id)
    try:
        labels.set_title(run, request.POST.get("text", ""), request.user)
    except LabelRejected as error:
        return _refused(request, run, TAG, str(error))
    return see_other(run.get_absolute_url())


@require_POST
@needs(MEMBER)
def star(request: HtmxRequest, run_id: UUID) -> HttpResponse:
    run = _seen(run_id)
    labels.set_star(run, request.POST.get("on") == "1", request.user)
    in_list = request.POST.get("from") == "list"
    if request.htmx:
        return strip_part(request) if in_list else _starred(request, run)
    return see_other("/" if in_list else run.get_absolute_url())


def _starred(request: HtmxRequest, run: Run) -> HttpResponse:
    """The live part; its events make the page reload the star's text and the outputs."""
    response = trigger_client_event(live_part_now(request, run), "star-changed")
    return trigger_client_event(response, "outputs-changed")


def _seen(run_id: UUID) -> Run:
    return get_object_or_404(Run.objects.seen(), uuid=run_id)


def _done(request: HtmxRequest, run: Run, kind: str) -> HttpResponse:
    if request.htmx:
        return _part(request, run, kind, just=True)
    return see_other(f"{run.get_absolute_url()}#{kind}s-part")


def _part(request: HtmxRequest, run: Run, kind: str, **more: object) -> HttpResponse:
    return render(request, f"runs/labels/_{kind}s.html", {**own_labels(request, run), **more})


def _refused(
    request: HtmxRequest, run: Run, kind: str, reason: str, status: int = 422
) -> HttpResponse:
    """The reason in the part itself; without htmx, on a page with a link back to the run."""
    if request.htmx and status == 422:
        return _part(request, run, kind, just=True, refused=reason)
    context = {"run": run, "refused": reason}
    return render(request, "runs/labels/refused.html", context, status=status)
