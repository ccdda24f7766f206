"""The filters of the list: by keyboard, with a mouse, on a phone, and without a script."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import violations
from tests.builders import answer, store

ROW = "tr.row"


@pytest.fixture
def runs(site: str) -> None:
    """Twelve GPUs and more, two runs on the first."""
    now = datetime.now(UTC)
    for n, gpu in enumerate(["H100", *(f"G{number}" for number in range(12)), "H100"]):
        status = "failed" if n == 3 else "success"
        store(answer(gpu=gpu, status=status, created=now - timedelta(minutes=n + 1)))


def test_a_further_facet_opens_in_place_and_its_chip_is_solid(
    page: Page, site: str, runs: None
) -> None:
    page.goto(site)
    page.locator("#facet-more > summary").click()
    page.get_by_role("link", name="Origin").click()
    box = page.locator("#facet-more .facet-row input").first
    expect(box).to_be_focused()
    box.check()
    expect(page.locator("#chip-origin.is-set")).to_be_visible()
    page.locator("h1").dispatch_event("click")
    expect(page.locator(".facet[open]")).to_have_count(0)


def test_axe_finds_nothing_in_open_facets(
    signed_in: Callable[..., BrowserContext], site: str, runs: None
) -> None:
    page = signed_in(bypass_csp=True).new_page()
    page.goto(f"{site}/?gpu=H100,G1&start!=unknown&created=7d")
    for name in ("gpu", "created", "duration", "more"):
        page.locator(f"#facet-{name} > summary").click()
        expect(page.locator(f"#facet-{name} .facet-form")).to_be_visible()
        assert violations(page) == [], name
    page.goto(f"{site}/runs/facets/gpu/?gpu=H100")
    assert violations(page) == []


def test_an_empty_list_leads_out(page: Page, site: str, runs: None) -> None:
    page.goto(f"{site}/?gpu=T4&status=success")
    expect(page.locator(".nothing")).to_contain_text("Without GPU there are 13.")
    page.get_by_role("link", name="Show without GPU").click()
    expect(page.locator(ROW)).to_have_count(13)


def test_on_a_phone_a_button_unfolds_the_chips(
    signed_in: Callable[..., BrowserContext], site: str, runs: None
) -> None:
    page = signed_in(viewport={"width": 390, "height": 844}, has_touch=True).new_page()
    page.goto(f"{site}/?gpu=H100&status=success")
    expect(page.locator("#filter-count")).to_have_text("2")
    more = page.locator("#chip-more")
    expect(more).not_to_be_in_viewport()
    page.locator(".filter-open summary").click()
    expect(more).to_be_in_viewport()
    page.locator("#facet-gpu > summary").click()
    page.locator("#facet-gpu .facet-row input").nth(1).check()
    expect(page.locator(ROW)).to_have_count(3)
    expect(page.locator("#facet-gpu .facet-row").first).to_be_in_viewport()
    sizes = page.locator(".facet-chip :is(summary, a):visible").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_without_a_script_a_facet_is_a_page_with_a_form(
    signed_in: Callable[..., BrowserContext], site: str, runs: None
) -> None:
    page = signed_in(java_script_enabled=False).new_page()
    page.goto(f"{site}/?status=success")
    page.locator("#facet-gpu > summary").click()
    page.locator("#facet-gpu").get_by_role("link", name="Choose").click()
    page.get_by_role("checkbox", name="H100").check()
    page.get_by_role("button", name="Show").click()
    expect(page.locator(ROW)).to_have_count(2)
    page.locator("#chip-gpu .facet-remove").click()
    expect(page.locator(ROW)).to_have_count(13)


def test_crosses_that_are_pressed_one_after_another_all_count(
    page: Page, site: str, db: None
) -> None:
    store(answer(gpu="H100"))
    store(answer(gpu="T4"))
    page.goto(f"{site}/?gpu=H100&status=success&created=30d")
    expect(page.locator(".facet-remove")).to_have_count(3)
    page.evaluate("document.querySelectorAll('.facet-remove').forEach((cross) => cross.click())")
    expect(page.locator(".facet-remove")).to_have_count(0)
    expect(page.locator(ROW)).to_have_count(2)


def test_a_search_stays_under_the_filter_that_the_list_has_by_now(
    page: Page, site: str, runs: None
) -> None:
    page.goto(f"{site}/?status=success&sort=total")
    page.locator("#facet-gpu > summary").click()
    page.locator("#facet-gpu .facet-row input").first.check()
    expect(page.locator(ROW)).to_have_count(2)
    box = page.locator("#q")
    box.fill("error:any zzz")
    box.press("Enter")
    page.wait_for_url("**/?q=zzz&*")
    expect(page).to_have_url(f"{site}/?q=zzz&status=success&error=any&gpu=H100&sort=total")
    expect(box).to_have_value("zzz")
    box.fill("")
    box.press("Enter")
    expect(page).to_have_url(f"{site}/?status=success&error=any&gpu=H100&sort=total")
    box.fill("total:banana")
    box.press("Enter")
    expect(page.locator(".filter-note")).to_contain_text("total “banana” (not a range")
    expect(page.locator("#chip-gpu.is-set")).to_be_visible()
