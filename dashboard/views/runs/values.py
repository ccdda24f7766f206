"""Whole values that a run's page shows the beginning of: to open in the page, or as a download."""

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.domain.media.stored_files import safe_name
from dashboard.models import Payload, Run
from dashboard.models.fields import pretty
from dashboard.presentation.folding import LONGEST_OPENED
from dashboard.presentation.run.fields import field_text, json_text
from dashboard.presentation.run.inputs import input_text
from dashboard.presentation.run.tiles import Tile
from dashboard.services.files.data_images import thumbnail_of
from dashboard.views.runs.outputs import outputs_context

ALL = "all"
DATA = re.compile(r"\s*data:image/[\w.+-]+;base64,", re.IGNORECASE)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}


@dataclass(frozen=True, slots=True)
class Value:
    """A whole value as text, with the name that its download gets."""

    text: str
    name: str


@require_safe
@never_cache
def value(request: HttpRequest, run_id: UUID, kind: str, name: str) -> HttpResponse:
    run = get_object_or_404(Run.objects.seen(), uuid=run_id)
    if kind == "texts":
        context = outputs_context(run)
        return text_answer(request, context["tiles"], name, context["values_url"])
    return value_answer(request, _value(run, kind, name))


def value_answer(request: HttpRequest, found: Value) -> HttpResponse:
    """The value's thumbnail (`?picture`), a part of the page (`?part`), else a download."""
    if "picture" in request.GET:
        return _picture(found.text)
    if "part" in request.GET:
        if len(found.text) > LONGEST_OPENED:
            raise Http404
        return render(request, "runs/detail/_whole.html", {"text": found.text})
    return _download(found)


def text_answer(
    request: HttpRequest, tiles: Sequence[Tile], identity: str, values_url: str
) -> HttpResponse:
    """The text of one of the tiles that a reader is shown, as a part or a download."""
    tile = next((each for each in tiles if each.output.identity == identity), None)
    if tile is None or tile.viewer != "text" or tile.text is None:
        raise Http404
    if "part" not in request.GET:
        return _download(Value(tile.text, f"{tile.name}.txt"))
    if len(tile.text) > LONGEST_OPENED:
        raise Http404
    context = {"tile": tile, "output": tile.output, "whole": True, "values_url": values_url}
    return render(request, "runs/outputs/_text.html", context)


def input_value(run: Run, name: str) -> Value:
    """One input by its place, or all as JSON; 404 where there is none."""
    if name == ALL:
        return Value(json_text(run.inputs, indent=2), "inputs.json")
    try:
        return Value(input_text(run.inputs, _place(name)), f"input-{int(name) + 1}.txt")
    except IndexError:
        raise Http404 from None


def _value(run: Run, kind: str, name: str) -> Value:
    if kind == "inputs":
        return input_value(run, name)
    if kind == "fields":
        return _field(Payload.state_of(run), name)
    if kind == "raw":
        body = get_object_or_404(Payload, run=run).body
        return Value(pretty(body), f"run-{run.short_id}.json")
    log = getattr(run, "log", None)
    if kind != "log" or not log or not log.body:
        raise Http404
    return Value(log.body, f"run-{run.short_id}.log")


def _field(state: Mapping[str, Any], name: str) -> Value:
    try:
        return Value(field_text(state, _place(name)), f"field-{int(name) + 1}.json")
    except (IndexError, KeyError):
        raise Http404 from None


def _place(name: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", name):
        raise Http404
    return int(name)


def _download(found: Value) -> HttpResponse:
    body = found.text.encode("utf-8", "replace")
    response = HttpResponse(body, content_type="text/plain; charset=utf-8", headers=HEADERS)
    response["Content-Disposition"] = f'attachment; filename="{_ascii(found.name)}"'
    return response


def _ascii(name: str) -> str:
    return re.sub(r"[^\w.-]", "-", safe_name(name), flags=re.ASCII)


def _picture(text: str) -> HttpResponse:
    """The thumbnail of a `data:` image, drawn here; 404 where none can be made."""
    found = DATA.match(text)
    if not found:
        raise Http404
    try:
        body = base64.b64decode("".join(text[found.end() :].split()), validate=True)
    except (binascii.Error, ValueError):
        raise Http404 from None
    if not (thumbnail := thumbnail_of(body)):
        raise Http404
    return HttpResponse(thumbnail, content_type="image/webp", headers=HEADERS)
