"""The two pictures that a reader compares."""

import pytest
from django.http import Http404
from django.test import RequestFactory

from dashboard.domain.run.facts import Output
from dashboard.presentation.run.file_facts import StoredFileFacts
from dashboard.presentation.run.tiles import Tile, tile
from dashboard.views.runs.pair_context import pair_context


def picture(name: str, width: int = 100) -> Tile:
    facts = StoredFileFacts(url=f"/{name}", width=width, height=100, type="image/png")
    return tile(Output(kind="image", key="images", identity=name, url=None), facts, "")


def chosen(query: str, *tiles: Tile) -> tuple[str, str, str]:
    context = pair_context(RequestFactory().get(f"/{query}"), tiles, "title", "/back")
    return context["a"].embed_url, context["b"].embed_url, context["way"]


def test_the_first_two_unless_others_are_chosen() -> None:
    three = [picture(name) for name in ("one", "two", "three")]
    assert chosen("", *three) == ("/one", "/two", "beside")
    assert chosen("?a=two", *three) == ("/two", "/one", "beside")
    assert chosen("?a=three&b=two&as=slider", *three) == ("/three", "/two", "slider")
    assert chosen("?a=zzz&b=zzz&as=zzz", *three) == ("/one", "/two", "beside")


def test_one_picture_is_no_pair() -> None:
    with pytest.raises(Http404):
        chosen("", picture("one"))
