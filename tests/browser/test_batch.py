"""The page of a batch moves with its runs."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, expect

from dashboard.models import Run
from dashboard.simulator import Simulator
from tests.browser.axe import violations
from tests.browser.pages import batch_of
from tests.browser.scenes import ask, picture_of, too_wide
from tests.builders import answer, store


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_moves_as_a_run_ends(
    signed_in: Callable[..., BrowserContext],
    site: str,
    upstream: Simulator,
    complaints: list[str],
    scheme: str,
) -> None:
    now = datetime.now(UTC)
    batch = batch_of(upstream, now)
    page = signed_in(bypass_csp=True, color_scheme=scheme).new_page()
    page.goto(f"{site}/batches/{batch}/")
    expect(page.locator("#batch-headline")).to_have_text("9 of 11 finished, 2 failed")
    expect(page.locator(".batch-grid li")).to_have_count(6)
    live = Run.objects.get(batch_id=str(batch), status="running")
    store(answer(live.uuid, created=now, outputs=[picture_of(upstream, live.uuid, "new.png")]))
    ask(page, "#batch")
    expect(page.locator("#batch-headline")).to_have_text("10 of 11 finished, 2 failed")
    expect(page.locator(".batch-grid li")).to_have_count(7)
    assert violations(page) == []
    page.locator(".batch-grid a").first.click()
    page.get_by_role("link", name="Run 1 of 11 in this batch").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Batch of 11 runs")
    page.set_viewport_size({"width": 360, "height": 844})
    assert too_wide(page) == {}
    assert complaints == []


def test_filters_are_taken_away_by_their_chips(
    signed_in: Callable[..., BrowserContext], site: str
) -> None:
    machine = str(uuid4())
    run = store(answer(machine_id=machine))
    other = store(answer())
    page = signed_in().new_page()
    page.goto(f"{site}/runs/{run.uuid}/")
    page.locator(f'.facts a[href="/?machine={machine}"]').click()
    rows = page.locator(".row")
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="Needs attention").click()
    expect(page.locator(".nothing")).to_contain_text("Without Status there is 1.")
    page.get_by_role("link", name=f"Machine {machine[:8]}: remove filter").click()
    expect(page.locator("#chip-machine.is-set")).to_have_count(0)
    page.locator("#tabs").get_by_role("link", name=re.compile(r"^All\b")).click()
    expect(rows).to_have_count(2)
    expect(page.locator(f'a[href="/runs/{other.uuid}/"]')).to_be_visible()
