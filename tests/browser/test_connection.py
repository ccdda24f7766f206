"""The open list and Following while ComfyDeploy stops, and when it is back."""

from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import Page, expect

from dashboard.services.comfydeploy import gate
from dashboard.services.runs import fetch
from dashboard.simulator import Simulator
from tests.browser.conftest import Complaints
from tests.builders import answer, element, running, store


def test_an_outage_comes_into_the_open_page_and_goes(
    page: Page, site: str, upstream: Simulator, complaints: Complaints
) -> None:
    run = store(running(), timezone.now() - timedelta(minutes=1))
    page.clock.install()
    page.goto(f"{site}/")
    notice = page.locator(".connection-notice")
    expect(notice).to_have_count(0)
    upstream.down()
    fetch.refresh_on_demand(run)
    gate.forget()
    page.clock.fast_forward(5000)
    expect(notice).to_contain_text("Runboard can't reach ComfyDeploy.")
    counting = notice.locator("[data-until], [data-time]")
    expect(counting).not_to_have_count(0)
    quiet = "every => every.every((one) => one.closest('[aria-live]').ariaLive === 'off')"
    assert counting.evaluate_all(quiet)  # a screen reader would say each second
    upstream.up()
    notice.get_by_role("button", name="Try now").click()
    expect(notice).to_have_count(0)
    assert complaints == []


def test_check_again_brings_what_came_late(
    page: Page, site: str, upstream: Simulator, complaints: Complaints
) -> None:
    run = store(answer(), timezone.now() - timedelta(minutes=1))
    upstream.script(run.uuid, [answer(run.uuid, outputs=[element(data={"text": ["late words"]})])])
    page.goto(f"{site}/runs/{run.uuid}/")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Check again").click()
    expect(page.locator("#outputs")).to_contain_text("late words")
    assert complaints == []
