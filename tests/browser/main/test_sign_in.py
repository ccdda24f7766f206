"""Whoever follows a link without being signed in lands where it leads."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext, expect

from tests.browser.conftest import Complaints
from tests.builders import answer, person, store


def test_a_guest_signs_in_and_lands_where_the_link_leads(
    signed_in: Callable[..., BrowserContext], site: str, complaints: Complaints
) -> None:
    person("ben", password="a long password 42")
    run = store(answer())
    page = signed_in(None).new_page()
    wanted = f"{site}{run.get_absolute_url()}?output=1#history"
    page.goto(wanted)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    assert str(run.uuid)[:8] not in page.locator("main").inner_text()
    page.get_by_label("Name").fill("ben")
    page.get_by_label("Password").fill("a long password 42")
    page.keyboard.press("Enter")
    expect(page).to_have_url(wanted)
    expect(page.locator("#verdict")).to_contain_text("Cold start took")
    page.goto(f"{site}/")
    expect(page.locator(".row")).to_have_count(1)
    assert complaints == []
