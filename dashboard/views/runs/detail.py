"""The page of a run and its parts."""

from datetime import datetime
from math import ceil
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import ptag, trigger_client_event

from dashboard import __version__
from dashboard.access import may_label
from dashboard.domain.polling.trouble import Trouble, trouble
from dashboard.domain.run.visibility import Visibility
from dashboard.models import Payload, Run, SharedState
from dashboard.models.fields import pretty
from dashboard.models.run import FAILED
from dashboard.presentation.run.comparison import compare_with_usual
from dashboard.presentation.run.display import run_display
from dashboard.presentation.run.failure import failure
from dashboard.presentation.run.fields import field_rows
from dashboard.presentation.run.history import entries
from dashboard.presentation.run.inputs import input_rows
from dashboard.services import clock
from dashboard.services.runs import fetch, logs, names, usual
from dashboard.services.runs.visibility import (
    changed_since,
    live_usual,
    poll_seconds,
    tag_of,
    visibility_of,
)
from dashboard.views import fragment_cache
from dashboard.views.runs.label_context import own_labels
from dashboard.views.runs.outputs import outputs_context

POLLED = 'hx-trigger="every'


@require_safe
@never_cache
def detail(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = fetch.open_run(run_id)
    if not run.seen:
        return trouble_page(request, run)
    now = clock.now()
    title, icon, live, rest = page_parts(request, run, now)
    context = {
        "run": run,
        "document_title": title,
        "icon": icon,
        "live": live,
        "usual": render_usual(run, visibility_of(run, now)),
        "rest": rest,
        "still": run.finished,
        "polled": POLLED in live,
        **own_labels(request, run),
    }
    return render(request, "run/detail.html", context)


def page_parts(request: HttpRequest, run: Run, now: datetime) -> fragment_cache.Parts:
    """The page's title, icon, live part and the rest; kept whole once nothing moves any more."""
    visibility, labels_too = visibility_of(run, now), may_label(request.user)
    if visibility.interval is None and not visibility.lost:
        key = (__version__, run.pk, run.shown_version, "still", labels_too)
        return fragment_cache.render_once(
            key, lambda: (*render_live(None, run, now, labels_too), render_rest(run))
        )
    rest_key = (__version__, run.pk, run.shown_version, "rest")
    rest = fragment_cache.render_once(rest_key, lambda: (render_rest(run),))
    return (*render_live(request, run, now, labels_too), *rest)


def render_live(
    request: HttpRequest | None, run: Run, now: datetime, labels_too: bool
) -> fragment_cache.Parts:
    context = {**live_context(run, now), "labels_too": labels_too}
    shown = context["display"]
    live = render_to_string("run/_live.html", context, request)
    return shown.document_title, shown.favicon, live


def render_rest(run: Run) -> str:
    """All below the live part: nothing of the reader or the clock stands in it."""
    return render_to_string(
        "run/_rest.html",
        {**outputs_context(run), **history_context(run), **facts_context(run)},
    )


def live_context(run: Run, now: datetime) -> dict[str, Any]:
    visibility = visibility_of(run, now)
    return {
        "run": run,
        "now": now,
        "visibility": visibility,
        "display": run_display(run, visibility, **_told(run, visibility)),
        "poll": poll_seconds(visibility),
        "tag": tag_of(run, visibility),
        "share_url": settings.PUBLIC_URL + run.get_absolute_url(),
        "loopback": settings.LOOPBACK,
        **failure_context(run),
    }


def _told(run: Run, visibility: Visibility) -> dict[str, Any]:
    """What the drawing of a run needs beside its own times."""
    return {"title": run.title, "outputs": run.output_count, "usual": live_usual(run, visibility)}


def failure_context(run: Run) -> dict[str, Any]:
    """What a failed run opens on; its workflow is read where a node has to be named."""
    if run.status not in FAILED:
        return {}
    error = run.told_error
    named = bool(error and error.get("node_id"))
    told = failure(run, error, Payload.state_of(run).get("workflow_api") if named else None)
    url = settings.PUBLIC_URL + run.get_absolute_url()
    return {"failure": told, "failure_markdown": told.markdown(run.uuid, url) if told else ""}


def render_usual(run: Run, visibility: Visibility) -> str:
    """The strips "against usual", kept until the run or those before it change."""
    stamp = usual.stamp_for(run, visibility)
    key = (__version__, run.pk, run.shown_version, "usual", stamp)
    return fragment_cache.render_once(key, lambda: (_draw_usual(run, visibility),))[0]


def _draw_usual(run: Run, visibility: Visibility) -> str:
    drawn = compare_with_usual(run, visibility, usual.usual_for(run, visibility))
    return render_to_string("run/_usual.html", {"run": run, "comparison": drawn}).strip()


def history_context(run: Run) -> dict[str, Any]:
    return {"run": run, "history": entries(run, list(run.snapshots.order_by("id")))}


def facts_context(run: Run) -> dict[str, Any]:
    return {
        "run": run,
        "input_rows": input_rows(run.inputs),
        "field_rows": field_rows(Payload.state_of(run)),
        "names": names.of_run(run),
    }


def trouble_page(request: HttpRequest, run: Run) -> HttpResponse:
    """A run that was never seen: what happened, what was tried, what to do next."""
    found = trouble_of(run)
    context = {"trouble": found, "run_id": run.uuid, "retry_after": retry_after(run)}
    response = render(request, "trouble.html", context, status=found.http_status)
    if found.http_status == 503:
        response["Retry-After"] = str(context["retry_after"])
    return response


def trouble_of(run: Run) -> Trouble:
    """Why a run has nothing to show: not asked for at all, or without a good answer."""
    return run.refusal.trouble if run.refusal else trouble(run.trouble)


def retry_after(run: Run) -> int:
    at = run.refusal.retry_at if run.refusal else run.next_refresh_at
    return max(1, ceil((at - clock.now()).total_seconds())) if at else 1


def _live_tag(request: HttpRequest, run_id: UUID) -> str | None:
    """Lets the run be refreshed, then tells what its part would show."""
    run = get_object_or_404(Run, uuid=run_id)
    shared = SharedState.read()
    run = fetch.poll(run, shared)
    logs.poll(run, shared, clock.now())
    request.polled_run = run  # type: ignore[attr-defined]
    return tag_of(run, visibility_of(run, clock.now())) if run.seen else None


@require_safe
@never_cache
@ptag(_live_tag)
def live(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    run: Run = request.polled_run  # type: ignore[attr-defined]
    if not run.seen:
        raise Http404
    response = live_part(request, run)
    for event in changed_since(run, request.headers.get("HX-PTag")):
        trigger_client_event(response, event)
    return response


def live_part(request: HttpRequest, run: Run) -> HttpResponse:
    """Beside the run it tells how many are active: the page's header has no question of its own."""
    told = {"labels_too": may_label(request.user), "counted": True}
    return render(request, "run/_live.html", {**live_context(run, clock.now()), **told})


@require_safe
@never_cache
def outputs(request: HttpRequest, run_id: UUID) -> HttpResponse:
    return render(request, "run/_outputs.html", outputs_context(_seen(run_id)))


@require_safe
@never_cache
def history(request: HttpRequest, run_id: UUID) -> HttpResponse:
    return render(request, "run/_history.html", history_context(_seen(run_id)))


@require_safe
@never_cache
def facts(request: HttpRequest, run_id: UUID) -> HttpResponse:
    return render(request, "run/_facts.html", facts_context(_seen(run_id)))


@require_safe
@never_cache
def against_usual(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = _seen(run_id)
    drawn = render_usual(run, visibility_of(run, clock.now()))
    return HttpResponse(drawn or render_to_string("run/_usual.html", {"run": run, "place": True}))


@require_safe
@never_cache
def raw(request: HttpRequest, run_id: UUID) -> HttpResponse:
    payload = get_object_or_404(Payload, run__uuid=run_id)
    return render(request, "run/_raw.html", {"raw": pretty(payload.body), "payload": payload})


def _seen(run_id: UUID) -> Run:
    return get_object_or_404(Run.objects.seen(), uuid=run_id)


@require_POST
def refresh(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = fetch.refresh_on_request(get_object_or_404(Run, uuid=run_id))
    if request.headers.get("HX-Request") == "true" and run.seen:
        return live_part(request, run)
    return HttpResponse(status=303, headers={"Location": run.get_absolute_url()})


def normal_form(request: HttpRequest, text: str, rest: str = "") -> HttpResponse:
    """Any other spelling of a run's ID leads to the normal form; anything else is not found."""
    stem, json = text.removesuffix(".json"), text.endswith(".json") and not rest
    try:
        run_id = UUID(stem)
    except ValueError:
        raise Http404 from None
    path = f"/runs/{run_id}.json" if json else f"/runs/{run_id}{rest or '/'}"
    if path == request.path:
        raise Http404
    query = request.META.get("QUERY_STRING")
    return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path)
