"""A run as JSON, and its history."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.access import may_label
from dashboard.domain.filters.fields import ENVIRONMENT
from dashboard.domain.run.marks import Mark
from dashboard.models import Output, Run, SharedState, Snapshot
from dashboard.presentation.run.starter import Starter
from dashboard.services import clock
from dashboard.services.machines import stories
from dashboard.services.runs import fetch, labels, names, picks
from dashboard.services.runs.belonging import environment_of
from dashboard.services.runs.fetch import OpenedRun
from dashboard.services.runs.since_good import since_good
from dashboard.services.runs.visibility import observe
from dashboard.views.responses import json_moment
from dashboard.views.runs.changed_context import changed_as_json
from dashboard.views.runs.node_context import nodes_as_json
from dashboard.views.runs.run_facts_json import NAMED, by_json, facts_json
from dashboard.views.runs.starters import starter_for
from dashboard.views.runs.story_json import story_as_json
from dashboard.views.runs.trouble_text import text_of

PRETTY = {"ensure_ascii": False}
OUTPUT_FIELDS = ("kind", "key", "filename", "url", "text", "node_id", "output_id", "unsafe")


@require_safe
@never_cache
def run_json(request: HttpRequest, run_id: UUID) -> JsonResponse:
    opened = fetch.open_run(run_id)
    if not opened.run.seen:
        return _error(opened)
    run = fetch.look_and_refresh(opened.run, SharedState.read())
    told = as_json(run, clock.now(), starter_for(request, run), member=may_label(request.user))
    return JsonResponse(told, json_dumps_params=PRETTY)


def _error(opened: OpenedRun) -> JsonResponse:
    found = text_of(opened)
    error = {"code": found.word, "message": f"{found.sentence} {found.next_step}"}
    response = JsonResponse({"error": error}, status=found.http_status, json_dumps_params=PRETTY)
    if found.http_status == 503:
        response["Retry-After"] = str(opened.retry_after(clock.now()))
    return response


def as_json(
    run: Run, now: datetime, starter: Starter | None = None, *, member: bool = False
) -> dict[str, object]:
    """A run by the names that others rely on; null is "not known", or not for the reader.

    Of a run that only a list has told of, neither outputs, values nor inputs are known.
    """
    return {
        **facts_json(run),
        "outputs": _outputs(run, member=member) if run.fetched else None,
        "values": run.values if run.fetched else None,
        "inputs": run.inputs,
        "names": _names(run),
        "by": by_json(starter),
        **story_as_json(stories.story_of(run), costs=member),
        "nodes": nodes_as_json(run),
        "changed": changed_as_json(since_good(run)),
        "freshness": _freshness(run, now),
        "snapshots": run.snapshot_count,
        "tags": labels.tags_of([run.pk]).get(run.pk, []),
    }


def _outputs(run: Run, *, member: bool) -> list[dict[str, object]]:
    marks = picks.of_run(run) if run.output_count else {}
    return [
        {**_output(row), "mark": _mark(marks.get(row.identity), member=member)}
        for row in run.outputs.all()
    ]


def _output(row: Output) -> dict[str, object]:
    return {name: getattr(row, name) for name in OUTPUT_FIELDS}


def _mark(found: Mark | None, *, member: bool) -> dict[str, object] | None:
    """What was said last of an output; who said it is for members."""
    if not found:
        return None
    return {
        "choice": found.choice or None,
        "rating": found.rating or None,
        "by": (found.by or None) if member else None,
        "at": json_moment(found.at),
    }


def _names(run: Run) -> dict[str, str | None]:
    known = names.of_run(run)
    environment = environment_of(run) or None
    return {**{kind: known.get(kind) for kind in NAMED}, ENVIRONMENT: environment}


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
