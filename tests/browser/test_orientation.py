"""A photograph on its side: upright in its tile, large, side by side and on a share link."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Complaints
from tests.browser.scenes import link_to
from tests.conftest import SAMPLES
from tests.stored_files import run_kept, saved

TURNED = (SAMPLES / "files" / "turned.jpg").read_bytes()
LARGE = ".pswp__item[aria-hidden=false] .pswp__img:not(.pswp__img--placeholder)"
LOADED = """([place, width, height]) => {
    const one = document.querySelector(place);
    return one.naturalWidth === width && one.naturalHeight === height;
}"""


def as_png_and_webp() -> tuple[bytes, bytes]:
    with Image.open(io.BytesIO(TURNED)) as image:
        exif = image.getexif()
        return saved(image, "PNG", exif=exif), saved(image, "WEBP", exif=exif)


def ratio(page: Page, place: str) -> float:
    box = page.locator(place).first.bounding_box()
    assert box is not None
    return float(box["width"] / box["height"])


@pytest.mark.parametrize("form", ["jpg", "png", "webp"])
def test_a_turned_picture_is_upright_everywhere(
    form: str,
    signed_in: Callable[..., BrowserContext],
    site: str,
    settings: Any,
    tmp_path: Path,
    complaints: Complaints,
) -> None:
    png, webp = as_png_and_webp()
    body = {"jpg": TURNED, "png": png, "webp": webp}[form]
    run = run_kept(settings, tmp_path, (f"a.{form}", body), (f"b.{form}", body))
    page = signed_in().new_page()
    page.goto(site + run.get_absolute_url())
    for address in (site + run.get_absolute_url(), link_to(run, site)):
        page.goto(address)
        expect(page.locator(".tile .caption-pixels").first).to_have_text("600 × 900")
        page.wait_for_function(LOADED, arg=[".tile-image img", 533, 800])
        assert ratio(page, ".tile-image img") == pytest.approx(2 / 3, abs=0.02)
        page.locator(".tile-image a.mat").first.click()
        page.locator(LARGE).wait_for()
        # Browsers do not turn a WebP: its thumbnail is shown large.
        size = [533, 800] if form == "webp" else [600, 900]
        page.wait_for_function(LOADED, arg=[LARGE, *size])
        assert ratio(page, LARGE) == pytest.approx(2 / 3, abs=0.01)
    page.goto(site + run.get_absolute_url())
    page.get_by_role("link", name="Side by side", exact=True).first.click()
    page.locator(".pair-columns, .pair-slider").wait_for()
    assert ratio(page, ".pair img") == pytest.approx(2 / 3, abs=0.02)
    assert complaints == []
