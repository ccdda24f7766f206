"""A run watched in a browser from its beginning to its end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.services import clock
from dashboard.services.runs.fetch import refresh_run, track_run
from dashboard.simulator import Simulator
from tests.browser.conftest import Complaints
from tests.browser.scenes import ask, asked_in, picture_of, stop_clock
from tests.builders import answer, body, running, store, waiting

LIVE = "#live"


def test_focus_scroll_selection_and_folds_stay_through_three_updates(
    page: Page, site: str, upstream: Simulator, complaints: Complaints
) -> None:
    run_id, created = uuid4(), datetime.now(UTC)
    steps = [
        body(
            running(
                run_id,
                created=created,
                progress=n / 20,
                outputs=[picture_of(upstream, run_id, "scene_00001_.png")],
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
    page.wait_for_function("() => window.updates >= 3")
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
    const told = part.ariaLabel.match(/([\\d.]+)\\ss so far/);
    return [parseFloat(part.querySelector('.now-mark').getAttribute('x')), Number(told?.[1])];
}"""


@pytest.mark.parametrize("place", ["run", "card"])
def test_the_bar_grows_with_the_clock_while_the_answers_are_the_same(
    page: Page, site: str, upstream: Simulator, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    run_id, created = uuid4(), datetime.now(UTC) - timedelta(seconds=2)
    made = waiting(run_id, created=created)
    upstream.script(run_id, [body(made)])
    store(made)
    path, part, drawing = {
        "run": (f"/runs/{run_id}/", LIVE, ".bar-draw"),
        "card": ("/", "#now", ".mini-card"),
    }[place]
    page.goto(site + path)
    mark, told = page.evaluate(DRAWN, drawing)
    drawn = page.locator(drawing).get_attribute("aria-label") or ""
    monkeypatch.setattr(clock, "_offset", clock._offset + timedelta(seconds=9))
    ask(page, part)
    expect(page.locator(drawing)).not_to_have_attribute("aria-label", drawn)
    grown, later = page.evaluate(DRAWN, drawing)
    assert grown > mark + 10
    assert later - told >= 8.9


PLAYS = """() => {
    window.video = document.querySelector('video');
    window.video.muted = window.video.loop = true;
    window.broken = [];
    for (const name of ['pause', 'emptied', 'abort', 'error', 'loadstart']) {
        window.video.addEventListener(name, () => window.broken.push(name));
    }
    return window.video.play();
}"""


def test_a_playing_video_goes_on_through_updates(
    page: Page, site: str, upstream: Simulator
) -> None:
    run_id, created = uuid4(), datetime.now(UTC)
    clip = picture_of(upstream, run_id, "clip.mp4")
    clip["data"] = {"files": clip["data"]["images"]}
    late = picture_of(upstream, run_id, "scene_00001_.png")

    def comes(progress: float, *outputs: dict[str, Any]) -> None:
        made = running(run_id, created=created, progress=progress, outputs=list(outputs))
        upstream.script(run_id, [body(made)])
        refresh_run(track_run(run_id), on_demand=True)

    comes(0.1, clip)
    page.goto(f"{site}/runs/{run_id}/")
    page.wait_for_selector("video")
    page.evaluate(PLAYS)
    for progress, outputs in ((0.2, [clip]), (0.3, [clip, late])):
        comes(progress, *outputs)
        ask(page)
        expect(page.locator(LIVE)).to_contain_text(f"{progress:.0%}".rstrip("%"))
    page.wait_for_selector("#outputs img")
    # The clip is short and loops: its time goes on, or has begun again.
    before = page.evaluate("() => window.video.currentTime")
    page.wait_for_function("(before) => window.video.currentTime !== before", arg=before)
    assert page.evaluate("document.querySelector('video') === window.video")
    assert page.evaluate("[window.video.paused, window.broken]") == [False, []]


def test_trouble_is_told_and_gone_again(page: Page, site: str, upstream: Simulator) -> None:
    run_id, created = uuid4(), datetime.now(UTC)
    running_now = body(running(run_id, created=created))
    upstream.script(
        run_id,
        [running_now, (500, {}, "Internal Server Error"), (500, {}, "x"), running_now],
    )
    page.goto(f"{site}/runs/{run_id}/")
    expect(page.locator(LIVE)).to_contain_text("Last seen")
    assert page.title().startswith("No updates")
    expect(page.locator(LIVE)).not_to_contain_text("Last seen")


def test_polling_ends_with_the_run(page: Page, site: str, upstream: Simulator) -> None:
    run_id = uuid4()
    upstream.script(run_id, [body(answer(run_id, created=datetime.now(UTC) - timedelta(hours=1)))])
    page.clock.install()
    page.goto(f"{site}/runs/{run_id}/")
    stop_clock(page)
    assert [url for url in asked_in(page, 60) if "/live/" in url] == []


def test_a_signed_out_reader_is_told_and_polling_stops(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator
) -> None:
    run_id = uuid4()
    upstream.script(run_id, [body(running(run_id, created=datetime.now(UTC)))])
    context = signed_in()
    page = context.new_page()
    page.clock.install()
    page.goto(f"{site}/runs/{run_id}/")
    context.clear_cookies()
    expect(page.get_by_text("signed out")).to_be_visible()
    stop_clock(page)
    assert asked_in(page, 60) == []


def test_a_hidden_tab_asks_every_15_s(page: Page, site: str, upstream: Simulator) -> None:
    run_id = uuid4()
    upstream.script(run_id, [body(running(run_id, created=datetime.now(UTC)))])
    page.clock.install()
    page.goto(f"{site}/runs/{run_id}/")
    expect(page.locator(LIVE)).to_contain_text("Running KSampler")
    stop_clock(page)
    with page.expect_response("**/live/"):
        page.clock.run_for(2000)
    hidden = "() => Object.defineProperty(document, 'hidden', {get: () => %s, configurable: true})"
    page.evaluate(hidden % "true")
    assert asked_in(page, 12) == []
    with page.expect_response("**/live/"):
        page.clock.run_for(4000)
    assert asked_in(page, 12) == []
    page.evaluate(hidden % "false")
    with page.expect_response("**/live/"):
        page.clock.run_for(2000)
