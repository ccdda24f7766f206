"""A run watched in a browser from its beginning to its end."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.simulator import Simulator
from tests.browser.conftest import Complaints
from tests.browser.scenes import picture_of
from tests.builders import answer, body, running, store, waiting

LIVE = "#live"


def test_focus_scroll_selection_and_folds_stay_through_three_updates(
    page: Page, site: str, upstream: Simulator, complaints: Complaints
) -> None:
    run_id, created = uuid4(), datetime.now(UTC)
    steps = [
        body(
            running(
                run_id, created=created, progress=n / 20, outputs=[picture_of(upstream, run_id)]
            )
        )
        for n in range(1, 12)
    ]
    upstream.script(run_id, steps)
    page.set_viewport_size({"width": 900, "height": 500})
    page.goto(f"{site}/runs/{run_id}/")
    page.evaluate(
        """() => {
            // A fold with a field takes the focus as it opens.
            window.folds = [...document.querySelectorAll('details:not(:has(input))')];
            window.folds.forEach(d => d.open = true);
            const link = document.querySelector('#live button, #live a');
            link.focus();
            window.focused = document.activeElement;
            window.scrollTo(0, 120);
            const words = document.querySelector('h1');
            getSelection().selectAllChildren(words);
            window.selected = getSelection().toString();
        }"""
    )
    page.evaluate(
        """() => {
            window.updates = 0;
            document.addEventListener('htmx:after:swap', event => {
                if (event.target.id === 'live') window.updates++;
            });
        }"""
    )
    page.wait_for_function("() => window.updates >= 3", timeout=30_000)
    kept = page.evaluate(
        """() => ({
            focus: document.activeElement === window.focused && window.focused.isConnected,
            scroll: window.scrollY,
            selected: getSelection().toString() === window.selected,
            folds: window.folds.length > 0 && window.folds.every(d => d.open && d.isConnected),
        })"""
    )
    assert kept == {"focus": True, "scroll": 120, "selected": True, "folds": True}
    assert complaints == []


DRAWN = """(drawing) => {
    const part = document.querySelector(drawing);
    return [parseFloat(part.querySelector('.now-mark').getAttribute('x')), part.ariaLabel];
}"""


@pytest.mark.parametrize("place", ["run", "card"])
def test_the_bar_grows_with_the_clock_while_the_answers_are_the_same(
    page: Page, site: str, upstream: Simulator, place: str
) -> None:
    run_id, created = uuid4(), datetime.now(UTC)
    made = waiting(run_id, created=created)
    upstream.script(run_id, [body(made)])
    store(made)
    path, drawing = {"run": (f"/runs/{run_id}/", ".bar-draw"), "card": ("/", ".mini-card")}[place]
    page.goto(site + path)
    first, _ = page.evaluate(DRAWN, drawing)
    page.wait_for_timeout(9000)
    mark, name = page.evaluate(DRAWN, drawing)
    passed = (datetime.now(UTC) - created).total_seconds()
    late = passed - mark / 100 * 30  # the first scale is 30 s
    assert mark > first + 10
    assert -1 < late < 8, (mark, passed)
    told = re.search(r"([\d.]+)\ss so far", name)
    assert told and float(told[1]) > 4, name


def test_a_playing_video_goes_on_through_updates(
    page: Page, site: str, upstream: Simulator
) -> None:
    run_id, created = uuid4(), datetime.now(UTC)
    clip = picture_of(upstream, run_id, "clip.mp4")
    clip["data"] = {"files": clip["data"]["images"]}
    late = picture_of(upstream, run_id)
    steps = [
        body(running(run_id, created=created, progress=n / 20, outputs=[clip] + [late] * (n > 2)))
        for n in range(1, 12)
    ]
    upstream.script(run_id, steps)
    page.goto(f"{site}/runs/{run_id}/")
    page.wait_for_selector("video")
    page.evaluate(
        """() => {
            window.video = document.querySelector('video');
            window.video.muted = window.video.loop = true;
            window.broken = [];
            for (const name of ['pause', 'emptied', 'abort', 'error', 'loadstart']) {
                window.video.addEventListener(name, () => window.broken.push(name));
            }
            return window.video.play();
        }"""
    )
    page.wait_for_selector("#outputs img")
    before = page.evaluate("() => window.video.currentTime")
    page.wait_for_timeout(1500)
    kept = page.evaluate(
        """() => ({
            same: document.querySelector('video') === window.video,
            playing: !window.video.paused,
            broken: window.broken,
            time: window.video.currentTime,
        })"""
    )
    # The clip is short and loops: its time goes on, or has begun again.
    assert kept["time"] != before
    assert (kept["same"], kept["playing"], kept["broken"]) == (True, True, [])


def test_trouble_is_told_and_gone_again(page: Page, site: str, upstream: Simulator) -> None:
    run_id, created = uuid4(), datetime.now(UTC)
    running_now = body(running(run_id, created=created))
    upstream.script(
        run_id,
        [running_now, (500, {}, "Internal Server Error"), (500, {}, "x"), running_now],
    )
    page.goto(f"{site}/runs/{run_id}/")
    expect(page.locator(LIVE)).to_contain_text("at last sight")
    assert page.title().startswith("Lost sight")
    expect(page.locator(LIVE)).not_to_contain_text("at last sight", timeout=15_000)


def test_polling_ends_with_the_run(page: Page, site: str, upstream: Simulator) -> None:
    run_id = uuid4()
    upstream.script(run_id, [body(answer(run_id, created=datetime.now(UTC) - timedelta(hours=1)))])
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/runs/{run_id}/")
    page.wait_for_timeout(3000)
    assert [url for url in asked if "/live/" in url] == []


def test_a_signed_out_reader_is_told_and_polling_stops(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    run_id = uuid4()
    upstream.script(run_id, [body(running(run_id, created=datetime.now(UTC)))])
    context = signed_in()
    page = context.new_page()
    page.goto(f"{site}/runs/{run_id}/")
    context.clear_cookies()
    expect(page.get_by_text("signed out")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(5000)
    assert asked == []


def test_a_hidden_tab_asks_every_15_s(page: Page, site: str, upstream: Simulator) -> None:
    run_id = uuid4()
    upstream.script(run_id, [body(running(run_id, created=datetime.now(UTC)))])
    page.goto(f"{site}/runs/{run_id}/")
    expect(page.locator(LIVE)).to_contain_text("Running KSampler")
    page.evaluate(
        "() => Object.defineProperty(document, 'hidden', {get: () => true, configurable: true})"
    )
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(9000)
    assert len([url for url in asked if "/live/" in url]) <= 1
    page.evaluate("() => Object.defineProperty(document, 'hidden', {get: () => false})")
    page.wait_for_timeout(5000)
    assert len([url for url in asked if "/live/" in url]) >= 2
