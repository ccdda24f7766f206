"""What a hand meets: copying, narrow screens, and a Runboard that falls silent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from dashboard.simulator import Simulator
from tests.browser.conftest import Complaints
from tests.browser.scenes import ask, stop_clock
from tests.builders import answer, body, running, store

LIVE = "#live"


@pytest.fixture
def live_page(page: Page, site: str, upstream: Simulator) -> Page:
    run_id, created = uuid4(), datetime.now(UTC)
    steps = [body(running(run_id, created=created, progress=n / 20)) for n in range(1, 20)]
    upstream.script(run_id, steps)
    page.clock.install()
    page.goto(f"{site}/runs/{run_id}/")
    return page


def drawn_anew(route: Route) -> None:
    """Has a poll answered with a part to draw, never with 304."""
    headers = {name: value for name, value in route.request.headers.items() if name != "hx-ptag"}
    route.continue_(headers=headers)


def narrow(signed_in: Callable[..., BrowserContext], width: int = 390) -> Page:
    return signed_in(viewport={"width": width, "height": 844}).new_page()


def test_a_copied_link_says_so_through_a_poll(live_page: Page) -> None:
    live_page.route("**/live/", drawn_anew)
    button = live_page.locator("[data-copy-link]")
    chip = live_page.locator(f"{LIVE} .chip").first
    stop_clock(live_page)
    chip.click()
    button.click()
    expect(button).to_contain_text("Copied")
    before = live_page.locator(LIVE).get_attribute("data-now")
    ask(live_page)
    expect(live_page.locator(LIVE)).not_to_have_attribute("data-now", before or "")
    expect(button).to_contain_text("Copied")
    assert chip.get_attribute("data-copied") == ""
    live_page.clock.run_for(3000)
    expect(button).to_contain_text("Copy link")
    expect(chip).not_to_have_attribute("data-copied", "")


def test_a_silent_runboard_lets_nothing_tick(live_page: Page) -> None:
    live_page.route("**/live/", lambda route: route.abort())
    for _ in range(3):
        ask(live_page)
    expect(live_page.locator(LIVE)).to_have_attribute("data-blind", "")
    assert live_page.title().startswith("No updates · ")
    clock = live_page.locator(".elapsed-number")
    stop_clock(live_page)
    stood = clock.inner_text()
    live_page.clock.run_for(10_000)
    assert clock.inner_text() == stood
    live_page.clock.resume()
    live_page.unroute("**/live/")
    ask(live_page)
    expect(live_page.locator(LIVE)).not_to_have_attribute("data-blind", "")
    assert not live_page.title().startswith("No updates")
    expect(clock).not_to_have_text(stood)


def test_try_now_says_that_it_asks(page: Page, site: str, upstream: Simulator) -> None:
    run_id = uuid4()
    live = body(running(run_id, created=datetime.now(UTC)))
    upstream.script(run_id, [live, *[(500, {}, "x")] * 20])
    page.goto(f"{site}/runs/{run_id}/")
    button = page.locator(".run-notice button")
    button.wait_for()
    held: list[Any] = []
    page.route("**/refresh/", lambda route: held.append(route))
    button.click()
    expect(button).to_have_text("Checking…")
    expect(button).to_be_disabled()
    held[0].continue_()
    expect(button).to_have_text("Try now")
    expect(button).to_be_enabled()


@pytest.mark.parametrize("width", [360, 390])
@pytest.mark.parametrize("status", ["success", "timeout", "failed"])
def test_axis_labels_keep_apart(
    signed_in: Callable[..., BrowserContext], site: str, width: int, status: str
) -> None:
    run_id = uuid4()
    store(answer(run_id, created=datetime.now(UTC) - timedelta(hours=1), status=status))
    page = narrow(signed_in, width)
    page.goto(f"{site}/runs/{run_id}/")
    page.evaluate("document.fonts.ready")
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('.axis-bar text')]
            .map((text) => text.getBoundingClientRect())
            .filter((box) => box.width).map((box) => [box.left, box.right])"""
    )
    boxes.sort()
    assert len(boxes) >= 2
    assert all(one[1] < after[0] for one, after in zip(boxes, boxes[1:], strict=False)), boxes


def test_the_next_live_card_peeks_in(signed_in: Callable[..., BrowserContext], site: str) -> None:
    for _ in range(3):
        store(running(uuid4(), created=datetime.now(UTC), live_status="Executing " + "Long" * 30))
    page = narrow(signed_in)
    page.goto(site)
    boxes = page.evaluate(
        """() => [...document.querySelectorAll('.card')]
            .map((card) => card.getBoundingClientRect().toJSON())"""
    )
    assert boxes[0]["right"] < boxes[1]["left"] < 390 - 20
    expect(page.get_by_text("No finished runs yet.")).to_be_visible()


def test_a_long_unknown_word_stays_on_the_screen(
    signed_in: Callable[..., BrowserContext], site: str, complaints: Complaints
) -> None:
    run_id = uuid4()
    store(running(run_id, created=datetime.now(UTC), status="W" * 300))
    page = narrow(signed_in)
    for address in (f"/runs/{run_id}/", "/", "/?show=live"):
        page.goto(site + address)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
        assert len(page.title()) < 80
    assert complaints == []


def test_a_link_to_the_log_opens_it(page: Page, site: str, upstream: Simulator) -> None:
    run = store(answer())
    page.goto(f"{site}/runs/{run.uuid}/")
    expect(page.locator("#log")).not_to_have_attribute("open", "")
    page.get_by_role("link", name="Open log").click()
    expect(page.locator("#log")).to_have_attribute("open", "")
