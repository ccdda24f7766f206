"""Saved views: what is being typed stays, and on a phone they are in a menu."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.services.runs import saved_views
from tests.browser.axe import violations
from tests.builders import answer, person, store


@pytest.fixture(autouse=True)
def views() -> None:
    store(answer(created=datetime.now(UTC), gpu="H100"))
    ben = person("ben")
    for number in range(7):
        saved_views.save(f"View {number}", f"total=>{number + 1}", ben, shared=True)


def test_the_first_five_are_in_the_row_and_the_rest_in_a_menu(page: Page, site: str) -> None:
    page.goto(f"{site}/?gpu=H100")
    expect(page.locator(".saved-views a")).to_have_count(5)
    page.get_by_text("2 more views").click()
    shown = page.locator(".more-views a:visible")
    expect(shown).to_have_text(["View 5", "View 6"])


def test_on_a_phone_all_are_in_the_menu(
    signed_in: Callable[..., BrowserContext], site: str
) -> None:
    page = signed_in(
        viewport={"width": 390, "height": 844}, has_touch=True, bypass_csp=True
    ).new_page()
    page.goto(f"{site}/?total=>1")
    page.get_by_text("7 views").tap()
    expect(page.locator(".more-views a:visible")).to_have_count(7)
    assert page.locator(".more-views .menu-list").bounding_box()["x"] >= 0  # type: ignore[index]
    assert violations(page) == []
    page.get_by_role("link", name="View 6").tap()
    page.locator(".view-menu > summary").tap()
    page.get_by_text("Rename", exact=True).tap()
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.locator(".save-view > summary").tap()
    assert page.locator(".save-view .menu-list").bounding_box()["x"] >= 0  # type: ignore[index]
    assert violations(page) == []


def test_a_half_typed_name_stays_when_the_list_is_told_of_new_runs(page: Page, site: str) -> None:
    page.goto(f"{site}/?gpu=H100")
    page.locator(".save-view > summary").click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("Half a na")
    store(answer(created=datetime.now(UTC), gpu="H100"))
    page.evaluate("htmx.trigger(document.body, 'runs-changed')")
    expect(page.locator("tbody tr")).to_have_count(2)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Half a na")
    expect(page.get_by_label("Name", exact=True)).to_be_focused()


def test_a_refused_name_is_still_there(signed_in: Callable[..., BrowserContext], site: str) -> None:
    page = signed_in(bypass_csp=True).new_page()
    page.goto(f"{site}/?gpu=H100")
    page.locator(".save-view > summary").click()
    expect(page.get_by_label("Name", exact=True)).to_be_focused()
    page.keyboard.type("view 3")
    page.get_by_label("For everybody").check()
    assert violations(page) == []
    page.get_by_label("Name", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.locator("#view-refused")).to_have_text(
        "There is a view “view 3” already. Choose another name."
    )
    expect(page.get_by_label("Name", exact=True)).to_have_value("view 3")
    assert violations(page) == []
    page.get_by_label("Name", exact=True).fill("View 8")
    page.get_by_role("button", name="Save view").click()
    expect(page.locator(".view-menu")).to_be_visible()
