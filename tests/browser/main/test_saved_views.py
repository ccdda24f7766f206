"""A view of the list by hand: saved, opened, made the default, deleted."""

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.builders import answer, store


@pytest.fixture(autouse=True)
def run() -> None:
    store(answer(created=datetime.now(UTC), gpu="H100"))


def test_a_view_is_saved_used_made_the_default_and_deleted(
    page: Page, site: str, complaints: Complaints
) -> None:
    page.goto(f"{site}/?gpu=H100&created=7d")
    page.locator(".save-view > summary").press("Enter")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("Big ones")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")  # for everybody
    page.keyboard.press("Enter")
    view = page.get_by_role("link", name="Big ones")
    expect(view).to_have_attribute("aria-current", "page")

    page.goto(f"{site}/?all=1")
    view.click()
    expect(page).to_have_url(re.compile("gpu=H100&created=7d&saved="))
    menu = page.locator(".view-menu > summary")
    menu.press("Enter")
    page.get_by_role("button", name="Open Runs with this view").press("Enter")
    page.get_by_role("link", name="Runs", exact=True).click()
    expect(view).to_have_attribute("aria-current", "page")

    page.get_by_role("link", name=re.compile("GPU H100: remove")).click()
    expect(page).not_to_have_url(re.compile("gpu="))
    page.get_by_role("link", name=re.compile("Created.*remove")).click()
    expect(page).to_have_url(f"{site}/?all=1")

    view.click()
    menu.click()
    page.get_by_text("Delete", exact=True).click()
    page.get_by_role("button", name="Delete view for everybody").click()
    expect(page).to_have_url(f"{site}/")
    expect(view).to_have_count(0)
    assert complaints == []
