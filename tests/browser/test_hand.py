"""What a hand meets: pasting, copying, narrow screens, and a Runboard that falls silent."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID, uuid4

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


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (1, "1 run ID found: "),
        (2, "2 run IDs found"),
        (250, "250 run IDs found, the first 200 open"),
    ],
)
def test_the_box_says_what_it_will_open(page: Page, site: str, ids: int, said: str) -> None:
    page.goto(site)
    page.locator("#q").fill(" ".join(str(UUID(int=n + 1)) for n in range(ids)))
    expect(page.locator("[data-box-message]")).to_contain_text(said)


def previews(page: Page) -> list[str]:
    """What the box asks, as it is asked."""
    asked: list[str] = []
    page.route("**/runs/preview/", lambda route: (asked.append(body_of(route)), route.fallback()))
    return asked


def body_of(route: Route) -> str:
    return parse_qs(route.request.post_data or "").get("q", [""])[0]


def test_the_box_asks_once_for_what_was_typed_and_keeps_it(
    page: Page, site: str, complaints: Complaints
) -> None:
    page.goto(site)
    asked, run_id = previews(page), str(uuid4())
    page.locator("#q").press_sequentially(run_id, delay=5)
    expect(page.locator("[data-box-message] code")).to_have_text(run_id)
    assert asked == [run_id]
    expect(page.locator("#q")).to_have_value(run_id)
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("[data-box-message]")).to_have_attribute("aria-live", "polite")
    assert complaints == []


def test_an_empty_box_asks_nothing_and_says_nothing(
    page: Page, site: str, complaints: Complaints
) -> None:
    page.goto(site)
    asked = previews(page)
    page.locator("#q").fill(str(uuid4()))
    expect(page.locator("[data-box-message]")).to_contain_text("1 run ID found: ")
    page.locator("#q").fill("  ")
    assert page.locator("[data-box-message]").inner_html() == ""
    page.locator("#q").fill("")
    page.wait_for_timeout(500)
    assert len(asked) == 1
    assert page.locator("[data-box-message]").inner_html() == ""
    assert complaints == []


def test_the_last_input_wins_over_a_late_answer(
    page: Page, site: str, complaints: Complaints
) -> None:
    page.goto(site)
    held: list[Route] = []
    page.route("**/runs/preview/", lambda route: held.append(route))
    first, second = str(uuid4()), str(uuid4())
    with page.expect_request("**/runs/preview/"):
        page.locator("#q").fill(first)
    with page.expect_request("**/runs/preview/"):
        page.locator("#q").fill(f"{first} {second}")
    while len(held) < 2:
        page.wait_for_timeout(20)
    for route in held[::-1]:
        route.fallback()
    expect(page.locator("[data-box-message]")).to_have_text("2 run IDs found")
    page.wait_for_timeout(200)
    expect(page.locator("[data-box-message]")).to_have_text("2 run IDs found")
    assert len(held) == 2
    assert complaints == []


def test_the_box_of_a_run_says_it_too(page: Page, site: str, complaints: Complaints) -> None:
    page.goto(f"{site}/runs/{store(answer()).uuid}/")
    page.locator("#q").fill(f"{uuid4()} {uuid4()} {uuid4()}")
    expect(page.locator(".box-small .box-message")).to_have_text("3 run IDs found")
    assert complaints == []


def test_a_pasted_column_stays_apart(page: Page, site: str) -> None:
    page.goto(site)
    text = f"{uuid4()}\n{uuid4()}\r\n"
    page.locator("#q").evaluate(
        """(box, text) => {
            const clipboardData = new DataTransfer();
            clipboardData.setData('text/plain', text);
            const how = {clipboardData, bubbles: true, cancelable: true};
            box.dispatchEvent(new ClipboardEvent('paste', how));
        }""",
        text,
    )
    expect(page.locator("[data-box-message]")).to_have_text("2 run IDs found")


def test_what_was_wrong_with_a_paste_goes_with_the_next_letter(page: Page, site: str) -> None:
    store(answer())
    page.goto(site)
    page.locator("#q").fill("password=nothing")
    page.keyboard.press("Enter")
    expect(page.locator(".box-message.is-bad")).to_contain_text("No run ID in there")
    page.locator("#q").press("x")
    expect(page.locator(".is-bad")).to_have_count(0)
    assert page.locator("[data-box-message]").inner_html() == ""


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
    assert live_page.title().startswith("Lost sight · ")
    clock = live_page.locator(".elapsed-number")
    stop_clock(live_page)
    stood = clock.inner_text()
    live_page.clock.run_for(10_000)
    assert clock.inner_text() == stood
    live_page.clock.resume()
    live_page.unroute("**/live/")
    ask(live_page)
    expect(live_page.locator(LIVE)).not_to_have_attribute("data-blind", "")
    assert not live_page.title().startswith("Lost sight")
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
    expect(button).to_have_text("Asking…")
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
    expect(page.get_by_text("No run has ended yet.")).to_be_visible()


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


def test_pasted_runs_appear_as_they_are_found(
    page: Page, site: str, upstream: Simulator, complaints: Complaints
) -> None:
    ids, created = [uuid4(), uuid4()], datetime.now(UTC)
    for run_id in ids:
        upstream.script(run_id, [body(answer(run_id, created=created))])
    page.goto(site)
    page.locator("#q").fill(" ".join(map(str, ids)))
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator("#found")).to_contain_text("1 still loading")
    page.evaluate("window.stillTheSamePage = true")
    store(answer(ids[1], created=created))
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator("#found")).not_to_have_attribute("hx-trigger", "every 3s")
    assert page.evaluate("window.stillTheSamePage") is True
    assert complaints == []


def test_a_link_to_the_log_opens_it(page: Page, site: str, upstream: Simulator) -> None:
    run = store(answer())
    page.goto(f"{site}/runs/{run.uuid}/")
    expect(page.locator("#log")).not_to_have_attribute("open", "")
    page.get_by_role("link", name="Open the log").click()
    expect(page.locator("#log")).to_have_attribute("open", "")
