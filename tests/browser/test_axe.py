"""axe finds nothing on pages that a reader meets seldom: the empty board, troubles, ends."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, expect

from dashboard.domain.sharing import ALL_SCOPES
from dashboard.services import clock
from dashboard.services.sharing import share_links
from dashboard.simulator import Simulator
from tests.browser.axe import violations, violations_at
from tests.browser.scenes import done_run
from tests.builders import answer, body, person, running, store

REFUSALS = {
    401: (401, {}, '{"detail":"Revoked token"}'),
    429: (429, {"retry-after": "17"}, "{}"),
    500: (500, {"content-type": "text/plain"}, "Internal Server Error"),
}
Make = Callable[..., BrowserContext]


def test_the_empty_board_and_a_paste_without_an_id(signed_in: Make, site: str) -> None:
    context = signed_in(bypass_csp=True)
    assert violations_at(context.new_page(), f"{site}/") == []
    page = context.new_page()
    page.goto(f"{site}/")
    page.locator("main #q").fill("password=nothing")
    page.keyboard.press("Enter")
    expect(page.locator(".box-message.is-bad")).to_contain_text("No run ID found")
    assert violations(page) == []


def test_runs_that_ended_otherwise(signed_in: Make, site: str) -> None:
    context, now = signed_in(bypass_csp=True), datetime.now(UTC)
    ends = {
        "cancelled": answer(created=now, status="cancelled"),
        "timed out": answer(created=now, status="timeout", progress=0.4),
        "assumed": answer(created=now, status="timeout", ended_at=None, run_duration=None),
    }
    found = {
        name: violations_at(context.new_page(), f"{site}/runs/{store(made).uuid}/")
        for name, made in ends.items()
    }
    assert found == dict.fromkeys(ends, [])


@pytest.mark.parametrize("status", list(REFUSALS))
def test_troubles(signed_in: Make, site: str, upstream: Simulator, status: int) -> None:
    run_id = uuid4()
    upstream.script(run_id, [REFUSALS[status]])
    page = signed_in(bypass_csp=True).new_page()
    page.goto(f"{site}/runs/{run_id}/")
    expect(page.locator("[data-trouble]")).to_be_visible()
    assert violations(page) == []


def test_a_shared_run_that_is_live(signed_in: Make, site: str, upstream: Simulator) -> None:
    made = running(created=datetime.now(UTC))
    run = store(made)
    upstream.script(run.uuid, [body(made)])
    made_by = person("eva", "admin")
    scopes = ALL_SCOPES
    _, token = share_links.make(
        run, made_by, scopes=scopes, title="A run", life="7", now=clock.now()
    )
    page = signed_in(None, bypass_csp=True).new_page()
    page.goto(f"{site}/s/{token}/")
    expect(page.locator("#live .progress")).to_be_visible()
    head, timing = (page.locator(part).bounding_box() for part in (".shared-head", ".timing"))
    assert head and timing and (head["x"], head["width"]) == (timing["x"], timing["width"])
    assert violations(page) == []


def test_a_wrong_password(signed_in: Make, site: str) -> None:
    person("eva", "admin", password="a long password")
    page = signed_in(None, bypass_csp=True).new_page()
    page.goto(f"{site}/sign-in/")
    page.get_by_label("Name").fill("eva")
    page.get_by_label("Password").fill("another one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert").filter(has_text="Wrong name or password.")).to_be_visible()
    assert violations(page) == []


def test_the_large_view(signed_in: Make, site: str, upstream: Simulator) -> None:
    run_id = done_run(upstream)
    page = signed_in(bypass_csp=True).new_page()
    page.goto(f"{site}/runs/{run_id}/")
    page.locator("#outputs .tile a.mat").first.click()
    expect(page.locator(".pswp--open .large-count")).to_have_text("1 of 2")
    # Its parts fade in.
    page.wait_for_selector(".pswp--ui-visible")
    assert violations(page) == []
