"""Viewers of outputs: the large view, films, texts, and what the page loads for them."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.simulator import Simulator
from tests.browser.axe import violations_at
from tests.browser.conftest import DRAWS, Complaints
from tests.browser.scenes import picture_of
from tests.builders import NOON, answer, element, stamp, store
from tests.stored_files import copy_all, prepare

NAMES = ("lighthouse_a.png", "dunes_b.png", "portrait_c.png")
JSON = '{"tags": ["cat", "hat"], "seed": 18446744073709551616}'


@pytest.fixture
def address(site: str, upstream: Simulator) -> str:
    run_id = uuid4()
    film = picture_of(upstream, run_id, "lighthouse_d.mp4")
    film["data"] = {"files": film["data"]["images"]}
    words = "\n".join(f"line {n}" for n in range(40))
    texts = element(data={"text": [words, JSON]})
    outputs = [*(picture_of(upstream, run_id, name) for name in NAMES), film, texts]
    for second, one in enumerate(outputs):
        one["created_at"] = stamp(NOON + timedelta(seconds=second))
    store(answer(run_id, created=datetime.now(UTC), outputs=outputs))
    return f"{site}/runs/{run_id}/"


def opened(page: Page, address: str) -> Page:
    page.goto(address)
    page.locator(".tile-image img").first.scroll_into_view_if_needed()
    page.locator(".tile-image a.mat").first.click()
    expect(page.locator(".pswp--open .large-count")).to_have_text("1 of 3")
    page.wait_for_function("() => document.activeElement.closest('.pswp')")
    return page


def test_the_large_view_goes_by_keys_and_gives_the_focus_back(
    page: Page, address: str, complaints: Complaints
) -> None:
    opened(page, address)
    count = page.locator(".large-count")
    page.keyboard.press("]")
    expect(count).to_have_text("2 of 3")
    expect(page.locator(".large-head strong")).to_have_text(NAMES[1])
    expect(page.locator(".large-facts")).to_contain_text("SaveImage · node 9 · images")
    expect(page.locator(".large-facts")).to_contain_text("×")
    page.keyboard.press("[")
    expect(count).to_have_text("1 of 3")
    page.get_by_role("button", name="100 %").click()
    expect(page.get_by_role("button", name="100 %")).to_have_attribute("aria-pressed", "true")
    for _ in range(20):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.pswp') !== null")
    page.keyboard.press("Escape")
    expect(page.locator(".pswp")).to_have_count(0)
    assert page.evaluate("document.activeElement === document.querySelector('.tile-image a.mat')")
    assert complaints == []


def test_a_kept_picture_fits_its_place(
    page: Page, site: str, settings: Any, tmp_path: Path, upstream: Simulator
) -> None:
    run_id = uuid4()
    prepare(settings, tmp_path, settings.LOCAL_FILES_ORIGIN)
    store(answer(run_id, outputs=[picture_of(upstream, run_id, NAMES[0])]))
    copy_all()
    for view in ("grid", "large"):
        page.goto(f"{site}/runs/{run_id}/?outputs={view}")
        image = page.locator(".tile-image img")
        image.scroll_into_view_if_needed()
        assert image.get_attribute("width")
        mat, shown = page.locator(".tile-image .mat").bounding_box(), image.bounding_box()
        assert mat is not None and shown is not None
        expect(image).not_to_have_js_property("naturalWidth", 0)
        ratio = image.evaluate("(one) => one.naturalWidth / one.naturalHeight")
        assert shown["width"] / shown["height"] == pytest.approx(ratio, abs=0.02)
        assert shown["height"] == pytest.approx(mat["height"], abs=1)
        middle = mat["x"] + mat["width"] / 2
        assert shown["x"] + shown["width"] / 2 == pytest.approx(middle, abs=1)
        assert shown["width"] <= mat["width"] + 1


def test_a_model_is_shown_from_its_copy(
    page: Page,
    site: str,
    settings: Any,
    tmp_path: Path,
    upstream: Simulator,
    complaints: Complaints,
) -> None:
    run_id = uuid4()
    prepare(settings, tmp_path, settings.LOCAL_FILES_ORIGIN)
    model = picture_of(upstream, run_id, "vase_00001_.glb")
    model["data"] = {"mesh": model["data"]["images"]}
    store(answer(run_id, outputs=[model]))
    copy_all()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/runs/{run_id}/")
    page.get_by_role("button", name="Show model").click()
    expect(page.locator("[data-model][data-shown] model-viewer")).to_be_visible(timeout=DRAWS)
    canvas = page.locator("model-viewer canvas").first.bounding_box()
    mat = page.locator("[data-model]").bounding_box()
    assert canvas is not None and mat is not None
    assert canvas["height"] == pytest.approx(mat["height"], abs=2)
    expect(page.locator("model-viewer #default-ar-button")).to_be_hidden()
    assert any("/files/" in url for url in asked)
    assert not any("/media/" in url for url in asked)
    assert complaints.but_the_model_viewer() == []


def test_nothing_of_others_is_loaded_before_it_is_needed(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "photoswipe" in url or "model-viewer" in url]
    own = [url for url in asked if "/media/" not in url]
    assert len(own) <= 12, own


def test_a_film_has_its_controls_and_never_plays_by_itself(
    page: Page, address: str, complaints: Complaints
) -> None:
    page.goto(address)
    box = page.locator("[data-player]")
    expect(box.locator(".player-time")).to_contain_text("0:00.0 / 0:0")
    assert page.evaluate("document.querySelector('video').paused")
    box.get_by_role("button", name="Play").focus()
    page.keyboard.press("k")
    expect(box.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("k")
    page.keyboard.press("l")
    page.keyboard.press("m")
    expect(box.get_by_role("button", name="Loop")).to_have_attribute("aria-pressed", "true")
    expect(box.get_by_role("button", name="Sound")).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("document.querySelector('video').muted")
    assert complaints == []


SHOWN = """() => new Promise((done) => {
    const film = document.querySelector('video');
    const seek = () => { if (!film.seeking) film.currentTime = film.currentTime; };
    const again = setInterval(seek, 500); // a busy browser may not draw the frame of one seek
    film.requestVideoFrameCallback((_, told) => { clearInterval(again); done(told.mediaTime); });
    seek();
})"""

STILL = """() => {
    const film = document.querySelector('video');
    return !film.stepping && !film.seeking;
}"""


def test_a_step_shows_the_next_frame_and_back(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator(".player-time")).to_contain_text("/")
    page.locator("[data-act=step]").focus()
    times = []
    for key in ".", ".", ".", ",":
        page.keyboard.press(key)
        page.wait_for_function(STILL)
        times.append(page.evaluate(SHOWN))
    frame = times[1] - times[0]
    assert 0 < frame < 0.2
    assert times[2] - times[1] == pytest.approx(frame, abs=0.002)
    assert times[3] == pytest.approx(times[1], abs=0.002)


def test_long_text_is_cut_and_json_is_folded(page: Page, address: str) -> None:
    page.goto(address)
    words = page.locator("p.text-body")
    short = words.bounding_box()
    page.get_by_text("Show all").first.click()
    tall = words.bounding_box()
    assert short and tall and short["height"] < 260 < tall["height"]
    tree = page.locator(".json")
    expect(tree).to_contain_text("18446744073709551616")
    tree.locator("details details summary").click()
    expect(tree.get_by_text('"hat"')).to_be_hidden()
    with page.expect_download() as saved:
        page.locator("[data-ending=json]").click()
    assert saved.value.path().read_text() == JSON


def test_a_picture_that_is_not_ours_is_not_copied_and_that_is_said(
    page: Page, address: str
) -> None:
    page.goto(address)
    page.locator(".tile-image").first.hover()
    page.get_by_role("button", name=f"Copy image {NAMES[0]}").click()
    expect(page.locator("#notes")).to_contain_text("can't read images from another site")


def test_axe_finds_nothing_among_the_outputs(
    signed_in: Callable[..., BrowserContext], address: str
) -> None:
    context = signed_in(bypass_csp=True)
    assert violations_at(context.new_page(), address) == []
