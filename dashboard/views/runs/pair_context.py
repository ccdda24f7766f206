"""The two pictures that a reader compares, and how."""

from collections.abc import Sequence

from django.http import Http404, HttpRequest

from dashboard.http import Context
from dashboard.presentation.run.tiles import Tile
from dashboard.views.runs.outputs import pictures_of

WAYS = {"beside": "Side by side", "slider": "Slider"}


def pair_context(request: HttpRequest, tiles: Sequence[Tile], title: str, back: str) -> Context:
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
