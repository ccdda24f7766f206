"""What a phone shows at once, and the copied words of a failure."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, expect

from dashboard.simulator import Simulator
from tests.builders import answer, body, running, store, waiting

PHONE = {"width": 390, "height": 844}
GONE = (500, {}, "Internal Server Error")
# What a phone shows of a run, how old it is, what came before it, and its next-step sentence.
SIGHTS = {
    "running": (running, 40, 0, ".second"),
    "running, with a history": (running, 40, 8, ".left"),
    "waiting": (waiting, 40, 0, ".second"),
    "stuck": (waiting, 600, 8, ".left.is-stuck"),
    "lost": (running, 40, 8, ".run-notice"),
    "lost while waiting": (waiting, 40, 8, ".run-notice"),
}


@pytest.mark.parametrize("name", SIGHTS)
def test_state_time_bar_and_next_step_lie_above_the_action_bar(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator, name: str
) -> None:
    make, age, past, sentence = SIGHTS[name]
    run_id, now = uuid4(), datetime.now(UTC)
    for hours in range(past):
        store(answer(created=now - timedelta(hours=hours + 1)))
    payload = make(run_id, created=now - timedelta(seconds=age), queue_position=3)
    upstream.script(run_id, [body(payload), *([GONE] if "lost" in name else [])])
    page = signed_in(viewport=PHONE, has_touch=True, is_mobile=True).new_page()
    page.goto(f"{site}/runs/{run_id}/")
    expect(page.locator(sentence)).to_be_visible()
    bar = page.locator(".actions").bounding_box()
    assert bar and bar["y"] + bar["height"] == pytest.approx(PHONE["height"], abs=1)
    for part in (".run-line .pill", ".elapsed", ".verdict-text", sentence, ".bar"):
        box = page.locator(part).first.bounding_box()
        assert box and box["height"] > 0, part
        assert box["y"] + box["height"] <= bar["y"], (part, box, bar)


@pytest.mark.parametrize("width", [360, 390])
def test_no_button_of_a_phones_bar_is_cut(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator, width: int
) -> None:
    run_id = uuid4()
    upstream.script(run_id, [body(running(run_id, created=datetime.now(UTC)))])
    phone = {"width": width, "height": 844}
    page = signed_in(viewport=phone, has_touch=True, is_mobile=True).new_page()
    page.goto(f"{site}/runs/{run_id}/")
    names = page.locator(".actions > *:visible").evaluate_all(
        "all => all.map((one) => one.ariaLabel || one.textContent.trim())"
    )
    assert sorted(names[1:]) == ["Copy link", "Notify me", "Share"]
    # A label that is there for screen readers alone is clipped on purpose.
    cut = """all => all.filter((one) => one.scrollWidth > one.clientWidth
        && getComputedStyle(one).clipPath === 'none')
        .map((one) => one.outerHTML)"""
    assert page.locator(".actions, .actions *:not(svg, use)").evaluate_all(cut) == []
