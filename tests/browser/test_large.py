"""The large view by keys, wheel and clipboard, on copies of our own."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Complaints
from tests.stored_files import run_kept, saved

CLIPBOARD = ["clipboard-read", "clipboard-write"]
SIZE = (1600, 1200)
SHOWN = ".pswp__item[aria-hidden=false] .pswp__img:not(.pswp__img--placeholder)"
# The large view begins to move a little after the key: it stands once 300 ms have changed nothing.
STANDS = """shown => new Promise((done) => {
    const place = () => JSON.stringify(document.querySelector(shown).getBoundingClientRect());
    let last = place(), quiet = 0;
    const look = () => {
        quiet = place() === last ? quiet + 1 : 0;
        last = place();
        if (quiet < 6) setTimeout(look, 50); else done();
    };
    look();
})"""
IN_CLIPBOARD = """async () => {
    const [item] = await navigator.clipboard.read();
    const picture = await createImageBitmap(await item.getType("image/png"));
    return [picture.width, picture.height];
}"""


@pytest.fixture
def page(
    signed_in: Callable[..., BrowserContext], site: str, settings: Any, tmp_path: Path
) -> Page:
    see_through = saved(Image.new("RGBA", SIZE, (0, 128, 128, 0)))
    run = run_kept(settings, tmp_path, ("glass.png", see_through))
    page = signed_in(permissions=CLIPBOARD).new_page()
    page.goto(site + run.get_absolute_url())
    page.locator(".tile-image a.mat").click()
    expect(page.locator(".large-count")).to_have_text("1 of 1")
    page.wait_for_function("() => document.activeElement.closest('.pswp')")
    page.locator(SHOWN).wait_for()
    still(page)
    return page


def still(page: Page) -> dict[str, float]:
    """Where the picture stands, once it stands."""
    page.evaluate(STANDS, SHOWN)
    box = page.locator(SHOWN).bounding_box()
    assert box is not None
    return dict(box)


def test_plus_and_minus_zoom_and_arrows_pan(page: Page, complaints: Complaints) -> None:
    fit = still(page)
    page.keyboard.press("+")
    near = still(page)
    assert near["width"] == pytest.approx(fit["width"] * 1.5, rel=0.02)
    page.keyboard.press("ArrowRight")
    right = still(page)
    assert right["x"] == pytest.approx(near["x"] - 80, abs=2)
    page.keyboard.press("ArrowUp")
    assert still(page)["y"] > right["y"]
    page.keyboard.press("-")
    assert still(page)["width"] == pytest.approx(fit["width"], abs=1)
    expect(page.get_by_role("button", name="Fit")).to_have_attribute("aria-pressed", "true")
    assert complaints == []


def test_the_wheel_zooms_to_where_it_points(page: Page) -> None:
    fit = still(page)
    page.mouse.move(fit["x"] + fit["width"] / 4, fit["y"] + fit["height"] / 2)
    page.mouse.wheel(0, -200)
    near = still(page)
    assert near["width"] > fit["width"] * 1.1
    # The point under the pointer stays: more is gained on the far side.
    assert fit["x"] - near["x"] < (near["width"] - fit["width"]) / 2


def test_under_what_is_transparent_lies_a_checkerboard(page: Page) -> None:
    ground = page.locator(SHOWN).evaluate("one => getComputedStyle(one).backgroundImage")
    assert ground.startswith("repeating-conic-gradient(")
    box = still(page)
    shot = page.screenshot(clip={**box, "width": 64, "height": 64, "x": box["x"] + 40})
    assert len(colours(shot)) == 2


def colours(shot: bytes) -> set[Any]:
    """Colours that cover more than a tenth each."""
    image = Image.open(io.BytesIO(shot)).convert("RGB")
    found = image.getcolors(4096) or []
    return {colour for count, colour in found if count > image.width * image.height / 10}


def test_the_pixel_size_is_told(page: Page) -> None:
    expect(page.locator(".large-facts")).to_contain_text("1,600 × 1,200")


def test_a_kept_picture_is_copied(page: Page, complaints: Complaints) -> None:
    page.locator(".large-actions").get_by_role("button", name="Copy image").click()
    expect(page.locator("#notes")).to_contain_text("Image copied")
    assert page.evaluate(IN_CLIPBOARD) == list(SIZE)
    assert complaints == []
