"""The page of patterns fits every width, and axe finds nothing on it in either theme."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.axe import violations


@pytest.mark.timeout(400)  # axe reads some thousand elements
def test_every_pattern_fits_and_is_sound(
    signed_in: Callable[..., BrowserContext], site: str, settings: Any
) -> None:
    settings.DEBUG = True
    page = signed_in(viewport={"width": 360, "height": 900}, bypass_csp=True).new_page()
    page.goto(f"{site}/patterns/", wait_until="domcontentloaded")
    expect(page.get_by_role("heading", name="Patterns")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.set_viewport_size({"width": 1440, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    left = (
        "() => [...document.querySelectorAll('[data-drawn]')].every((one) => one.children.length)"
    )
    page.wait_for_function(left)
    expect(page.locator("[data-drawn=paused]")).to_contain_text("Paused")
    expect(page.locator("[data-drawn='a note that stays'] .note-close")).to_be_visible()
    expect(page.locator("[data-drawn=keys] .sheet kbd")).not_to_have_count(0)
    assert violations(page) == []
