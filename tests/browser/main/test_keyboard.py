"""A run is pasted, looked at and shared without a mouse."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from dashboard.simulator import Simulator
from tests.browser.conftest import Complaints
from tests.browser.scenes import done_run


def test_paste_look_and_share_by_keyboard_alone(
    signed_in: Callable[..., BrowserContext],
    site: str,
    upstream: Simulator,
    complaints: Complaints,
) -> None:
    run_id = done_run(upstream)
    page = signed_in().new_page()
    page.goto(site)
    page.keyboard.press("/")
    page.keyboard.type(str(run_id))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/runs/{run_id}/")
    expect(page.locator("#outputs img").first).to_be_visible()
    page.wait_for_load_state()  # no script takes a key before
    page.keyboard.press("]")
    page.wait_for_function("() => document.activeElement.closest('.tile')")
    page.keyboard.press("Space")
    expect(page.locator(".pswp--open .large-count")).to_have_text("2 of 2")
    page.wait_for_function("() => document.activeElement.closest('.pswp')")
    page.keyboard.press("Escape")
    expect(page.locator(".pswp")).to_have_count(0)
    page.keyboard.press("s")
    dialog = page.locator("#share-dialog")
    expect(dialog).to_be_visible()
    for _ in range(20):
        if page.evaluate("document.activeElement.textContent.includes('Create link')"):
            break
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(dialog.get_by_label("Share link", exact=True)).to_be_visible()
    assert complaints == []
