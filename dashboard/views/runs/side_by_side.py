"""Any two pictures of a run: next to each other, or one over the other with a slider."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from django.http.response import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dashboard.models import Run
from dashboard.presentation.run.tiles import Tile
from dashboard.views.runs.files import run_address
from dashboard.views.runs.outputs import pictures_of, tiles_context

WAYS = {"beside": "Next to each other", "slider": "Slider"}


@require_safe
@never_cache
def pair(request: HttpRequest, run_id: UUID) -> HttpResponse:
    run = get_object_or_404(Run, uuid=run_id)
    tiles = tiles_context(run, run_address(run))["tiles"]
    context = pair_context(request, tiles, run.title, run.get_absolute_url())
    return render(request, "run/pair.html", context)


def pair_context(
    request: HttpRequest, tiles: Sequence[Tile], title: str, back: str
) -> dict[str, Any]:
    """The two that were chosen, else the first two; 404 where there are not two."""
    pictures = pictures_of(tiles)
    if len(pictures) < 2:
        raise Http404
    by_identity = {each.output.identity: each for each in pictures}
    first = by_identity.get(request.GET.get("a", ""), pictures[0])
    other = next(each for each in pictures if each is not first)
    second = by_identity.get(request.GET.get("b", ""), other)
    way = request.GET.get("as", "")
    return {
        "pictures": pictures,
        "chosen": [("A", "a", first), ("B", "b", second)],
        "a": first,
        "b": second,
        "ways": WAYS,
        "way": way if way in WAYS else "beside",
        "differ": first.pixels and second.pixels and first.shape != second.shape,
        "title": title,
        "back": back,
    }
