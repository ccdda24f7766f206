"""What changed since the last good run, where the page is narrow."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from playwright.sync_api import BrowserContext, expect

from tests.builders import answer, store


def test_a_phone_names_the_good_run_above_the_differences(
    signed_in: Callable[..., BrowserContext], site: str
) -> None:
    now = datetime.now(UTC)
    good = store(answer(created=now - timedelta(hours=1), workflow_inputs={"frames": 96}))
    run = store(answer(created=now, status="failed", workflow_inputs={"frames": 121}))
    page = signed_in(viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{site}/runs/{run.uuid}/")
    link = page.locator("#changed").get_by_role("link", name=good.short_id)
    expect(link).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
