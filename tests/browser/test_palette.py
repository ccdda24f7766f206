"""The command palette by keyboard alone: opened, filtered, chosen from, closed."""

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from dashboard.models import Run
from dashboard.services.runs import labels, saved_views
from tests.browser.axe import violations
from tests.browser.conftest import PATIENCE, Complaints
from tests.builders import answer, person, store


@pytest.fixture
def run() -> Run:
    found = store(answer(created=datetime.now(UTC), gpu="H100"))
    ben = person("ben")
    labels.set_title(found, "Lighthouse at dusk", ben)
    saved_views.save("Big ones", "gpu=H100", ben, shared=True)
    return found


def active(page: Page) -> str:
    """The text of the option that the field points at."""
    text = page.evaluate(
        """() => {
            const field = document.querySelector("#palette [role=combobox]");
            const one = document.getElementById(field.getAttribute("aria-activedescendant"));
            return one?.getAttribute("aria-selected") === "true" ? one.textContent : "";
        }"""
    )
    return " ".join(str(text).split())


def opened(page: Page) -> None:
    page.wait_for_load_state()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette [role=combobox]")).to_be_focused()


def test_the_very_first_key_opens_it_and_escape_gives_the_focus_back(
    page: Page, site: str, run: Run, complaints: Complaints
) -> None:
    page.goto(f"{site}/?gpu=H100")
    page.locator(".cover").first.focus()
    opened(page)
    assert active(page) == "Runs"
    page.keyboard.press("ArrowUp")
    assert active(page) == "Keyboard shortcuts"
    page.keyboard.press("ArrowDown")
    assert active(page) == "Runs"
    page.keyboard.press("End")
    assert active(page) == "Keyboard shortcuts"
    page.keyboard.press("Home")
    assert active(page) == "Runs"
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_have_count(0)
    expect(page.locator(".cover").first).to_be_focused()
    assert complaints == []


def test_a_page_a_view_an_action_and_a_run_are_reached_by_typing(
    page: Page, site: str, run: Run, complaints: Complaints
) -> None:
    page.goto(site)
    opened(page)
    page.keyboard.type("follo")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/following/")
    opened(page)
    page.keyboard.type("big")
    assert active(page) == "Big ones"
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("gpu=H100&saved="))
    opened(page)
    page.keyboard.type("lighthouse")
    expect(page.locator("#palette-run-1")).to_contain_text("Lighthouse at dusk")
    expect(page.locator("#palette [role=status]")).to_have_text("2 results")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(site + run.get_absolute_url())
    opened(page)
    page.keyboard.type("star")
    page.keyboard.press("Enter")
    star = page.locator(".run-head .star")
    expect(star).to_have_attribute("aria-pressed", "true")
    opened(page)
    page.keyboard.type("zzzzqq")
    expect(page.locator("#palette-search")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/?q=zzzzqq")
    assert complaints == []


Held = list[Route]


@pytest.fixture
def held(page: Page) -> Held:
    """The palette's questions, which wait for their answers."""
    found: Held = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            found.append(route)
        else:
            route.fallback()

    page.route("**/palette/", hold)
    return found


def asked(page: Page, held: Held, count: int) -> None:
    """Waits until so many questions were asked."""
    for _ in range(PATIENCE // 50):
        if len(held) >= count:
            break
        page.wait_for_timeout(50)
    assert len(held) == count


@pytest.mark.parametrize("late", [False, True], ids=["before it was asked", "before the answer"])
def test_enter_is_kept_until_the_answer_comes(
    page: Page, site: str, run: Run, held: Held, complaints: Complaints, late: bool
) -> None:
    page.goto(f"{site}/?gpu=H100")
    opened(page)
    page.keyboard.type("lighthouse")
    if late:
        asked(page, held, 1)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    asked(page, held, 1)
    expect(page.locator("#palette")).to_be_visible()
    assert active(page) == ""
    held[0].continue_()
    expect(page).to_have_url(f"{site}/?q=lighthouse")
    assert len(held) == 1 and complaints == []


def test_enter_never_counts_for_text_that_came_after_it(
    page: Page, site: str, run: Run, held: Held, complaints: Complaints
) -> None:
    page.goto(f"{site}/?gpu=H100")
    opened(page)
    page.keyboard.type("light")
    page.keyboard.press("Enter")
    asked(page, held, 1)
    page.keyboard.type("zzz")
    asked(page, held, 2)
    held[0].fulfill(body='<div role="option" id="palette-old" data-href="/following/">Old</div>')
    held[1].continue_()
    expect(page.locator("#palette-search")).to_contain_text("lightzzz")
    expect(page.locator("#palette-old")).to_have_count(0)
    page.wait_for_timeout(300)
    expect(page.locator("#palette")).to_be_visible()
    assert page.url == f"{site}/?gpu=H100" and active(page).startswith("Search runs for")
    assert complaints == []


def test_an_answer_never_moves_what_was_chosen_meanwhile(
    page: Page, site: str, run: Run, held: Held, complaints: Complaints
) -> None:
    page.goto(f"{site}/?gpu=H100")
    opened(page)
    page.keyboard.type("r")
    asked(page, held, 1)
    assert active(page) == "Runs"
    page.keyboard.press("End")
    chosen = active(page)
    assert chosen == "Keyboard shortcuts"
    page.keyboard.type(" ")  # the same words
    held[0].continue_()
    expect(page.locator("#palette-search")).to_be_visible()
    assert active(page) == chosen and len(held) == 1
    page.keyboard.press("Backspace")
    page.keyboard.press("Backspace")
    assert active(page) == "Runs"
    assert complaints == []


def test_enter_takes_at_once_what_is_chosen_already(page: Page, site: str, held: Held) -> None:
    page.goto(f"{site}/?gpu=H100")
    opened(page)
    page.keyboard.type("follow")
    asked(page, held, 1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/following/")


def test_nothing_follows_an_enter_where_no_answer_comes(
    page: Page, site: str, run: Run, held: Held
) -> None:
    page.goto(f"{site}/?gpu=H100")
    opened(page)
    page.keyboard.type("light")
    page.keyboard.press("Enter")
    asked(page, held, 1)
    held[0].abort()
    status = page.locator("#palette [role=status]")
    expect(status).to_have_text("Runs can't be searched right now.")
    page.keyboard.type("house")
    asked(page, held, 2)
    held[1].continue_()
    expect(page.locator("#palette-run-1")).to_be_visible()
    expect(page.locator("#palette")).to_be_visible()


def test_what_could_not_be_read_is_shown_and_told(page: Page, site: str, run: Run) -> None:
    page.goto(f"{site}/?gpu=H100")
    opened(page)
    page.keyboard.type("total:banana")
    said = "Left out of the filter: total “banana” (not a range such as >60 or 10..30)."
    expect(page.locator("#palette [data-unread]")).to_have_text(said)
    expect(page.locator("#palette [role=status]")).to_have_text(f"{said} 1 result")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/?q=total%3Abanana")
    expect(page.locator(".filter-note")).to_contain_text("total “banana”")


def test_it_is_named_among_the_keys_and_never_opens_over_a_dialog(
    page: Page, site: str, run: Run
) -> None:
    page.goto(f"{site}/?gpu=H100")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Go anywhere")
    page.keyboard.press("Control+k")
    expect(page.locator("#keys")).to_be_visible()
    expect(page.locator("#palette")).to_have_count(0)


@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_wrong_with_it(
    signed_in: Callable[..., BrowserContext], site: str, run: Run, width: int
) -> None:
    page = signed_in(viewport={"width": width, "height": 844}, bypass_csp=True).new_page()
    page.goto(f"{site}/?gpu=H100")
    opened(page)
    assert violations(page) == []
    page.keyboard.type("light")
    expect(page.locator("#palette-search")).to_be_visible()
    assert violations(page) == []
    page.locator("#palette [role=combobox]").fill("total:banana")
    expect(page.locator("#palette [data-unread]")).to_be_visible()
    assert violations(page) == []
    page.locator("#palette [role=combobox]").fill("password=hunter2hunter2")
    expect(page.get_by_text("Nothing matches.")).to_be_visible()
    assert violations(page) == []
