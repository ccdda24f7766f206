"""The log of a live run in its open fold, from the first line to the archive."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dashboard.domain.logs.live_lines import LiveLines
from dashboard.models import LiveLog, Run, RunLog
from dashboard.services.comfydeploy import shared_state
from dashboard.services.runs import live_logs
from dashboard.simulator import Simulator
from tests.browser.conftest import Complaints
from tests.builders import answer, body, running, store

BAR = " 50%|█████     | 10/20 [00:05<00:05, 2.00it/s]"


@pytest.fixture
def run(upstream: Simulator) -> Run:
    run_id = uuid4()
    made = running(run_id, created=datetime.now(UTC))
    upstream.script(run_id, [body(made)])
    shared_state.write_heartbeat(timezone.now())
    return store(made)


def read(run: Run, lines: LiveLines, *texts: str) -> None:
    """A watcher lives, and has read these lines too."""
    now = timezone.now()
    shared_state._last_written.clear()
    shared_state.write_heartbeat(now)
    live_logs.take("a", 8, now)
    live_logs.renew("a", [run.pk], now)
    lines.add((None, text) for text in texts)
    live_logs.write("a", run.pk, lines, now)


def scrolled(page: Page) -> float:
    return float(page.evaluate("document.querySelector('#log pre').scrollTop"))


def at_end(page: Page) -> bool:
    found = page.evaluate(
        """() => {
            const text = document.querySelector('#log pre');
            const left = text.scrollHeight - text.scrollTop - text.clientHeight;
            return text.scrollHeight > text.clientHeight && left < 2;
        }"""
    )
    return bool(found)


def asked(page: Page) -> list[str]:
    found: list[str] = []
    page.on("request", lambda one: found.append(one.url) if one.url.endswith("/log/") else None)
    return found


def test_a_live_log_follows_its_end_and_stands_still_where_one_reads(
    page: Page, site: str, run: Run, complaints: Complaints
) -> None:
    requests, lines = asked(page), LiveLines()
    page.goto(f"{site}/runs/{run.uuid}/")
    height = page.evaluate("document.querySelector('#live').offsetHeight")
    page.wait_for_timeout(2500)
    assert requests == []
    page.locator("#log > summary").click()
    expect(page.locator("#log")).to_contain_text("first lines")
    read(run, lines, *[f"line {n}" for n in range(200)], BAR)
    text = page.locator("#log pre")
    expect(text).to_contain_text("line 199")
    assert at_end(page)
    expect(page.locator("#steps")).to_have_text("10/20, 0.5\u202fs a step, about 5\u202fs left")
    assert page.evaluate("document.querySelector('#live').offsetHeight") == height
    read(run, lines, "Prompt executed in 3.00 seconds")
    expect(text).to_contain_text("Prompt executed")
    expect(page.locator("#steps")).to_be_empty()
    assert at_end(page)

    read(run, lines, BAR)
    expect(page.locator("#steps")).not_to_be_empty()
    text.evaluate("element => element.scrollTop = 100")
    expect(page.locator("#steps")).to_be_empty()
    read(run, lines, "unseen")
    before = len(requests)
    page.wait_for_timeout(4500)
    assert (len(requests), scrolled(page)) == (before, 100)
    text.evaluate("element => element.scrollTop = element.scrollHeight")
    expect(text).to_contain_text("unseen")
    assert at_end(page)
    assert complaints == []


def test_a_closed_fold_asks_for_nothing(page: Page, site: str, run: Run) -> None:
    requests, lines = asked(page), LiveLines()
    page.goto(f"{site}/runs/{run.uuid}/")
    page.locator("#log > summary").click()
    expect(page.locator("#log")).to_contain_text("first lines")
    read(run, lines, "got prompt", BAR)
    expect(page.locator("#steps")).not_to_be_empty()
    page.locator("#log > summary").click()
    expect(page.locator("#steps")).to_be_empty()
    page.wait_for_timeout(300)
    before = len(requests)
    page.wait_for_timeout(4500)
    assert len(requests) == before


def test_nothing_jumps_when_the_archive_takes_over(
    page: Page, site: str, run: Run, upstream: Simulator, complaints: Complaints
) -> None:
    lines = LiveLines()
    page.goto(f"{site}/runs/{run.uuid}/")
    page.locator("#log > summary").click()
    expect(page.locator("#log")).to_contain_text("first lines")
    read(run, lines, *[f"line {n}" for n in range(200)])
    text = page.locator("#log pre")
    expect(text).to_contain_text("line 199")
    text.evaluate("element => window.kept = element")
    place = text.bounding_box()
    done = answer(run.uuid, created=datetime.now(UTC))
    upstream.script(run.uuid, [body(done)])
    store(done)
    whole = "\n".join(f"line {n}" for n in range(200)) + "\nPrompt executed"
    RunLog.objects.create(run=run, body=whole, lines=201, fetched_at=timezone.now())
    expect(text).to_contain_text("Prompt executed")
    expect(page.locator("#log")).to_contain_text("Download")
    assert at_end(page)
    after = text.bounding_box()
    assert place and after and (after["height"], after["x"]) == (place["height"], place["x"])
    assert page.evaluate("window.kept === document.querySelector('#log pre')")
    requests = asked(page)
    page.wait_for_timeout(2500)
    assert requests == [] and LiveLog.objects.exists()
    assert complaints == []
