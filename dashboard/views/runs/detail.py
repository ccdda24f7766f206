"""The page of a run and its parts."""

from typing import NamedTuple
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import trigger_client_event

from dashboard import __version__
from dashboard.access import may_label
from dashboard.domain.changed.error_history import AlikeErrors
from dashboard.http import Context, HtmxRequest
from dashboard.models import Payload, Run, SharedState
from dashboard.models.fields import pretty
from dashboard.presentation.folding import LONGEST_OPENED, fold
from dashboard.presentation.format import span
from dashboard.presentation.run.comparison import compare_with_usual
from dashboard.presentation.run.fields import field_rows
from dashboard.presentation.run.history import entries
from dashboard.presentation.run.inputs import inputs_context
from dashboard.presentation.run.node_rows import NodeView
from dashboard.presentation.run.page_layout import Layout, layout_of
from dashboard.presentation.run.phase_table import phase_table
from dashboard.presentation.run.starter import Starter
from dashboard.presentation.trouble import connection_text
from dashboard.services import clock
from dashboard.services.comfydeploy import gate
from dashboard.services.machines import containers, stories
from dashboard.services.machines.stories import Story
from dashboard.services.runs import alike_errors, details, fetch, logs, same_inputs, usual
from dashboard.services.runs.belonging import Belonging, belonging_of, follows_workflow
from dashboard.services.runs.fetch import OpenedRun
from dashboard.services.runs.same_inputs import SameInputs
from dashboard.services.runs.since_good import since_good
from dashboard.services.runs.visibility import ObservedRun, changed_since, observe
from dashboard.views import fragment_cache
from dashboard.views.responses import see_other, tagged
from dashboard.views.runs.belonging import belonging_context
from dashboard.views.runs.changed_context import changed_context, error_context
from dashboard.views.runs.label_context import own_labels
from dashboard.views.runs.live_part import (
    asked_layout,
    display_of,
    live_context,
    live_part,
    live_part_now,
)
from dashboard.views.runs.node_context import asked_nodes, nodes_context
from dashboard.views.runs.outputs import (
    Asked,
    asked_outputs,
    keep_choice,
    outputs_context,
)
from dashboard.views.runs.starters import starter_for
from dashboard.views.runs.story_context import may_see_costs, story_context
from dashboard.views.runs.trouble_text import text_of

POLLED = 'hx-trigger="every'


@require_safe
@never_cache
def detail(request: HttpRequest, run_id: UUID) -> HttpResponse:
    opened = fetch.open_run(run_id)
    if not opened.run.seen:
        return trouble_page(request, opened)
    run = opened.run
    observed = observe(run, clock.now())
    containers.request_now(run, observed.now)
    details.seek(run, observed.now)
    layout = layout_of(run)
    title, icon, live, made, facts, below = page_parts(request, observed, layout)
    context = {
        "run": run,
        "document_title": title,
        "icon": icon,
        "live": live,
        "layout": layout,
        "usual": render_usual(observed, layout),
        "changed": render_changed(observed, layout),
        "made": made,
        "facts": facts,
        "below": below,
        "still": run.finished,
        "polled": POLLED in live,
        "may_follow": may_label(request.user) and not follows_workflow(run),
        **own_labels(request, run),
    }
    return keep_choice(request, render(request, "runs/detail/page.html", context))


class Told(NamedTuple):
    """What stands beside a run's facts and is kept apart from its row."""

    starter: Starter | None  # where the reader may see who started it
    belonging: Belonging
    story: Story
    member: bool  # whether the reader may see costs and authors of marks, and mark
    same: SameInputs
    alike: AlikeErrors | None  # the runs that failed in the same way


def told_of(request: HttpRequest, run: Run) -> Told:
    return Told(
        starter_for(request, run),
        belonging_of(run),
        stories.story_of(run),
        may_see_costs(request),
        same_inputs.same_inputs(run),
        alike_errors.alike_errors(run),
    )


def page_parts(request: HttpRequest, observed: ObservedRun, layout: Layout) -> fragment_cache.Parts:
    """The page's title, icon, live part and the rest; kept whole once nothing moves any more."""
    run, labels_too = observed.run, may_label(request.user)
    told = told_of(request, run)
    asked = asked_outputs(request, choice=layout == Layout.DONE)
    view = asked_nodes(request)
    rest_key = (__version__, run.pk, run.shown_version, "rest", asked, view, told)
    if observed.visibility.interval is None and not observed.visibility.lost:
        day = observed.now.date()  # an assumed timeout "may still come back" for a week
        key = ("still", *rest_key, labels_too, day)
        return fragment_cache.render_once(
            key,
            lambda: (
                *render_live(None, observed, layout, labels_too),
                *render_rest(run, told, asked, view),
            ),
        )
    rest = fragment_cache.render_once(rest_key, lambda: render_rest(run, told, asked, view))
    return (*render_live(request, observed, layout, labels_too), *rest)


def render_live(
    request: HttpRequest | None, observed: ObservedRun, layout: Layout, labels_too: bool
) -> fragment_cache.Parts:
    display = display_of(observed)
    context = {**live_context(observed, display), "labels_too": labels_too, "layout": layout}
    live = render_to_string("runs/detail/_live.html", context, request)
    return display.document_title, display.favicon, live


def render_rest(run: Run, told: Told, asked: Asked, view: NodeView) -> fragment_cache.Parts:
    """What it made, its facts, and all below: nothing of the clock, of the reader only `told`.

    It holds who started the run, where the reader may see it: whoever caches this names it.
    """
    below = {**history_context(run), **below_context(run, view)}
    return (
        render_to_string("runs/detail/_made.html", outputs_context(run, asked, member=told.member)),
        render_to_string("runs/detail/_facts.html", facts_context(run, told)),
        render_to_string("runs/detail/_below.html", below),
    )


def render_usual(observed: ObservedRun, layout: Layout) -> str:
    """The comparison with usual, kept until the run or those before it change.

    Where the layout has a column for the times, it stands in the table of phases.
    """
    run = observed.run
    if run.live and layout != Layout.STORY:  # it came back: its times grow
        return _draw_usual(observed, layout)
    stamp = usual.stamp_for(run, observed.visibility)
    key = (__version__, run.pk, run.shown_version, "usual", stamp, layout)
    return fragment_cache.render_once(key, lambda: (_draw_usual(observed, layout),))[0]


def _draw_usual(observed: ObservedRun, layout: Layout) -> str:
    run, visibility = observed.run, observed.visibility
    comparison = compare_with_usual(run, visibility, usual.usual_for(run, visibility))
    context: Context = {"run": run, "comparison": comparison}
    if layout == Layout.STORY:
        return render_to_string("runs/detail/_comparison.html", context).strip()
    display = display_of(observed)
    table = phase_table(display.rows, comparison)
    context |= {"layout": layout, "display": display, "table": table}
    return render_to_string("runs/detail/_times.html", context)


def render_changed(observed: ObservedRun, layout: Layout) -> str:
    """What changed since the last good run; a slow run's only where it opens a page."""
    run = observed.run
    slow = layout == Layout.DONE and usual.is_slow(run, observed.visibility)
    since = since_good(run, slow=slow)
    key = (__version__, run.pk, run.shown_version, "changed", since and since.stamp)
    return fragment_cache.render_once(
        key,
        lambda: (render_to_string("runs/detail/_changed.html", changed_context(run, since)),),
    )[0]


def history_context(run: Run) -> Context:
    return {"run": run, "history": entries(run, list(run.snapshots.order_by("id")))}


def facts_context(run: Run, told: Told) -> Context:
    return {
        "run": run,
        "starter": told.starter,
        **belonging_context(run, told.belonging),
        **story_context(run, told.story, costs=told.member),
        **error_context(run, told.alike),
        "take_away": told.member and run.finished,
        "same": told.same if run.finished and told.same != SameInputs() else None,
    }


def below_context(run: Run, view: NodeView = NodeView.BRIEF) -> Context:
    """Inputs, nodes and the fields as ComfyDeploy names them."""
    return {
        "run": run,
        **inputs_context(run.inputs, f"{run.get_absolute_url()}values/"),
        "unread": not run.fetched,
        "inputs_url": run.get_absolute_url(),
        **nodes_context(run, view),
        "field_rows": field_rows(Payload.state_of(run)),
    }


def trouble_page(request: HttpRequest, opened: OpenedRun) -> HttpResponse:
    """A run that was never seen: what happened, what was tried, what to do next."""
    found, wait = text_of(opened), opened.retry_after(clock.now())
    context = {"trouble": found, "run_id": opened.run.uuid, "retry_after": wait}
    response = render(request, "trouble.html", context, status=found.http_status)
    if found.http_status == 503:
        response["Retry-After"] = str(wait)
    return response


@require_safe
@never_cache
def live(request: HttpRequest, run_id: UUID) -> HttpResponseBase:
    """Lets the run be refreshed, then answers 304 or the part anew."""
    observed = _polled(get_object_or_404(Run, uuid=run_id))

    def answer() -> HttpResponse:
        response = live_part(request, observed)
        for event in changed_since(observed.run, request.headers.get("HX-PTag")):
            trigger_client_event(response, event)
        return response

    return tagged(request, observed.tag, answer)


def _polled(run: Run) -> ObservedRun:
    shared = SharedState.read()
    run = fetch.look_and_refresh(run, shared)
    if not run.seen:
        raise Http404
    logs.refresh_if_due(run, shared, clock.now())
    return observe(run, clock.now())


@require_safe
@never_cache
def outputs(request: HttpRequest, run_id: UUID) -> HttpResponse:
    member = may_label(request.user)
    context = outputs_context(_seen(run_id), asked_outputs(request), member=member)
    return keep_choice(request, render(request, "runs/outputs/_section.html", context))


@require_safe
@never_cache
def history(request: HttpRequest, run_id: UUID) -> HttpResponse:
    return render(request, "runs/detail/_history.html", history_context(_seen(run_id)))


@require_safe
@never_cache
def facts(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = _seen(run_id)
    context = facts_context(run, told_of(request, run))
    return render(request, "runs/detail/_facts.html", context)


@require_safe
@never_cache
def nodes(request: HttpRequest, run_id: UUID) -> HttpResponse:
    context = below_context(_seen(run_id), asked_nodes(request))
    return render(request, "runs/detail/_nodes_part.html", context)


@require_safe
@never_cache
def changed(request: HttpRequest, run_id: UUID) -> HttpResponse:
    return HttpResponse(render_changed(observe(_seen(run_id), clock.now()), Layout.STORY))


@require_safe
@never_cache
def against_usual(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = _seen(run_id)
    drawn = render_usual(observe(run, clock.now()), asked_layout(request))
    return HttpResponse(
        drawn or render_to_string("runs/detail/_comparison.html", {"run": run, "place": True})
    )


@require_safe
@never_cache
def raw(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = _seen(run_id)
    payload = Payload.objects.filter(run=run).first()
    text = pretty(payload.body) if payload else ""
    context = {"raw": fold(text, LONGEST_OPENED, len(text)), "payload": payload, "run": run}
    return render(request, "runs/detail/_raw.html", context)


def _seen(run_id: UUID) -> Run:
    return get_object_or_404(Run.objects.seen(), uuid=run_id)


@require_POST
def refresh(request: HtmxRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(Run, uuid=run_id)
    before, asked_at = observe(run, clock.now()).tag, run.asked_at
    run = fetch.refresh_on_demand(run)
    if not (request.htmx and run.seen):
        return see_other(run.get_absolute_url())
    response = live_part_now(request, run)
    for event in changed_since(run, before):
        trigger_client_event(response, event)
    if run.asked_at == asked_at and (why := _why_not_asked(run)):
        trigger_client_event(response, "unasked", {"text": why})
    return response


def _why_not_asked(run: Run) -> str:
    """Why ComfyDeploy was not asked for an ended run; "" where its page says so anyway."""
    refusal = gate.refusal(now := clock.now()) if run.finished and not run.trouble else None
    if refusal is None:
        return ""
    wait = span(max(1.0, (refusal.retry_at - now).total_seconds()))
    return f"{connection_text(refusal.word).bold} Try again in {wait}."


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
