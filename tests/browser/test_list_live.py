"""The open list while runs come and end."""

from datetime import UTC, datetime
from uuid import uuid4

from playwright.sync_api import Page, expect

from tests.browser.conftest import Complaints
from tests.builders import answer, running, store


def test_a_run_that_ends_goes_from_the_cards_to_the_table(
    page: Page, site: str, complaints: Complaints
) -> None:
    run_id, created = uuid4(), datetime.now(UTC)
    store(answer())
    store(running(run_id, created=created))
    page.clock.install()
    page.goto(f"{site}/")
    page.evaluate("() => { window.stillTheSamePage = true; }")
    expect(page.locator("#now")).to_contain_text(str(run_id)[:8])
    expect(page.locator("#active")).to_have_text("1 live")
    top = "document.getElementById('listed').getBoundingClientRect().top"
    stood = page.evaluate(top)
    store(answer(run_id, created=created))
    page.clock.fast_forward(5000)
    expect(page.locator(f"#listed #row-{run_id}")).to_be_visible()
    expect(page.locator("#now")).not_to_contain_text(str(run_id)[:8])
    expect(page.locator("#active")).to_be_hidden()
    assert page.evaluate(top) == stood
    told = page.get_by_role("heading", name="No live runs").bounding_box()
    assert told and told["width"] > 100 and told["height"] >= 16
    assert page.evaluate("() => window.stillTheSamePage")
    assert complaints == []
