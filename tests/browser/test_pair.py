"""Two pictures of a run: next to each other, and under the slider, by mouse and by keys."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.simulator import Simulator
from tests.browser.axe import violations_at
from tests.browser.conftest import Complaints
from tests.browser.scenes import picture_of
from tests.builders import NOON, answer, stamp, store

NAMES = ("lighthouse_a.png", "dunes_b.png", "portrait_c.png")


@pytest.fixture
def address(site: str, upstream: Simulator) -> str:
    run_id = uuid4()
    outputs = [picture_of(upstream, run_id, name) for name in NAMES]
    for second, one in enumerate(outputs):
        one["created_at"] = stamp(NOON + timedelta(seconds=second))
    store(answer(run_id, outputs=outputs))
    return f"{site}/runs/{run_id}/"


def cut(page: Page) -> float:
    told = page.locator("[data-slider]").evaluate("box => box.style.getPropertyValue('--cut')")
    return float(told.removesuffix("%"))


def test_any_two_pictures_side_by_side(page: Page, address: str, complaints: Complaints) -> None:
    page.goto(address)
    page.get_by_role("link", name="Side by side", exact=True).click()
    expect(page.locator(".pair-columns figure")).to_have_count(2)
    expect(page.locator(".pair-show")).to_have_count(0)
    page.get_by_label("Image B").select_option(label=f"3: {NAMES[2]}")
    expect(page.locator(".pair-columns img").last).to_have_attribute("alt", f"B: {NAMES[2]}")
    page.get_by_role("link", name="Swap").click()
    expect(page.locator(".pair-columns img").first).to_have_attribute("alt", f"A: {NAMES[2]}")
    assert complaints == []


def test_the_slider_goes_by_keys_and_by_hand(
    page: Page, address: str, complaints: Complaints
) -> None:
    page.goto(f"{address}pair/")
    page.get_by_role("button", name="Slider").click()
    slider = page.get_by_role("slider", name="Share of A shown")
    page.wait_for_selector("[data-slider][style]")
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert cut(page) == 52
    page.keyboard.press("Shift+ArrowLeft")
    assert cut(page) == 42
    expect(slider).to_have_attribute("aria-valuetext", "42 % A, 58 % B")
    box = page.locator("[data-slider]").bounding_box()
    assert box is not None
    across, down = box["x"] + box["width"] * 0.8, box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.42, down)
    page.mouse.down()
    page.mouse.move(across, down, steps=5)
    page.mouse.up()
    assert cut(page) == pytest.approx(80, abs=2)
    over = page.locator(".pair-top").evaluate("one => getComputedStyle(one).clipPath")
    assert "inset(" in over
    assert complaints == []


@pytest.mark.parametrize("way", ["beside", "slider"])
def test_axe_finds_nothing(
    signed_in: Callable[..., BrowserContext], address: str, way: str
) -> None:
    page = signed_in(bypass_csp=True).new_page()
    assert violations_at(page, f"{address}pair/?as={way}") == []


def test_from_a_tile_its_picture_is_the_first(page: Page, address: str) -> None:
    page.goto(address)
    tile = page.locator(".tile-image").nth(1)
    tile.scroll_into_view_if_needed()
    tile.hover()
    tile.get_by_role("link", name="Side by side").click()
    expect(page.locator(".pair-columns img").first).to_have_attribute("alt", f"A: {NAMES[1]}")
