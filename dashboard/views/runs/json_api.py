"""A run as JSON, and its history."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.domain.filters.fields import ENVIRONMENT
from dashboard.domain.listing import DEPLOYMENT, MACHINE, VERSION, WORKFLOW
from dashboard.domain.logs.causes import cause_of
from dashboard.domain.machines.cost import decimal_text
from dashboard.domain.machines.prices import CURRENCY
from dashboard.domain.run.facts import PHASES
from dashboard.models import Output, Run, SharedState, Snapshot
from dashboard.presentation.run.starter import Starter
from dashboard.services import clock
from dashboard.services.machines import stories
from dashboard.services.machines.stories import Story
from dashboard.services.runs import fetch, labels, names
from dashboard.services.runs.belonging import environment_of
from dashboard.services.runs.fetch import OpenedRun
from dashboard.services.runs.visibility import observe
from dashboard.views.responses import json_moment
from dashboard.views.runs.changed_context import changed_as_json
from dashboard.views.runs.node_context import nodes_as_json
from dashboard.views.runs.starters import starter_for
from dashboard.views.runs.story_context import may_see_costs
from dashboard.views.runs.trouble_text import text_of

PRETTY = {"ensure_ascii": False}
STAMPS = ("created", "queued", "started", "ended", "updated")
FACTS = (
    "gpu",
    "origin",
    "machine_id",
    "machine_type",
    "workflow_id",
    "workflow_version_id",
    "deployment_id",
    "batch_id",
)
NAMED = (WORKFLOW, VERSION, DEPLOYMENT, MACHINE)
OUTPUT_FIELDS = ("kind", "key", "filename", "url", "text", "node_id", "output_id", "unsafe")


@require_safe
@never_cache
def run_json(request: HttpRequest, run_id: UUID) -> JsonResponse:
    opened = fetch.open_run(run_id)
    if not opened.run.seen:
        return _error(opened)
    run = fetch.look_and_refresh(opened.run, SharedState.read())
    told = as_json(run, clock.now(), starter_for(request, run), costs=may_see_costs(request))
    return JsonResponse(told, json_dumps_params=PRETTY)


def _error(opened: OpenedRun) -> JsonResponse:
    found = text_of(opened)
    error = {"code": found.word, "message": f"{found.sentence} {found.next_step}"}
    response = JsonResponse({"error": error}, status=found.http_status, json_dumps_params=PRETTY)
    if found.http_status == 503:
        response["Retry-After"] = str(opened.retry_after(clock.now()))
    return response


def as_json(
    run: Run, now: datetime, starter: Starter | None = None, *, costs: bool = False
) -> dict[str, object]:
    """A run by the names that others rely on; null is "not known", or not for the reader.

    Of a run that only a list has told of, neither outputs, values nor inputs are known.
    """
    outputs = [_output(row) for row in run.outputs.all()] if run.fetched else None
    return {
        "id": str(run.uuid),
        "url": settings.PUBLIC_URL + run.get_absolute_url(),
        "status": run.status,
        "finished": run.finished,
        "progress": run.progress,
        "live_status": run.live_status,
        "queue_position": run.queue_position,
        "durations": {name: getattr(run, name) for name in (*PHASES, "gpu_wait", "boot")},
        "start_kind": run.start_kind,
        "timestamps": {name: json_moment(getattr(run, f"{name}_at")) for name in STAMPS},
        "outputs": outputs,
        "values": run.values if run.fetched else None,
        "inputs": run.inputs,
        "error": _run_error(run),
        **{name: getattr(run, name) for name in FACTS},
        "names": _names(run),
        "by": {"id": starter.id, "name": starter.name or None} if starter else None,
        **_story(run, costs=costs),
        "nodes": nodes_as_json(run),
        "changed": changed_as_json(run),
        "warnings": run.warnings,
        "freshness": _freshness(run, now),
        "snapshots": run.snapshot_count,
        "label": run.label or None,
        "tags": labels.tags_of([run.pk]).get(run.pk, []),
        "starred": run.starred,
    }


def _story(run: Run, *, costs: bool) -> dict[str, object]:
    story = stories.story_of(run)
    container, reason = story.container, story.reason
    return {
        "container": {
            "id": str(container.id),
            "started": json_moment(container.started_at),
            "ended": json_moment(container.ended_at),
            "gpu": container.gpu,
            "runs": container.runs,
        }
        if container
        else None,
        "start_reason": {"word": reason.word, "sure": reason.sure, "evidence": reason.evidence}
        if reason
        else None,
        "cost": _cost(story) if costs else None,
    }


def _cost(story: Story) -> dict[str, object] | None:
    """Decimal strings in US dollars; an estimate."""
    cost, price, container = story.cost, story.price, story.container
    if cost is None or price is None:
        return None
    return {
        "currency": CURRENCY,
        "start_up": decimal_text(cost.start_up),
        "work": decimal_text(cost.work),
        "total": None if cost.at_least else decimal_text(cost.total),
        "container": decimal_text(container.cost if container else None),
        "container_share": decimal_text(container.share if container else None),
        "price_per_second": f"{price.per_second.normalize():f}",
        "prices_of": price.told_at.date().isoformat() if price.told_at else None,
    }


def _output(row: Output) -> dict[str, object]:
    return {name: getattr(row, name) for name in OUTPUT_FIELDS}


def _names(run: Run) -> dict[str, str | None]:
    known = names.of_run(run)
    environment = environment_of(run) or None
    return {**{kind: known.get(kind) for kind in NAMED}, ENVIRONMENT: environment}


def _run_error(run: Run) -> dict[str, object] | None:
    error = run.shown_error
    if not error:
        return None
    told = {name: error.get(name) for name in ("message", "node_id", "node_type", "traceback")}
    kind = error.get("exception_type")
    cause = cause_of(run.status, error.get("message") or "", kind or "", error.get("cause"))
    return {**told, "type": kind, "cause": cause, "source": run.error_source}


def _freshness(run: Run, now: datetime) -> dict[str, object]:
    age = (now - run.observed_at).total_seconds() if run.observed_at else None
    visibility = observe(run, now).visibility
    return {
        "observed_at": json_moment(run.observed_at),
        "age": None if age is None else round(max(0.0, age), 3),
        "trouble": visibility.trouble,
        "retry_at": json_moment(visibility.retry_at),
    }


@require_safe
@never_cache
def snapshots_json(request: HttpRequest, run_id: UUID) -> JsonResponse:
    run = get_object_or_404(Run, uuid=run_id)
    if not run.seen:
        return _error(OpenedRun(run))
    rows = [_snapshot(row) for row in run.snapshots.order_by("id").iterator()]
    return JsonResponse({"snapshots": rows}, json_dumps_params=PRETTY)


def _snapshot(row: Snapshot) -> dict[str, object]:
    return {
        "observed_at": json_moment(row.observed_at),
        "status": row.status,
        "progress": row.progress,
        "live_status": row.live_status,
        "changes": row.changes,
        "dropped": row.dropped,
    }
