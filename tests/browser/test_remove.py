"""Removing a run in one browser while another has it open."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import BrowserContext, expect

from dashboard.models import Run
from dashboard.simulator import Simulator
from tests.browser.axe import violations
from tests.browser.scenes import asked_in, stop_clock
from tests.builders import body, running


@pytest.fixture
def live_run(upstream: Simulator) -> str:
    run_id = uuid4()
    upstream.script(run_id, [body(running(run_id, created=datetime.now(UTC)))])
    return f"/runs/{run_id}/"


def test_an_admin_removes_a_run_and_whoever_watches_it_is_told(
    signed_in: Callable[..., BrowserContext], site: str, live_run: str
) -> None:
    User.objects.create_user("eva", is_superuser=True)
    watching = signed_in("ana").new_page()
    watching.clock.install()
    watching.goto(site + live_run)
    expect(watching.locator("text=Remove this run…")).to_have_count(0)

    admin = signed_in("eva").new_page()
    admin.goto(site + live_run)
    admin.click("text=Remove this run…")
    expect(admin.locator("main")).to_contain_text("The run is still live")
    admin.click("button:has-text('Remove run')")
    expect(admin).to_have_url(f"{site}/")
    assert not Run.objects.exists()

    expect(watching.locator("#notes")).to_contain_text("was removed from Runboard")
    stop_clock(watching)
    assert asked_in(watching, 60) == []


def test_the_question_is_accessible_and_fits_a_phone(
    signed_in: Callable[..., BrowserContext], site: str, live_run: str
) -> None:
    User.objects.create_user("eva", is_superuser=True)
    narrow = {"width": 360, "height": 740}
    context = signed_in("eva", viewport=narrow, bypass_csp=True)
    page = context.new_page()
    for path in (live_run, f"{live_run}delete/"):
        page.goto(site + path)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert violations(page) == []
