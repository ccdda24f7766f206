"""A pasted run is watched from its wait to its end."""

import re
from datetime import UTC, datetime
from uuid import uuid4

from playwright.sync_api import Page, expect

from dashboard.simulator import Simulator
from tests.browser.conftest import Complaints
from tests.browser.scenes import picture_of
from tests.builders import answer, body, running, waiting

LIVE = "#live"


def test_a_pasted_run_goes_from_its_wait_to_its_end_without_reload(
    page: Page, site: str, upstream: Simulator, complaints: Complaints
) -> None:
    run_id, created = uuid4(), datetime.now(UTC)
    waits = waiting(run_id, created=created, queue_position=3)
    upstream.script(run_id, [body(waits)])
    page.goto(site)
    page.locator("#q").fill(str(run_id))
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{site}/runs/{run_id}/")
    expect(page.locator(LIVE)).to_contain_text("3 ahead")
    page.evaluate("window.stillTheSamePage = true")
    assert page.title().startswith("Waiting")
    expect(page.locator("#active")).to_have_text("1 live")

    upstream.script(run_id, [body(running(run_id, created=created))])
    expect(page.locator(LIVE)).to_contain_text("Running KSampler")
    expect(page).to_have_title(re.compile("^43%"))

    outputs = [picture_of(upstream, run_id, "scene_00001_.png")]
    upstream.script(run_id, [body(answer(run_id, created=created, outputs=outputs))])
    expect(page.locator(LIVE)).to_contain_text("Cold start took")
    expect(page).to_have_title(re.compile("^✓"))
    expect(page.locator("#active")).to_be_hidden()
    picture = page.locator("#outputs img").first
    expect(picture).to_be_visible()
    page.wait_for_function("i => i.complete && i.naturalWidth > 0", arg=picture.element_handle())
    assert page.evaluate("window.stillTheSamePage") is True
    assert complaints == []
