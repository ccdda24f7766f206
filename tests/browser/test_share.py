"""Sharing by hand: a link made on the run's page, opened in a clean browser, revoked."""

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from dashboard.models import Share
from dashboard.services import clock
from dashboard.simulator import Simulator
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.scenes import done_run, share_from
from tests.builders import body, running, store


def test_a_live_shared_page_updates_and_goes_when_it_is_revoked(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    payload = running()
    run = store(payload)
    upstream.script(run.uuid, [(200, {}, body(running(run.uuid, progress=0.8)))])
    link = share_from(signed_in().new_page(), site, run.uuid)
    reader = signed_in(None).new_page()
    reader.goto(link)
    expect(reader.locator("#live")).to_contain_text("80")
    Share.objects.update(revoked_at=clock.now())
    expect(reader.get_by_role("heading", name="This link no longer works")).to_be_visible()


def test_the_whole_way_by_keyboard_and_the_preview_follows(
    page: Page, site: str, upstream: Simulator, complaints: Complaints
) -> None:
    page.goto(f"{site}/runs/{done_run(upstream)}/")
    expect(page.locator("#outputs img").first).to_be_visible()
    page.keyboard.press("s")
    dialog = page.locator("#share-dialog")
    expect(dialog).to_be_visible()
    before = dialog.locator("img").get_attribute("src")
    with page.expect_request(lambda sent: "/share/?" in sent.url) as asked:
        dialog.get_by_label("Times").focus()
        page.keyboard.press("Space")
    assert "csrf" not in asked.value.url
    expect(dialog.locator(".share-card strong")).to_have_text("✓ Shared run")
    assert dialog.locator("img").get_attribute("src") != before
    dialog.get_by_role("textbox", name="Title").focus()
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("For Max")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Share link", exact=True)).to_be_visible()
    focused = page.evaluate("document.activeElement.textContent")
    assert "Copy link" in focused
    assert Share.objects.get().title == "For Max"
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert dialog.evaluate("one => one.childElementCount") == 0
    assert complaints == []


def test_the_preview_is_of_what_was_given_last_when_answers_come_late(
    page: Page, site: str, upstream: Simulator
) -> None:
    page.goto(f"{site}/runs/{done_run(upstream)}/share/")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        route.continue_() if held else held.append(route)

    page.route(lambda url: "/share/?" in url, hold_the_first)
    with page.expect_request(lambda sent: "/share/?" in sent.url):
        page.get_by_label("Times").click()
    page.get_by_role("textbox", name="Title").fill("For Max")
    page.keyboard.press("Tab")
    held[0].continue_()  # the first answer comes in the moment before the second is asked for
    expect(page.locator(".share-card strong")).to_have_text("✓ For Max")


@pytest.mark.parametrize("width", [390, 1440])
def test_dialog_page_and_list_are_sound(
    signed_in: Callable[..., BrowserContext],
    site: str,
    upstream: Simulator,
    width: int,
) -> None:
    run_id = done_run(upstream)
    page = signed_in(viewport={"width": width, "height": 844}, bypass_csp=True).new_page()
    link = share_from(page, site, run_id)
    for address in (
        None,
        link,
        f"{site}/runs/{run_id}/share/",
        f"{site}/shares/",
        f"{site}/s/{'x' * 32}/",
    ):
        if address:
            page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert violations(page) == [], address
