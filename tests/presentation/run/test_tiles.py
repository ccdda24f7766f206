"""Which viewer an output gets, and what its tile says."""

from types import SimpleNamespace
from typing import Any

import pytest

from dashboard.domain.media.sniffing import GLB
from dashboard.domain.run.facts import Output
from dashboard.domain.text.byte_sizes import size
from dashboard.presentation.format import took
from dashboard.presentation.run.tiles import Tile, tile

LINK = "https://bucket.example/a.png"


def output(kind: str = "image", **given: Any) -> Output:
    return Output(**{"kind": kind, "key": "images", "identity": "x", "url": LINK, **given})


def copy(**given: Any) -> Any:
    nothing = dict.fromkeys(
        ("url", "download_url", "thumb_url", "width", "height", "seconds", "size", "frame_rate")
    )
    return SimpleNamespace(
        **{**nothing, "type": "", "codec": "", "inline": True, "reason": "", **given}
    )


def urls(made: Tile) -> tuple[str | None, str | None, str | None]:
    return made.embed_url, made.thumbnail_url, made.link


def test_without_a_copy_the_link_of_the_answer_is_shown() -> None:
    made = tile(output(), None, "")
    assert (made.viewer, urls(made)) == ("image", (LINK, LINK, LINK))
    assert not made.stored


def test_a_kept_copy_takes_the_place_of_the_link() -> None:
    kept = copy(url="/f/1/a.png", download_url="/f/1/a.png?download", thumb_url="/f/1/t.webp")
    made = tile(output(), kept, "")
    assert urls(made) == (kept.url, kept.thumb_url, kept.download_url)
    assert made.ends is None


def test_a_copy_that_may_not_be_shown_is_a_download_alone() -> None:
    made = tile(output(), copy(url="/f/1/a.svg", download_url="/f/1/d", inline=False), "")
    assert (made.viewer, urls(made)) == ("file", (None, None, "/f/1/d"))


def test_what_a_copy_was_found_to_be_is_not_loaded_from_elsewhere() -> None:
    found = copy(type="image/png", width=60_000, height=60_000, inline=False, reason="gone")
    made = tile(output(), found, "")
    assert (made.viewer, urls(made)) == ("file", (None, None, LINK))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"type": "image/png", "inline": False}, "No preview: 20,000 × 20,000 px"),
        ({"type": "image/png", "inline": False, "thumb_url": "/f/1/t"}, ""),
        ({"type": "image/png"}, ""),
        ({"type": "video/mp4", "inline": False}, ""),
        ({"type": "image/svg+xml", "inline": False, "width": None}, ""),
    ],
)
def test_an_image_that_is_too_large_says_so(given: dict[str, Any], says: str) -> None:
    size = {"url": "/f/1/a.png", "download_url": "/f/1/d", "width": 20_000, "height": 20_000}
    made = tile(output(), copy(**{**size, **given}), "")
    assert made.no_preview == says
    assert made.link == "/f/1/d"
    if says:
        assert (made.viewer, made.embed_url, made.thumbnail_url) == ("file", None, None)


def test_an_image_that_may_not_open_is_its_thumbnail_and_a_download() -> None:
    kept = copy(url="/f/1/a", download_url="/f/1/d", thumb_url="/f/1/t", inline=False)
    made = tile(output(), kept, "")
    assert (made.viewer, urls(made)) == ("image", ("/f/1/t", "/f/1/t", "/f/1/d"))


def test_an_image_over_the_limit_of_a_file_is_not_loaded_from_its_link() -> None:
    made = tile(output(), copy(reason="too-big"), "")
    assert (made.viewer, urls(made)) == ("file", (None, None, LINK))
    assert made.no_preview == "No preview"
    film = tile(output("video"), copy(reason="too-big"), "")
    assert (film.viewer, film.embed_url) == ("video", LINK)


def test_a_film_tells_its_length_where_it_was_measured() -> None:
    kept = copy(url="/f/1/a.mp4", type="video/mp4", size=2_000_000, seconds=6.2)
    assert tile(output("video"), kept, "").facts == f"{size(2_000_000)}, mp4, {took(6.2)}"
    kept.seconds = None
    assert tile(output("video"), kept, "").facts == f"{size(2_000_000)}, mp4"


def test_a_missing_copy_says_why() -> None:
    made = tile(output("file"), copy(reason="removed"), "")
    assert made.missing == "ComfyDeploy's storage no longer has this file."


@pytest.mark.parametrize(
    ("given", "viewer"),
    [
        ({"kind": "image", "url": "http://bucket.example/a.png"}, "linked"),
        ({"kind": "text", "url": None, "text": "hello"}, "text"),
        ({"kind": "text", "url": "https://bucket.example/a.txt"}, "file"),
        ({"kind": "model3d", "filename": "a.glb"}, "file"),
        ({"kind": "image", "url": None, "unsafe": True}, "unsafe"),
    ],
)
def test_each_kind_has_its_viewer(given: dict[str, Any], viewer: str) -> None:
    assert tile(output(**given), None, "").viewer == viewer


@pytest.mark.parametrize(("name", "viewer"), [("a.GLB", "model"), ("a.obj", "file")])
def test_only_kept_models_of_a_known_format_are_shown(name: str, viewer: str) -> None:
    made = tile(output("model3d", filename=name), copy(url="/f/1/x", inline=False, type=GLB), "")
    assert made.viewer == viewer


@pytest.mark.parametrize(
    ("reason", "short_reason"),
    [
        ("expired", "Link expired"),
        ("removed", "File removed"),
        ("private", "Access denied"),
        ("unreachable", "Storage unreachable"),
        ("too-big", ""),
        ("waiting", ""),
    ],
)
def test_a_file_that_could_not_be_had_is_told_by_its_cause(reason: str, short_reason: str) -> None:
    made = tile(output(), copy(reason=reason), "")
    assert made.short_reason == short_reason and made.missing


@pytest.mark.parametrize(
    ("absent", "told"),
    [
        ("off", "Storing files is turned off."),
        ("live", "This file is copied once the run ends."),
        ("", ""),
    ],
)
def test_without_a_try_at_a_copy_the_page_says_why(absent: str, told: str) -> None:
    assert tile(output(), None, "", absent=absent).missing == told
    assert tile(output(), copy(url="/f/1/a.png"), "", absent=absent).missing == ""


@pytest.mark.parametrize(
    ("kind", "name", "would"),
    [("model3d", "a.glb", True), ("model3d", "a.obj", False), ("text", "a.txt", True)],
)
def test_a_copy_would_be_shown(kind: str, name: str, would: bool) -> None:
    given = output(kind, filename=name)
    assert tile(given, None, "").shown_once_copied is would
    assert not tile(given, copy(url="/f/1/x"), "").shown_once_copied
