"""Picking, rejecting and rating by keys: one by one, in the large view, and in the grid."""

import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.models import OutputMark
from dashboard.simulator import Simulator
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.scenes import SHIFTS, picture_of, shifted
from tests.builders import answer, store


@pytest.fixture
def address(site: str, upstream: Simulator) -> str:
    run_id = uuid4()
    outputs = [picture_of(upstream, run_id, f"{name}.png") for name in ("lighthouse", "dunes")]
    store(answer(run_id, created=datetime.now(UTC), outputs=outputs))
    return f"{site}/runs/{run_id}/"


def stored() -> set[tuple[str, int]]:
    return set(OutputMark.objects.values_list("choice", "rating"))


def pressed(page: Page, place: str, value: str, on: bool = True) -> None:
    button = page.locator(f'{place} [data-word="{value}"]').first
    expect(button).to_have_attribute("aria-pressed", str(on).lower())


def test_keys_mark_the_output_that_is_looked_at(
    page: Page, address: str, complaints: Complaints
) -> None:
    page.add_init_script(SHIFTS)
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.mouse.move(300, 300)
    before, _ = shifted(page)
    page.keyboard.press("p")
    pressed(page, ".marking", "picked")
    expect(page.locator("#spoken")).to_have_text("Picked")
    page.keyboard.press("4")
    pressed(page, ".marking", "4")
    expect(page.locator(".filmstrip .mark").first).to_contain_text("4")
    assert stored() == {("picked", 4)}
    page.keyboard.press("p")
    pressed(page, ".marking", "picked", on=False)
    assert stored() == {("", 4)}
    after, moved = shifted(page)
    assert after - before < 0.0001, moved  # the name moves with the word before it: "Picked by"
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Pick output")
    assert complaints == []


def test_an_answer_that_comes_late_moves_nothing(page: Page, address: str) -> None:
    """Half a second after a key the browser no longer takes what moves for an answer to it."""
    places = [".tile .caption", ".tile .marking", ".tile .mat", '.marking [data-word="picked"]']
    page.route("**/mark/**", lambda route: (time.sleep(0.7), route.continue_()))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    before = [page.locator(place).first.bounding_box() for place in places]
    page.keyboard.press("p")
    pressed(page, ".marking", "picked")
    expect(page.locator(".mark-by").first).to_contain_text("by ana")
    assert [page.locator(place).first.bounding_box() for place in places] == before


def test_keys_mark_in_the_large_view(
    signed_in: Callable[..., BrowserContext], address: str
) -> None:
    page = signed_in(bypass_csp=True).new_page()
    page.goto(address)
    page.locator(".tile-image a.mat").first.click()
    expect(page.locator(".pswp--open .large-count")).to_have_text("1 of 2")
    page.wait_for_function("() => document.activeElement.closest('.pswp')")
    page.keyboard.press("r")
    pressed(page, ".large-marking", "rejected")
    page.keyboard.press("]")
    expect(page.locator(".large-count")).to_have_text("2 of 2")
    pressed(page, ".large-marking", "rejected", on=False)
    page.locator('.large-marking [data-word="picked"]').click()
    pressed(page, ".large-marking", "picked")
    page.keyboard.press("5")
    pressed(page, ".large-marking", "5")
    assert stored() == {("rejected", 0), ("picked", 5)}
    assert violations(page) == []


def test_without_a_chosen_output_the_grid_says_so(page: Page, address: str) -> None:
    page.goto(f"{address}?outputs=grid")
    page.mouse.move(300, 300)
    page.keyboard.press("p")
    expect(page.locator("#notes")).to_contain_text("Choose an output first.")
    page.keyboard.press("]")
    page.keyboard.press("r")
    pressed(page, ".marking", "rejected")
    assert stored() == {("rejected", 0)}
