"""One link to several runs, by hand: made, opened in a clean browser, looked at large."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from dashboard.services.runs.pasted import pack
from dashboard.simulator import Simulator
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.scenes import done_run, too_wide
from tests.builders import answer, running, store
from tests.stored_files import copy_all, prepare

Make = Callable[..., BrowserContext]


@pytest.mark.parametrize("width", [390, 1440])
def test_a_sheet_is_made_opened_and_looked_at_across_runs(
    signed_in: Make,
    site: str,
    upstream: Simulator,
    complaints: Complaints,
    settings: Any,
    tmp_path: Path,
    width: int,
) -> None:
    prepare(settings, tmp_path, settings.LOCAL_FILES_ORIGIN)
    ids = [done_run(upstream), done_run(upstream), store(running()).uuid]
    ids.append(store(answer(status="failed")).uuid)
    copy_all()
    view = {"width": width, "height": 844}
    mine = signed_in(viewport=view, bypass_csp=True).new_page()
    mine.goto(f"{site}/shares/new/?ids={pack(ids)}")
    expect(mine.get_by_text("One link to 4 runs")).to_be_visible()
    assert violations(mine) == []
    mine.get_by_label("Labels").check()
    mine.get_by_label("Inputs").check()
    mine.get_by_role("textbox", name="Title").fill("For Max")
    mine.keyboard.press("Tab")
    expect(mine.locator(".share-card strong")).to_have_text("For Max")
    mine.get_by_role("button", name="Create link").click()
    address = mine.get_by_label("Share link", exact=True).input_value()
    assert violations(mine) == []

    clean = signed_in(None, viewport=view, bypass_csp=True)
    reader = clean.new_page()
    reader.goto(address)
    expect(reader.get_by_role("heading", name="For Max")).to_be_visible()
    expect(reader.locator(".sheet-run")).to_have_count(4)
    expect(reader.locator(".tile-image img").first).to_be_visible()
    assert violations(reader) == []
    reader.get_by_text("Inputs", exact=True).first.click()
    expect(reader.locator(".sheet-run").first).to_contain_text('"seed": 42')
    reader.locator(".sheet-run").first.locator("a.mat").last.click()
    count = reader.locator(".pswp--open .large-count")
    expect(count).to_have_text("2 of 4")
    reader.wait_for_function("() => document.activeElement.closest('.pswp')")
    reader.keyboard.press("]")
    expect(count).to_have_text("3 of 4")
    reader.keyboard.press("Escape")
    second = reader.locator(".sheet-run").nth(1).locator("a.mat").first
    expect(second).to_be_focused()
    assert {one["name"] for one in clean.cookies()} <= {"zone"}, "no session"
    assert complaints == []
    assert too_wide(reader) == {}


def test_the_rest_comes_when_asked_for_and_the_keyboard_goes_on_there(
    signed_in: Make, site: str, upstream: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.presentation.sharing.sheet_page.sheet_page.__defaults__", (3,))
    ids = [done_run(upstream), done_run(upstream)]
    page = signed_in().new_page()
    page.goto(f"{site}/shares/new/?ids={pack(ids)}")
    for name in ("Inputs", "Names and IDs"):
        page.get_by_label(name).check()
    page.get_by_role("button", name="Create link").click()
    page.goto(page.get_by_label("Share link", exact=True).input_value())
    expect(page.locator(".tile")).to_have_count(3)
    page.get_by_role("link", name="Show more").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".tile")).to_have_count(4)
    expect(page.get_by_role("link", name="Show more")).to_have_count(0)
    assert page.evaluate("document.activeElement.closest('.sheet-run')?.id") == "run-1-on"
