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
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import ptag, trigger_client_event

from dashboard import __version__
from dashboard.domain.causes import Cause, cause_of
from dashboard.domain.fields import field_rows
from dashboard.domain.history import entries
from dashboard.domain.inputs import input_rows
from dashboard.domain.picture import picture
from dashboard.domain.trouble import Trouble, trouble
from dashboard.models import Mark, Payload, Run
from dashboard.models.fields import pretty
from dashboard.models.run import FAILED
from dashboard.services import logs, names, runs
from dashboard.views import kept
from dashboard.views.sights import changed_since, poll_seconds, sight_of, tag_of


@require_safe
@never_cache
def detail(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = runs.open_run(run_id)
    if not run.seen:
        return trouble_page(request, run)
    title, icon, live, rest = page_parts(request, run)
    context = {
        "run": run,
        "document_title": title,
        "icon": icon,
        "live": live,
        "rest": rest,
        "still": run.finished,
    }
    return render(request, "run/detail.html", context)


def page_parts(request: HttpRequest, run: Run) -> kept.Parts:
    """The page's title, icon, live part and the rest; kept whole once nothing moves any more."""
    now = timezone.now()
    sight = sight_of(run, now)
    if sight.interval is None and not sight.lost:
        key = (__version__, run.pk, run.shown_version, "still")
        return kept.render_once(key, lambda: (*render_live(None, run, now), render_rest(run)))
    rest_key = (__version__, run.pk, run.shown_version, "rest")
    rest = kept.render_once(rest_key, lambda: (render_rest(run),))
    return (*render_live(request, run, now), *rest)


def render_live(request: HttpRequest | None, run: Run, now: datetime) -> kept.Parts:
    context = live_context(run, now)
    shown = context["picture"]
    live = render_to_string("run/_live.html", context, request)
    return shown.document_title, shown.favicon, live


def render_rest(run: Run) -> str:
    """All below the live part: nothing of the reader or the clock stands in it."""
    return render_to_string(
        "run/_rest.html",
        {**outputs_context(run), **history_context(run), **facts_context(run)},
    )


def live_context(run: Run, now: datetime) -> dict[str, Any]:
    sight = sight_of(run, now)
    return {
        "run": run,
        "now": now,
        "sight": sight,
        "picture": picture(run, sight, title=run.title, outputs=run.output_count),
        "poll": poll_seconds(sight),
        "tag": tag_of(run, sight),
        "share_url": settings.PUBLIC_URL + run.get_absolute_url(),
        "loopback": settings.LOOPBACK,
        "cause": cause_of_run(run),
    }


def cause_of_run(run: Run) -> Cause | None:
    """The known cause of a failure, with what usually helps."""
    error = run.told_error or {}
    told = (error.get("message") or "", error.get("exception_type") or "", error.get("cause"))
    return cause_of(run.status, *told) if run.status in FAILED else None


def outputs_context(run: Run) -> dict[str, Any]:
    return {
        "run": run,
        "outputs": list(run.outputs.all()),
        "values": run.values,
        "embed_http_prefix": settings.LOCAL_FILES_ORIGIN,
    }


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
    return max(1, ceil((at - timezone.now()).total_seconds())) if at else 1


def _live_tag(request: HttpRequest, run_id: UUID) -> str | None:
    """Lets the run be refreshed, then tells what its part would show."""
    run = get_object_or_404(Run, uuid=run_id)
    shared = Mark.read()
    run = runs.poll(run, shared)
    logs.poll(run, shared, timezone.now())
    request.polled_run = run  # type: ignore[attr-defined]
    return tag_of(run, sight_of(run, timezone.now())) if run.seen else None


@require_safe
@never_cache
@ptag(_live_tag)
def live(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    run: Run = request.polled_run  # type: ignore[attr-defined]
    if not run.seen:
        raise Http404
    response = render(request, "run/_live.html", live_context(run, timezone.now()))
    for event in changed_since(run, request.headers.get("HX-PTag")):
        trigger_client_event(response, event)
    return response


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
def raw(request: HttpRequest, run_id: UUID) -> HttpResponse:
    payload = get_object_or_404(Payload, run__uuid=run_id)
    return render(request, "run/_raw.html", {"raw": pretty(payload.body), "payload": payload})


def _seen(run_id: UUID) -> Run:
    return get_object_or_404(Run.objects.seen(), uuid=run_id)


@require_POST
def refresh(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = runs.ask_now(get_object_or_404(Run, uuid=run_id))
    if request.headers.get("HX-Request") == "true" and run.seen:
        return render(request, "run/_live.html", live_context(run, timezone.now()))
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
