"""The filters of the list, by keyboard."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect

from tests.builders import answer, store

ROW = "tr.row"


@pytest.fixture
def runs(site: str) -> None:
    """Twelve GPUs and more, two runs on the first."""
    now = datetime.now(UTC)
    for n, gpu in enumerate(["H100", *(f"G{number}" for number in range(12)), "H100"]):
        status = "failed" if n == 3 else "success"
        store(answer(gpu=gpu, status=status, created=now - timedelta(minutes=n + 1)))


def test_a_facet_narrows_the_list_by_keyboard(page: Page, site: str, runs: None) -> None:
    page.goto(site)
    page.locator("#facet-gpu > summary").focus()
    page.keyboard.press("Enter")
    first = page.locator("#facet-gpu .facet-row input").first
    expect(first).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.type("H1")
    expect(page.locator("#facet-gpu .facet-row:visible")).to_have_count(1)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator(ROW)).to_have_count(2)
    assert page.url == f"{site}/?gpu=H100"
    expect(page.locator("#facet-gpu .facet-foot")).to_contain_text("2 of 14 runs")
    expect(page.locator("#tabs")).to_contain_text("All2")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#facet-gpu")).not_to_have_attribute("open", "")
    expect(page.locator("#facet-gpu > summary")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(ROW)).to_have_count(14)
    assert page.url == f"{site}/"
    expect(page.locator("#facet-gpu > summary")).to_be_focused()
    page.go_back()
    expect(page.locator(ROW)).to_have_count(2)
