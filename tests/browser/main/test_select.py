"""Several runs at once: selected by keyboard, tagged, and the tag taken off again."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from dashboard.models import Label
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.builders import answer, store


def test_runs_are_selected_and_tagged_by_keyboard(
    signed_in: Callable[..., BrowserContext], site: str, complaints: Complaints
) -> None:
    page = signed_in(bypass_csp=True).new_page()
    for _ in range(4):
        store(answer())
    page.goto(site)
    bar = page.get_by_role("region", name="Selected runs")
    expect(bar).to_be_hidden()
    page.keyboard.press("j")
    expect(page.locator(".row").first.locator(".cover")).to_be_focused()
    page.keyboard.press("x")
    expect(bar).to_contain_text("1 run")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.locator(".row").nth(2).locator(".cover")).to_be_focused()
    page.keyboard.press("Shift+X")
    expect(bar).to_contain_text("3 runs")
    assert violations(page) == []
    page.keyboard.press("t")
    expect(page.get_by_label("Tag 3 runs")).to_be_focused()
    page.keyboard.type("hero")
    page.keyboard.press("Enter")
    expect(bar).to_contain_text("Tagged 3 runs.")
    expect(page.locator(".row .tag", has_text="hero")).to_have_count(3)
    expect(page.locator(".tick:checked")).to_have_count(3)
    bar.get_by_role("button", name="Undo").click()
    expect(bar).to_contain_text("Undone.")
    expect(page.locator(".row .tag")).to_have_count(0)
    assert not Label.objects.exists()
    page.keyboard.press("Escape")
    expect(bar).to_be_hidden()
    assert complaints == []
