"""Answers with whole values: a part of a page, a thumbnail or a download."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from dashboard.domain.media.stored_files import safe_name
from dashboard.models import Run
from dashboard.presentation.folding import LONGEST_OPENED
from dashboard.presentation.run.fields import json_text
from dashboard.presentation.run.inputs import input_text
from dashboard.presentation.run.tiles import Tile
from dashboard.services.files.data_images import thumbnail_of

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
    request: HttpRequest,
    tiles: Sequence[Tile],
    identity: str,
    values_url: str,
    prefix: str = "",
) -> HttpResponse:
    """The text of one of the tiles that a reader is shown, as a part or a download.

    `prefix` stands before the identities where a page shows the outputs of several runs.
    """
    tile = next((each for each in tiles if each.output.identity == identity), None)
    if tile is None or tile.viewer != "text" or tile.text is None:
        raise Http404
    if "part" not in request.GET:
        return _download(Value(tile.text, f"{tile.name}.txt"))
    if len(tile.text) > LONGEST_OPENED:
        raise Http404
    context = {"tile": tile, "output": tile.output, "whole": True, "values_url": values_url}
    return render(request, "runs/outputs/_text.html", {**context, "prefix": prefix})


def input_value(run: Run, name: str) -> Value:
    """One input by its place, or all as JSON; 404 where there is none."""
    if name == ALL:
        return Value(json_text(run.inputs, indent=2), "inputs.json")
    try:
        return Value(input_text(run.inputs, place_of(name)), f"input-{int(name) + 1}.txt")
    except IndexError:
        raise Http404 from None


def place_of(name: str) -> int:
    """A place in a list, of an address; 404 where it is none."""
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
