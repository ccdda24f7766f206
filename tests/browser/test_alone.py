"""With ComfyDeploy and its storage switched off a finished run opens complete, shared too."""

import io
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from dashboard.models import Run, StoredFile
from dashboard.simulator import Simulator
from dashboard.simulator.media import make
from tests.browser.conftest import DRAWS, Complaints
from tests.browser.scenes import link_to
from tests.stored_files import run_kept

NAMES = ("dunes_a.png", "lighthouse_b.png", "dunes_c.mp4", "d.mp3", "e.txt", "f.json", "g.glb")


@pytest.fixture
def run(settings: Any, tmp_path: Path, upstream: Simulator) -> Run:
    files = [(name, make("alone", name).body) for name in NAMES]
    run = run_kept(settings, tmp_path, *files, created=datetime.now(UTC))
    assert StoredFile.objects.filter(reason="").count() == len(NAMES)
    upstream.down()
    return run


def alone(context: BrowserContext, site: str) -> tuple[Page, list[str]]:
    """A page that reaches the site itself and nothing else; what else it asked for."""
    elsewhere: list[str] = []

    def only_here(route: Route) -> None:
        if route.request.url.startswith(f"{site}/"):
            return route.fallback()
        elsewhere.append(route.request.url)
        return route.abort()

    context.route("**/*", only_here)
    return context.new_page(), elsewhere


def is_complete(page: Page) -> None:
    """Every output of the run is there to be seen, heard, read and turned."""
    tiles = page.locator(".tile")
    expect(tiles).to_have_count(len(NAMES))
    for image in page.locator(".tile-image img").all():
        image.scroll_into_view_if_needed()
        expect(image).not_to_have_js_property("naturalWidth", 0)
        assert image.evaluate("one => one.naturalWidth") > 100
    for kind in "video", "audio":
        wanted = f"() => document.querySelector('.tile {kind}').readyState > 0"
        page.wait_for_function(wanted)
    expect(page.locator("p.text-body")).to_contain_text("Caption of e.txt")
    expect(page.locator(".json-number").first).to_have_text("96")
    page.get_by_role("button", name="Show model").click()
    expect(page.locator("[data-model][data-shown] model-viewer")).to_be_visible(timeout=DRAWS)
    expect(page.locator(".is-broken")).to_have_count(0)


def taken_away(page: Page) -> list[str]:
    with page.expect_download() as saved:
        page.get_by_role("link", name="Download all").click()
    with zipfile.ZipFile(io.BytesIO(saved.value.path().read_bytes())) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def side_by_side(page: Page) -> None:
    page.get_by_role("link", name="Side by side", exact=True).click()
    pictures = page.locator(".pair-columns img")
    expect(pictures).to_have_count(2)
    for picture in pictures.all():
        expect(picture).not_to_have_js_property("naturalWidth", 0)
        assert picture.evaluate("one => one.naturalWidth") > 100


@pytest.mark.parametrize("shared", [False, True], ids=["own page", "share link"])
def test_nothing_but_the_site_is_needed(
    signed_in: Callable[..., BrowserContext],
    site: str,
    run: Run,
    complaints: Complaints,
    shared: bool,
) -> None:
    context = signed_in(None if shared else "ana")
    page, elsewhere = alone(context, site)
    page.goto(link_to(run, site) if shared else f"{site}{run.get_absolute_url()}")
    is_complete(page)
    assert len(taken_away(page)) == len(NAMES) + 1  # and the manifest
    side_by_side(page)
    assert elsewhere == []
    assert complaints.but_the_model_viewer() == []


def test_a_kept_sound_has_its_controls_and_plays(
    signed_in: Callable[..., BrowserContext], site: str, run: Run, complaints: Complaints
) -> None:
    page, _ = alone(signed_in(), site)
    page.goto(f"{site}{run.get_absolute_url()}")
    sound = page.locator(".tile-audio audio")
    assert sound.evaluate("one => one.paused && !one.autoplay")
    sound.evaluate("one => one.play()")
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.2")
    sound.evaluate("one => one.pause()")
    assert complaints == []


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="posters need ffmpeg")
def test_a_kept_film_has_its_poster(
    signed_in: Callable[..., BrowserContext], site: str, run: Run
) -> None:
    page, _ = alone(signed_in(), site)
    page.goto(f"{site}{run.get_absolute_url()}")
    poster = page.locator(".tile-video video").get_attribute("poster")
    assert poster is not None and poster.endswith("small.webp?small")
    answered = page.request.get(site + poster)
    assert answered.ok and answered.body()[8:12] == b"WEBP"
