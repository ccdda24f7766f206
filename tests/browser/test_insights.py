"""Insights: narrowed in place, read by keyboard, on a phone and by programs that read aloud."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.models import Name
from tests.browser.axe import violations
from tests.browser.scenes import too_wide
from tests.domain.insights.histories import PERIOD, history
from tests.services.insights.stored import store_history

Make = Callable[..., BrowserContext]
PAGES = ("", "warm/", "speed/", "failures/", "cost/", "week/")


@pytest.fixture
def runs(site: str) -> None:
    """Eight hundred runs of the last sixty days."""
    later = datetime.now(UTC) - PERIOD.end
    store_history(
        run._replace(created=run.created + later, ended=run.ended and run.ended + later)
        for run in history(800)
    )
    Name.objects.create(kind="machine", upstream_id="flux", text="flux-h100-eu")


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    signed_in: Make, site: str, runs: None, width: int, scheme: str
) -> None:
    size = {"width": width, "height": 844}
    page = signed_in(bypass_csp=True, viewport=size, color_scheme=scheme).new_page()
    for path in PAGES:
        page.goto(f"{site}/insights/{path}")
        expect(page.locator("#listed h2").first).to_be_visible()
        for table in page.locator(".chart-table > summary").all():
            table.click()
        assert violations(page) == [], path
        assert too_wide(page) == {}, path


def test_a_filter_narrows_the_figures_in_place(page: Page, site: str, runs: None) -> None:
    page.goto(f"{site}/insights/")
    whole = page.locator(".insight-lead").text_content()
    page.locator("#facet-gpu > summary").click()
    page.locator("#facet-gpu .facet-row", has_text="L4").locator("input").check()
    expect(page.locator(".insight-lead")).not_to_have_text(whole or "")
    assert "gpu=L4" in page.url and "/insights/?" in page.url
    page.get_by_role("link", name="Failures").click()
    expect(page.locator("#chip-gpu")).to_contain_text("L4")
    page.get_by_role("link", name="GPU L4: remove filter").click()
    expect(page.locator("#chip-gpu")).not_to_contain_text("L4")
    assert "/insights/failures/" in page.url


def test_a_filter_without_runs_says_which_to_take_away(page: Page, site: str, runs: None) -> None:
    page.goto(f"{site}/insights/?gpu=T4")
    expect(page.get_by_text("No run matches these filters")).to_be_visible()
    page.get_by_role("link", name="Take out GPU").click()
    expect(page.locator(".insight-lead")).to_contain_text("starts were cold")


def test_charts_are_read_as_tables_by_keyboard(page: Page, site: str, runs: None) -> None:
    page.goto(f"{site}/insights/")
    table = page.locator(".chart-table").first
    table.locator("summary").focus()
    page.keyboard.press("Enter")
    expect(table.locator("tbody tr").first).to_be_visible()
