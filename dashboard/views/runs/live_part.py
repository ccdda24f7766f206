"""The live part of a run's page: drawn with the page, and alone when the page polls."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.access import may_label
from dashboard.domain.run.web_address import web_address
from dashboard.http import Context
from dashboard.models import Payload, Run
from dashboard.models.run_queryset import FAILED
from dashboard.presentation.run.display import RunDisplay, run_display
from dashboard.presentation.run.failure import failure
from dashboard.presentation.run.limit_text import limit_text
from dashboard.presentation.run.page_layout import Layout, read_layout
from dashboard.services import clock
from dashboard.services.machines.limits import run_limit
from dashboard.services.runs import logs, next_nodes, versions
from dashboard.services.runs.visibility import ObservedRun, observe


def display_of(observed: ObservedRun) -> RunDisplay:
    """What the live part shows of a run."""
    run, visibility = observed.run, observed.visibility
    return run_display(
        run, visibility, title=run.title, outputs=run.output_count, usual=observed.usual
    )


def live_context(observed: ObservedRun, display: RunDisplay) -> Context:
    """The template context of the live part, without the reader's permissions."""
    run = observed.run
    return {
        "run": run,
        "now": observed.now,
        "visibility": observed.visibility,
        "display": display,
        "poll": observed.poll,
        "tag": observed.tag,
        "share_url": settings.PUBLIC_URL + run.get_absolute_url(),
        "web_url": web_address(settings.COMFYDEPLOY_API_URL, run.workflow_id, run.uuid),
        "loopback": settings.LOOPBACK,
        "values_url": f"{run.get_absolute_url()}values/",
        "next_node": next_nodes.next_node(run) if run.live and not display.lost else None,
        "limit": limit_text(run, run_limit(run), observed.usual) if run.live else None,
        **failure_context(run, observed.now),
    }


def failure_context(run: Run, now: datetime) -> Context:
    """The panel of a failed run, and its Markdown; the workflow is read only to name a node."""
    if run.status not in FAILED:
        return {}
    error = run.shown_error
    named = bool(error and error.get("node_id"))
    workflow = Payload.state_of(run).get("workflow_api") if named else None
    if named and not workflow:
        workflow = versions.graph_of(run.workflow_version_id)
    panel = failure(run, error, workflow, logs.state_of(run, now))
    url = settings.PUBLIC_URL + run.get_absolute_url()
    return {"failure": panel, "failure_markdown": panel.markdown(run.uuid, url) if panel else ""}


def asked_layout(request: HttpRequest) -> Layout:
    """The layout of the page that asks for a part of itself."""
    return read_layout(request.GET.get("layout"))


def live_part(request: HttpRequest, observed: ObservedRun) -> HttpResponse:
    """The part alone, with the number of active runs for the page's header."""
    reader = {
        "labels_too": may_label(request.user),
        "counted": True,
        "layout": asked_layout(request),
    }
    context = live_context(observed, display_of(observed))
    return render(request, "runs/detail/_live.html", {**context, **reader})


def live_part_now(request: HttpRequest, run: Run) -> HttpResponse:
    """The part alone, of a run that this request has changed."""
    return live_part(request, observe(run, clock.now()))
