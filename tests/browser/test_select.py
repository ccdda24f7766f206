"""Selected runs: ranges, all that match, what the bar offers to whom, and a finger."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from dashboard.domain.roles import ADMIN, VIEWER
from dashboard.models import Label, Run
from dashboard.services import clock
from dashboard.services.ops import bulk
from dashboard.services.runs import labels
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.builders import answer, person, store

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
BAR = "#selection"
TICKED = ".row .tick:checked"
COMES = """() => document.addEventListener("htmx:after:swap", () => {
  if (document.querySelector("#selection-all > *")) document.body.dataset.came = "";
})"""


@pytest.fixture
def runs(site: str) -> list[Run]:
    return [store(answer()) for _ in range(6)]


def test_shift_takes_a_range_and_escape_clears(page: Page, site: str, runs: list[Run]) -> None:
    page.goto(site)
    page.locator(".tick").nth(1).click()
    page.locator(".tick").nth(4).click(modifiers=["Shift"])
    expect(page.locator(TICKED)).to_have_count(4)
    expect(page.locator(BAR)).to_contain_text("4 runs")
    expect(page.locator(BAR)).to_contain_text("together")
    head = page.locator(".tick-page")
    assert head.evaluate("(box) => box.indeterminate")
    page.keyboard.press("Escape")
    expect(page.locator(TICKED)).to_have_count(0)
    expect(page.locator(BAR)).to_be_hidden()
    assert not head.evaluate("(box) => box.indeterminate || box.checked")


def test_ticks_outlive_a_list_that_is_read_again(page: Page, site: str, runs: list[Run]) -> None:
    page.goto(site)
    page.locator(".tick").nth(2).click()
    labels.add_tag(runs[0], "new", None)
    page.evaluate("htmx.trigger(document.body, 'runs-changed')")
    expect(page.locator(".row .tag")).to_have_count(1)
    expect(page.locator(TICKED)).to_have_count(1)
    expect(page.locator(BAR)).to_contain_text("1 run")


def test_a_page_then_all_that_match(
    page: Page, site: str, complaints: Complaints, db: None
) -> None:
    for _ in range(53):
        store(answer())
    page.goto(f"{site}/?status=finished")
    page.locator(".tick-page").click()
    expect(page.locator(BAR)).to_contain_text("50 runs")
    page.get_by_role("button", name="All 53 matching").click()
    expect(page.locator(BAR)).to_contain_text("53 runs")
    expect(page.get_by_role("link", name="CSV").last).to_have_attribute(
        "href", "/runs.csv?status=finished"
    )
    page.locator(TICKED).first.click()  # all but this one of the page
    expect(page.locator(BAR)).to_contain_text("49 runs")
    page.locator(".tick-page").click()
    page.get_by_role("button", name="All 53 matching").click()
    page.keyboard.press("*")
    expect(page.locator(BAR)).to_contain_text("Starred 53 runs.")
    assert Run.objects.filter(starred=True).count() == 53
    expect(page.locator(TICKED)).to_have_count(0)  # others may match by now
    expect(page.locator("#selection-all > *")).to_have_count(0)
    assert complaints == []


def test_the_theme_keeps_its_key_while_nothing_is_selected(
    page: Page, site: str, runs: list[Run]
) -> None:
    page.goto(site)
    page.keyboard.press("t")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.locator(".tick").first.click()
    page.keyboard.press("t")
    expect(page.locator("#selection-text")).to_be_focused()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.keyboard.press("Escape")
    expect(page.locator('[data-act="tag"]')).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Tag the selected runs")
    expect(page.locator("#keys")).not_to_contain_text("Switch theme")


def test_a_viewer_only_takes_away(
    signed_in: Callable[..., BrowserContext], site: str, runs: list[Run]
) -> None:
    person("vera", VIEWER)
    page = signed_in("vera").new_page()
    page.goto(site)
    page.locator(".tick").first.click()
    names = page.locator(f"{BAR} [data-face=acts] > :visible").all_inner_texts()
    assert [name.split("\n")[0] for name in names] == ["Download zip", "CSV", "Clear"]
    page.keyboard.press("d")
    expect(page.locator(BAR)).to_contain_text("No file of these runs is stored here.")


def test_an_admin_removes_after_a_question(
    signed_in: Callable[..., BrowserContext], site: str, runs: list[Run], complaints: Complaints
) -> None:
    person("cleo", ADMIN)
    page = signed_in("cleo", bypass_csp=True).new_page()
    page.goto(site)
    for n in (0, 1):
        page.locator(".tick").nth(n).click()
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(BAR)).to_contain_text("Remove 2 runs from Runboard for everyone?")
    assert violations(page) == []
    assert Run.objects.count() == 6
    page.locator(f"{BAR} .danger").click()
    expect(page.locator(BAR)).to_contain_text("Removed 2 runs.")
    expect(page.locator(".row")).to_have_count(4)
    expect(page.locator(f"{BAR} [data-act=clear]")).to_be_hidden()
    assert complaints == []


def test_a_long_press_selects_on_a_phone(
    signed_in: Callable[..., BrowserContext], site: str, runs: list[Run], complaints: Complaints
) -> None:
    context = signed_in(bypass_csp=True, **PHONE)
    page = context.new_page()
    page.goto(site)
    box = page.locator(".row").nth(1).bounding_box()
    assert box
    finger: Any = context.new_cdp_session(page)
    at = {"x": box["x"] + 150, "y": box["y"] + 20}
    finger.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [at]})
    expect(page.locator(TICKED)).to_have_count(1)
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    expect(page).to_have_url(f"{site}/")
    expect(page.locator(".places")).to_be_hidden()
    page.locator(".row .tick-hit").nth(2).tap()
    expect(page.locator(BAR)).to_contain_text("2 runs")
    for each in page.locator(f"{BAR} .button:visible").all():
        size = each.bounding_box()
        assert size and size["height"] >= 44
    hit = page.locator(".row .tick-hit").nth(2).bounding_box()
    assert hit and min(hit["width"], hit["height"]) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert violations(page) == []
    page.locator('[data-act="title"]').tap()
    page.locator("#selection-text").fill("Coast")
    page.locator("[data-selection=send]").tap()
    expect(page.locator(BAR)).to_contain_text("Titled 2 runs.")
    assert Label.objects.count() == 2
    assert complaints == []


def test_without_javascript_there_is_nothing_to_tick(
    signed_in: Callable[..., BrowserContext], site: str, runs: list[Run]
) -> None:
    page = signed_in(java_script_enabled=False).new_page()
    page.goto(site)
    expect(page.locator(".row")).to_have_count(6)
    expect(page.locator(".tick").first).to_be_hidden()
    expect(page.locator(BAR)).to_be_hidden()


def test_all_that_match_stay_with_their_filter(page: Page, site: str, db: None) -> None:
    for n in range(58):
        store(answer(gpu="H100" if n < 53 else "L40S"))
    page.goto(f"{site}/?gpu=H100")
    page.locator(".tick-page").click()
    page.get_by_role("button", name="All 53 matching").click()
    expect(page.locator(BAR)).to_contain_text("53 runs")
    page.locator(".facet-remove").click()
    expect(page.locator("#chip-gpu.is-set")).to_have_count(0)
    expect(page.locator(BAR)).to_be_hidden()
    page.locator(".tick-page").click()
    expect(page.get_by_role("button", name="All 58 matching")).to_be_visible()
    page.locator(".facet summary", has_text="GPU").click()
    page.get_by_label("L40S").check()
    expect(page.locator(".row")).to_have_count(5)
    expect(page.locator(TICKED)).to_have_count(0)


def test_a_late_offer_of_another_filter_is_not_made(page: Page, site: str, db: None) -> None:
    for n in range(53):
        store(answer(gpu="H100" if n < 51 else "L40S"))
    late: list[Route] = []
    page.route("**/selection/all/**", lambda route: late.append(route))
    page.goto(f"{site}/?gpu=H100")
    page.locator(".tick-page").click()
    page.locator(".facet-remove").click()
    expect(page.locator("#chip-gpu.is-set")).to_have_count(0)
    page.evaluate(COMES)
    late[0].continue_()
    expect(page.locator("body[data-came]")).to_have_count(1)
    expect(page.locator("#selection-all > *")).to_have_count(0)


def test_a_run_that_came_after_the_count_is_not_ticked(page: Page, site: str, db: None) -> None:
    now = datetime.now(UTC)
    for n in range(53):
        store(answer(created=now - timedelta(minutes=n + 1)))
    page.goto(f"{site}/?status=success")
    page.locator(".tick-page").click()
    page.get_by_role("button", name="All 53 matching").click()
    expect(page.locator(TICKED)).to_have_count(50)
    new = store(answer(created=now))
    page.evaluate("htmx.trigger(document.body, 'runs-changed')")
    expect(page.locator(f"#row-{new.uuid} .tick")).not_to_be_checked()
    expect(page.locator(TICKED)).to_have_count(49)
    expect(page.locator(BAR)).to_contain_text("53 runs")


def test_after_a_removal_nothing_is_selected(
    signed_in: Callable[..., BrowserContext], site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MAX_RUNS", 55)
    person("cleo", ADMIN)
    for _ in range(58):
        store(answer())
    page = signed_in("cleo").new_page()
    page.goto(f"{site}/?status=success")
    page.locator(".tick-page").click()
    page.get_by_role("button", name="matching").click()
    page.locator(f"{BAR} [data-act=remove]").click()
    page.locator(f"{BAR} .danger").click()
    expect(page.locator(BAR)).to_contain_text("Removed 55 runs.")
    expect(page.locator(".row")).to_have_count(3)
    expect(page.locator(TICKED)).to_have_count(0)


def test_ticks_stay_though_new_runs_push_them_off_the_page(page: Page, site: str, db: None) -> None:
    now = datetime.now(UTC)
    for n in range(50):
        store(answer(created=now - timedelta(minutes=n + 1)))
    page.goto(f"{site}/?status=success")
    page.locator(".tick").nth(49).click()
    page.locator(".tick").nth(2).click()
    new = store(answer(created=now))
    page.evaluate("htmx.trigger(document.body, 'runs-changed')")
    expect(page.locator(f'.row a[href="{new.get_absolute_url()}"]').first).to_be_visible()
    expect(page.locator(BAR)).to_contain_text("2 runs")
    page.keyboard.press("*")
    expect(page.locator(BAR)).to_contain_text("Starred 2 runs.")


def test_escape_is_the_open_facets_first(page: Page, site: str, runs: list[Run]) -> None:
    page.goto(site)
    page.locator(".tick").nth(1).click()
    page.locator(".facet summary", has_text="GPU").click()
    expect(page.locator(".facet[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".facet[open]")).to_have_count(0)
    expect(page.locator(TICKED)).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(TICKED)).to_have_count(0)


def test_what_was_done_waits_on_the_next_page_until_it_is_cleared(
    page: Page, site: str, runs: list[Run], complaints: Complaints
) -> None:
    page.goto(site)
    page.locator(".tick").nth(1).click()
    page.keyboard.press("*")
    expect(page.locator(BAR)).to_contain_text("Starred 1 run.")
    expect(page.locator("#spoken")).to_have_text("Starred 1 run.")
    page.goto(f"{site}/?status=success")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(BAR)).to_contain_text("Undone.")
    page.locator(".tick").nth(3).click()
    page.keyboard.press("*")
    expect(page.locator(BAR)).to_contain_text("Starred 1 run.")
    page.keyboard.press("Escape")  # the ticks alone
    expect(page.locator(TICKED)).to_have_count(0)
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.get_by_role("button", name="Close message").click()
    expect(page.locator(BAR)).to_be_hidden()
    page.reload()
    expect(page.locator(BAR)).to_be_hidden()
    assert complaints == []


def test_without_javascript_what_was_done_is_told_alone(
    signed_in: Callable[..., BrowserContext], site: str, runs: list[Run]
) -> None:
    bulk.start(bulk.TAG, "hero", [runs[0].uuid], person("mira"), clock.now())
    page = signed_in("mira", java_script_enabled=False).new_page()
    page.goto(site)
    shown = page.locator(f"{BAR} button:visible").all_inner_texts()
    assert shown == ["Undo"]


def test_the_sheet_has_a_key_and_takes_all_that_match(page: Page, site: str, db: None) -> None:
    runs = [store(answer()) for _ in range(53)]
    page.goto(f"{site}/?status=success")
    page.locator(".tick-page").click()
    page.get_by_role("button", name="All 53 matching").click()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Share them as a sheet")
    page.keyboard.press("Escape")
    page.keyboard.press("s")
    page.wait_for_url("**/shares/new/?ids=*")
    expect(page.locator("main")).to_contain_text(f"{len(runs)} runs")


def test_of_more_runs_than_fit_no_sheet_is_made(
    page: Page, site: str, monkeypatch: pytest.MonkeyPatch, db: None
) -> None:
    monkeypatch.setattr(bulk, "MAX_IDS", 52)
    for _ in range(53):
        store(answer())
    page.goto(f"{site}/?status=success")
    page.locator(".tick-page").click()
    page.get_by_role("button", name="All 53 matching").click()
    expect(page.locator(BAR).get_by_role("link", name="Share sheet")).to_be_hidden()
    page.keyboard.press("s")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_contain_text("Download their files")
    expect(page.locator("#keys")).not_to_contain_text("Share them")
