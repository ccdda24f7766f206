"""Keys, the theme, compact rows and tooltips: fetched at the first sign of a hand."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.models import Run
from dashboard.services.runs import labels
from dashboard.simulator import Simulator
from tests.browser.scenes import asked_in, stop_clock, up_to_now
from tests.builders import NOON, answer, body, element, running, stamp, store

SHEET = "#keys"


@pytest.fixture
def three_runs(site: str) -> list[UUID]:
    """Newest first; the one in the middle failed."""
    now = datetime.now(UTC)
    ids = [uuid4() for _ in range(3)]
    for n, run_id in enumerate(ids):
        failed = {"status": "failed"} if n == 1 else {}
        store(answer(run_id, created=now - timedelta(hours=n + 1), **failed))
    return ids


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.href || document.activeElement.id"))


def test_nothing_of_the_hand_is_fetched_before_there_is_one(
    page: Page, site: str, three_runs: list[UUID]
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site)
    page.wait_for_load_state("networkidle")
    assert not [url for url in asked if "keys" in url or "tips" in url or "bell" in url]
    with page.expect_request("**/js/bell*"):  # the last of the three
        page.mouse.move(300, 300)
    assert len([url for url in asked if "/js/keys" in url]) == 1


def test_the_very_first_key_already_counts(page: Page, site: str, three_runs: list[UUID]) -> None:
    page.goto(f"{site}/?show=cold")
    page.keyboard.press("?")
    expect(page.locator(SHEET)).to_be_visible()


def test_the_sheet_lists_only_keys_whose_place_works(
    page: Page, site: str, three_runs: list[UUID]
) -> None:
    page.goto(f"{site}/runs/{three_runs[0]}/")
    page.keyboard.press("?")
    sheet = page.locator(SHEET)
    expect(sheet).to_contain_text("Copy link")
    expect(sheet).not_to_contain_text("Pause live updates")
    expect(sheet).to_contain_text("Share")
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)


def test_j_and_k_move_through_the_list_and_f_finds_what_failed(
    page: Page, site: str, three_runs: list[UUID]
) -> None:
    page.goto(site)
    page.keyboard.press("j")
    expect(page.locator(".cover:focus")).to_have_count(1)
    assert str(three_runs[0]) in focused(page)
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert str(three_runs[2]) in focused(page)
    page.keyboard.press("k")
    page.keyboard.press("k")
    assert str(three_runs[0]) in focused(page)
    page.keyboard.press("f")
    assert str(three_runs[1]) in focused(page)


def test_j_and_k_open_the_neighbours_of_a_run(
    page: Page, site: str, three_runs: list[UUID]
) -> None:
    page.goto(f"{site}/runs/{three_runs[0]}/")
    page.keyboard.press("j")
    page.wait_for_url(f"**/runs/{three_runs[1]}/")
    page.keyboard.press("k")
    page.wait_for_url(f"**/runs/{three_runs[0]}/")
    page.keyboard.press("f")
    page.wait_for_url(f"**/runs/{three_runs[1]}/")


def test_keys_do_nothing_while_typing(page: Page, site: str, three_runs: list[UUID]) -> None:
    page.goto(f"{site}/?show=cold")
    page.keyboard.press("/")
    page.keyboard.type("jkft?")
    expect(page.locator("#q")).to_have_value("jkft?")
    expect(page.locator(SHEET)).to_have_count(0)
    assert page.evaluate("document.documentElement.dataset.theme") is None


def test_keys_can_be_switched_off_and_on_again(
    page: Page, site: str, three_runs: list[UUID]
) -> None:
    page.goto(site)
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_role("switch", name="Single-key shortcuts").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    for key in ("/", "t", "?"):
        page.keyboard.press(key)
    expect(page.locator(SHEET)).to_have_count(0)
    assert focused(page) != "q"
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_role("switch", name="Single-key shortcuts").check()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    expect(page.locator(SHEET)).to_be_visible()


DID = """() => {
    window.did = [];
    for (const name of ['focusin', 'click', 'toggle']) {
        const note = (event) => window.did.push(`${name} ${event.target.outerHTML}`);
        document.addEventListener(name, note, true);
    }
}"""


@pytest.mark.parametrize("viewers", [False, True], ids=["before the viewers", "with the viewers"])
def test_no_key_of_the_sheet_acts_while_keys_are_off(
    page: Page, site: str, upstream: Simulator, viewers: bool
) -> None:
    run_id = uuid4()
    outputs = [element("a.png"), element("b.png")]
    upstream.script(run_id, [body(running(run_id, created=datetime.now(UTC), outputs=outputs))])
    page.goto(f"{site}/runs/{run_id}/")
    if viewers:
        page.locator(".tile").first.hover()
        page.wait_for_function("() => window.runboard.viewers")
    page.keyboard.press("?")
    expect(page.locator(SHEET)).to_be_visible()
    keys = page.locator(f"{SHEET} kbd").all_inner_texts()
    assert {"/", "j", "f", "[", "]", "Space", "c", "s", ".", "t", "?"} <= set(keys)
    page.get_by_role("switch", name="Single-key shortcuts").press("Space")
    page.keyboard.press("Escape")
    expect(page.locator(SHEET)).to_have_count(0)
    if viewers:
        page.locator(".tile a").first.focus()
    page.evaluate(DID)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for key in set(keys) - {"Ctrl"}:
        page.keyboard.press(key)
    assert not [url for url in up_to_now(page, asked) if "/live/" not in url]
    assert page.evaluate("window.did") == []
    assert page.evaluate("document.documentElement.dataset.theme") is None
    assert page.evaluate("Boolean(window.runboard.viewers)") is viewers
    assert page.url == f"{site}/runs/{run_id}/"


@pytest.mark.parametrize("system", ["light", "dark"])
def test_t_turns_the_theme_and_it_is_right_from_the_first_paint_on(
    signed_in: Callable[..., BrowserContext], site: str, three_runs: list[UUID], system: str
) -> None:
    page = signed_in(color_scheme=system).new_page()
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    other = {"light": "dark", "dark": "light"}[system]
    colours = {"light": "rgb(250, 250, 250)", "dark": "rgb(14, 14, 14)"}
    page.goto(site)
    assert page.evaluate(ground) == colours[system]
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", other)
    assert page.evaluate(ground) == colours[other]
    answered = page.reload()
    assert answered and f'data-theme="{other}"' in answered.text()
    page.keyboard.press("t")
    expect(page.locator("html")).not_to_have_attribute("data-theme", other)
    assert page.evaluate(ground) == colours[system]


def test_rows_stand_closer_and_stay_so(page: Page, site: str, three_runs: list[UUID]) -> None:
    page.goto(site)
    row = page.locator(".row").first

    def height() -> float:
        box = row.bounding_box()
        assert box
        return float(box["height"])

    assert 55 <= height() <= 58
    page.get_by_role("button", name="Compact").click()
    expect(page.locator(".rows")).to_have_class("rows is-compact")
    assert 37 <= height() <= 40
    page.reload()
    assert 37 <= height() <= 40
    expect(page.get_by_role("button", name="Compact")).to_have_attribute("aria-pressed", "true")


def test_a_moment_tells_itself_in_full_on_hover(
    signed_in: Callable[..., BrowserContext], site: str, three_runs: list[UUID]
) -> None:
    page = signed_in(timezone_id="Asia/Tokyo").new_page()
    page.goto(f"{site}/runs/{three_runs[0]}/")
    page.locator(".run-sub time").first.hover()
    page.mouse.move(*_middle(page, ".run-sub time"))
    tip = page.locator(".tip")
    expect(tip).to_contain_text("Asia/Tokyo")
    expect(tip).to_contain_text("UTC")
    expect(tip).to_contain_text("Click to copy ISO 8601")
    page.keyboard.press("Escape")
    expect(tip).to_be_hidden()


def _middle(page: Page, selector: str) -> tuple[float, float]:
    box = page.locator(selector).first.bounding_box()
    assert box
    return box["x"] + box["width"] / 2 + 1, box["y"] + box["height"] / 2


def test_a_moment_tells_itself_on_focus_and_enter_copies_it(
    signed_in: Callable[..., BrowserContext], site: str, three_runs: list[UUID]
) -> None:
    context = signed_in()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/runs/{three_runs[0]}/")
    page.keyboard.press("Tab")
    moment = page.locator(".run-sub time").first
    moment.focus()
    tip = page.locator(".tip")
    expect(tip).to_contain_text("UTC")
    expect(moment).to_have_attribute("aria-describedby", "tip")
    page.keyboard.press("Enter")
    expect(tip).to_have_text("Copied")
    copied = datetime.fromisoformat(page.evaluate("navigator.clipboard.readText()"))
    shown = datetime.fromisoformat(moment.get_attribute("datetime") or "")
    assert abs(copied - shown) < timedelta(milliseconds=2)


def test_a_tap_opens_a_moment(
    signed_in: Callable[..., BrowserContext], site: str, three_runs: list[UUID]
) -> None:
    page = signed_in(has_touch=True, viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{site}/runs/{three_runs[0]}/")
    page.locator(".run-sub time").first.tap()
    expect(page.locator(".tip")).to_contain_text("Tap again to copy ISO 8601")


def test_a_row_tells_its_moment_and_its_state(
    page: Page, site: str, three_runs: list[UUID]
) -> None:
    page.goto(f"{site}/?show=cold")
    page.mouse.move(*_middle(page, ".row .c-when time"))
    page.mouse.move(*(at + 1 for at in _middle(page, ".row .c-when time")))
    expect(page.locator(".tip")).to_contain_text("UTC")
    page.mouse.move(*_middle(page, ".row .state"))
    expect(page.locator(".tip")).to_contain_text("Finished without errors")
    assert page.locator(".row .state").first.get_attribute("title") is None


def test_a_live_page_can_be_paused(page: Page, site: str, upstream: Simulator) -> None:
    run_id = uuid4()
    made: dict[str, Any] = {"created": datetime.now(UTC), "outputs": [element()]}
    upstream.script(run_id, [body(running(run_id, **made))])
    page.clock.install()
    page.goto(f"{site}/runs/{run_id}/")
    page.keyboard.press(".")
    expect(page.locator(".fresh")).to_contain_text("Paused")
    clock = page.locator(".elapsed-number")
    stop_clock(page)
    stood = clock.inner_text()
    assert [url for url in asked_in(page, 20) if "/live/" in url] == []
    assert clock.inner_text() == stood
    page.clock.resume()
    page.get_by_role("button", name="Pause live updates").click()
    expect(page.locator(".fresh")).to_contain_text("Updated")
    expect(clock).not_to_have_text(stood)


def test_the_next_output_is_another_one_and_one_without_a_link_holds_nobody_up(
    page: Page, site: str
) -> None:
    outputs = [element(f"{n}.png") for n in "abc"]
    outputs[1]["data"] = {"files": [{"filename": "b.bin", "url": ""}]}
    for second, one in enumerate(outputs):
        one["created_at"] = stamp(NOON + timedelta(seconds=second))
    run = store(answer(created=datetime.now(UTC), outputs=outputs))
    page.goto(f"{site}/runs/{run.uuid}/")
    current = page.locator(".strip-item[aria-current]")
    expect(current).to_contain_text("1 of 3")
    for place in (2, 3):
        page.keyboard.press("]")
        expect(current).to_contain_text(f"{place} of 3")
    page.keyboard.press("[")
    expect(current).to_contain_text("2 of 3")


def test_older_and_newer_stay_in_the_lists_filter(
    page: Page, site: str, three_runs: list[UUID]
) -> None:
    first, _, last = three_runs
    for run_id in (first, last):
        labels.add_tag(Run.objects.get(uuid=run_id), "hero", None)
    page.goto(f"{site}/?tag=hero")
    page.locator(f'a[href="/runs/{first}/"]').click()
    page.get_by_role("link", name="Older").click()
    expect(page).to_have_url(f"{site}/runs/{last}/")
    page.get_by_role("link", name="Older").click()
    expect(page).to_have_url(f"{site}/?tag=hero")
    page.goto(f"{site}/")
    page.locator(f'a[href="/runs/{first}/"]').click()
    page.get_by_role("link", name="Older").click()
    expect(page).not_to_have_url(f"{site}/runs/{last}/")
