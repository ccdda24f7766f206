"""Titles, stars, tags and notes by hand: by keyboard, without JavaScript, on a phone."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.domain.roles import VIEWER
from dashboard.models import Run
from dashboard.services.runs import labels
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.builders import answer, person, running, store


@pytest.fixture
def run() -> Run:
    return store(answer(created=datetime.now(UTC)))


def open_run(page: Page, site: str, run: Run) -> None:
    page.goto(site + run.get_absolute_url())


def test_everything_is_put_on_by_keyboard(
    page: Page, site: str, run: Run, complaints: Complaints
) -> None:
    open_run(page, site, run)
    page.locator("#rename summary").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Run title")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#rename summary")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Run title")).to_be_focused()
    page.keyboard.type("Coastal series")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Coastal series")

    star = page.get_by_role("button", name="Star Coastal series")
    star.focus()
    page.keyboard.press("Enter")
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(star).to_be_focused()
    page.keyboard.press("Enter")
    expect(star).to_have_attribute("aria-pressed", "false")

    page.locator(".tag-add").focus()
    page.keyboard.press("Enter")
    for text in ("hero", "final cut"):
        expect(page.get_by_label("New tag")).to_be_focused()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        expect(page.get_by_role("link", name=text)).to_be_visible()
        expect(page.get_by_label("New tag")).to_have_value("")
    page.get_by_role("button", name="Remove tag hero").press("Enter")
    expect(page.get_by_role("link", name="hero")).to_have_count(0)

    page.get_by_label("New note").focus()
    page.keyboard.type("Retake the wave")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".written-text")).to_have_text("Retake the wave")
    expect(page.get_by_label("New note")).to_have_value("")
    assert complaints == []


def test_a_label_of_somebody_else_arrives_and_leaves_what_is_being_written(
    page: Page, site: str, upstream: object
) -> None:
    live = store(running(created=datetime.now(UTC)))
    open_run(page, site, live)
    page.get_by_label("New note").type("half a sen")
    labels.add_tag(live, "urgent", person("ben"))
    labels.add_note(live, "look at this", None)
    expect(page.get_by_role("link", name="urgent")).to_be_visible()
    expect(page.locator(".written-text")).to_have_text("look at this")
    expect(page.get_by_label("New note")).to_have_value("half a sen")
    expect(page.get_by_label("New note")).to_be_focused()


def test_a_card_is_starred_in_one_click(page: Page, site: str, complaints: Complaints) -> None:
    live = store(running(created=datetime.now(UTC)))
    page.goto(site)
    star = page.locator(".card .star")
    star.click()
    expect(star).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(f"{site}/")
    live.refresh_from_db()
    assert live.starred
    assert complaints == []


def test_it_works_without_javascript(
    signed_in: Callable[..., BrowserContext], site: str, run: Run
) -> None:
    page = signed_in(java_script_enabled=False).new_page()
    open_run(page, site, run)
    page.click("#rename summary")
    page.fill("#title-text", "Coastal series")
    page.click("text=Save")
    expect(page.locator("h1")).to_have_text("Coastal series")
    page.click(".actions .star")
    expect(page.locator(".actions .star")).to_have_attribute("aria-pressed", "true")
    page.click(".tag-add")
    page.fill("#tag-text", "hero")
    page.click("text=Add >> nth=0")
    page.fill("#note-text", "a note")
    page.click("text=Add note")
    expect(page.locator(".written-text")).to_have_text("a note")
    page.goto(f"{site}/?tag=hero&starred=1")
    expect(page.locator(".row .cover")).to_have_text("Coastal series")


@pytest.mark.parametrize("name", ["ana", "vera"])
def test_labels_are_accessible_and_fit_a_phone(
    signed_in: Callable[..., BrowserContext], site: str, run: Run, name: str
) -> None:
    person("vera", VIEWER)
    for text in ("hero", "x" * 40):
        labels.add_tag(run, text, None)
    labels.set_title(run, "w" * 120, None)
    labels.set_star(run, True, None)
    labels.add_note(run, "y" * 300, None)
    narrow = {"width": 360, "height": 740}
    context = signed_in(name, viewport=narrow, bypass_csp=True)
    page = context.new_page()
    for address in (run.get_absolute_url(), "/", "/?tag=hero"):
        page.goto(site + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
        assert violations(page) == []
    open_run(page, site, run)
    expect(page.locator("#rename")).to_have_count(int(name == "ana"))
    if name == "ana":
        page.click("#rename summary")
        page.click(".tag-add")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
