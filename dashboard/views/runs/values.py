"""Whole values that a run's page shows the beginning of: to open in the page, or as a download."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.models import Payload, Run
from dashboard.models.fields import pretty
from dashboard.presentation.run.fields import field_text
from dashboard.services.runs import logs
from dashboard.views.runs.file_address import run_address
from dashboard.views.runs.outputs import tiles_context
from dashboard.views.runs.value_response import (
    Value,
    input_value,
    place_of,
    text_answer,
    value_answer,
)


@require_safe
@never_cache
def value(request: HttpRequest, run_id: UUID, kind: str, name: str) -> HttpResponse:
    run = get_object_or_404(Run.objects.seen(), uuid=run_id)
    if kind == "texts":
        tiles = tiles_context(run, run_address(run.uuid))["tiles"]
        return text_answer(request, tiles, name, f"{run.get_absolute_url()}values/")
    return value_answer(request, _value(run, kind, name))


def _value(run: Run, kind: str, name: str) -> Value:
    if kind == "inputs":
        return input_value(run, name)
    if kind == "fields":
        return _field(Payload.state_of(run), name)
    if kind == "error":
        return _error(run, name)
    if kind == "raw":
        body = get_object_or_404(Payload, run=run).body
        return Value(pretty(body), f"run-{run.short_id}.json")
    log = logs.stored_log(run) if kind == "log" else None
    if not log or not log.body:
        raise Http404
    return Value(log.body, f"run-{run.short_id}.log")


def _error(run: Run, name: str) -> Value:
    error = run.shown_error or {}
    texts = {"message": error.get("message"), "traceback": error.get("traceback")}
    if not (text := texts.get(name)):
        raise Http404
    return Value(text, f"run-{run.short_id}-{name}.txt")


def _field(state: Mapping[str, object], name: str) -> Value:
    try:
        return Value(field_text(state, place_of(name)), f"field-{int(name) + 1}.json")
    except (IndexError, KeyError):
        raise Http404 from None
