"""The first minute with a key: the list fills without a click; boxes are ticked and unticked."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.models import Follow
from dashboard.services.comfydeploy import shared_state
from dashboard.services.runs import history
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.scenes import too_wide
from tests.builders import answer, store
from tests.workspaces import followed, listed, twelve, workflow

Make = Callable[..., BrowserContext]


@pytest.fixture
def at() -> datetime:
    moment = timezone.now()
    shared_state.write_heartbeat(moment)
    history.forget()
    return moment


def test_runs_come_in_and_the_list_fills_without_a_click(
    page: Page, site: str, at: datetime, complaints: Complaints
) -> None:
    listed(at, listed_at=None)
    page.goto(f"{site}/")
    page.evaluate("() => { window.stillTheSamePage = true; }")
    expect(page.get_by_role("heading", level=1)).to_have_text("Looking for your workflows…")
    ids = twelve(at)
    Follow.objects.filter(target=ids[0]).update(history_done_at=None)
    expect(page.get_by_role("heading", level=1)).to_contain_text("12 workflows, 4 deployments")
    first = store(answer(created=at - timedelta(minutes=1), workflow_id=str(ids[0])))
    expect(page.locator(f"#coming-{first.uuid}")).to_be_visible()
    assert page.evaluate("() => window.stillTheSamePage")
    page.get_by_role("link", name="Show the runs").click()
    expect(page.locator("#history")).to_contain_text("Reading the last 7 days")
    page.evaluate("() => { window.stillTheSamePage = true; }")
    second = store(answer(created=at - timedelta(minutes=2), workflow_id=str(ids[0])))
    expect(page.locator(f"#listed a[href*='{second.uuid}']")).to_be_visible()
    Follow.objects.update(history_done_at=at)
    expect(page.locator("#history")).to_be_hidden()
    assert page.evaluate("() => window.stillTheSamePage")
    assert complaints == []


def test_a_row_that_is_read_stays_where_it_is_when_newer_ones_come(
    page: Page, site: str, at: datetime
) -> None:
    listed(at)
    followed(workflow(at), at, history_done_at=None)
    for minutes in range(40):
        store(answer(created=at - timedelta(hours=1, minutes=minutes)))
    page.goto(f"{site}/")
    row = page.locator("#listed tbody tr").nth(20)
    address = row.get_by_role("link").get_attribute("href")
    row.scroll_into_view_if_needed()
    page.mouse.wheel(0, 300)
    read = page.locator(f"#listed a[href='{address}']")
    page.wait_for_timeout(300)
    stood = read.bounding_box()
    newest = store(answer(created=at))
    expect(page.locator(f"#listed a[href*='{newest.uuid}']")).to_be_attached()
    stands = read.bounding_box()
    assert stood and stands and abs(stands["y"] - stood["y"]) <= 2


def test_a_box_is_unticked_by_a_key_and_ticked_by_a_click(
    page: Page, site: str, at: datetime, complaints: Complaints
) -> None:
    ids = twelve(at)
    page.goto(f"{site}/first/")
    box = page.get_by_role("checkbox", name="Follow packshot-studio")
    box.focus()
    page.keyboard.press("Space")
    expect(box).to_have_attribute("aria-checked", "false")
    expect(box).to_be_focused()
    expect(page.locator(".first-all")).to_contain_text("11 of 12 ticked")
    assert Follow.objects.get(target=ids[1]).left_out_at
    box.click()
    expect(box).to_have_attribute("aria-checked", "true")
    assert Follow.objects.get(target=ids[1]).left_out_at is None
    page.get_by_role("button", name="Untick all").click()
    expect(page.locator(".first-all")).to_contain_text("0 of 12 ticked")
    assert complaints == []


def test_boxes_work_without_script(signed_in: Make, site: str, at: datetime) -> None:
    twelve(at)
    page = signed_in(java_script_enabled=False).new_page()
    page.goto(f"{site}/first/")
    page.get_by_role("checkbox", name="Follow packshot-studio").click()
    expect(page.locator(".first-all")).to_contain_text("11 of 12 ticked")


def test_reading_is_stopped_and_gone_on_with(page: Page, site: str, at: datetime) -> None:
    listed(at)
    followed(workflow(at), at, history_done_at=None)
    store(answer(created=at - timedelta(minutes=1)))
    for path, part in (("/", "#history"), ("/first/", ".first-progress")):
        page.goto(f"{site}{path}")
        page.get_by_role("button", name="Stop", exact=True).click()
        expect(page.locator(part)).to_contain_text("Stopped reading")
        page.get_by_role("button", name="Go on").click()
        expect(page.locator(part)).not_to_contain_text("Stopped")


def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    signed_in: Make, site: str, at: datetime
) -> None:
    ids = twelve(at)
    Follow.objects.filter(target=ids[0]).update(history_done_at=None)
    page = signed_in(bypass_csp=True).new_page()
    page.goto(f"{site}/")
    assert violations(page) == []
    store(answer(created=at - timedelta(minutes=1), workflow_id=str(ids[0])))
    page.goto(f"{site}/first/")
    expect(page.locator(".first-coming li a")).to_have_count(1)
    assert violations(page) == []
    assert too_wide(page) == {}
    page.goto(f"{site}/")
    assert violations(page) == [], "the list with its line"
    assert too_wide(page) == {}
