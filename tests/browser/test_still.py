"""That nothing jumps on the way of a run from its wait to its end, while its page is open."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.simulator import Simulator
from tests.browser.scenes import DRAWN, SHIFTS, picture_of, shifted
from tests.builders import answer, body, running, stamp, store, waiting

ANSWERED = """(name) => new Promise((done) => {
    document.addEventListener('htmx:finally:request', () => done(), {once: true});
    htmx.trigger(document.body, name);
})"""
SIZES = {390: {"width": 390, "height": 844}, 1440: {"width": 1440, "height": 900}}


@pytest.mark.parametrize(
    ("width", "past"), list(zip(SIZES, (0, 8), strict=True)), ids=["no history", "history"]
)
def test_nothing_jumps_from_the_wait_to_the_end(
    signed_in: Callable[..., BrowserContext],
    site: str,
    upstream: Simulator,
    width: int,
    past: int,
) -> None:
    run_id, created = uuid4(), datetime.now(UTC)
    for hours in range(past):
        store(answer(created=created - timedelta(hours=hours + 1)))
    made = [picture_of(upstream, run_id, name) for name in ("a.png", "b.png")]
    for seconds, one in enumerate(made):
        one["created_at"] = stamp(created + timedelta(seconds=seconds))
    begun = {"run_id": run_id, "created": created}
    queued_at = stamp(created + timedelta(seconds=1.4))
    steps = [
        waiting(**begun, queue_position=3),
        waiting(**begun, status="queued", queued_at=queued_at),
        running(**begun, status="started", progress=0.0, live_status=None),
        running(**begun, progress=0.2),
        running(**begun, progress=0.7, outputs=made[:1]),
        answer(**begun, outputs=made),
    ]
    upstream.script(run_id, [body(step) for step in steps])
    touch = width < 600
    context = signed_in(viewport=SIZES[width], has_touch=touch, is_mobile=touch)
    context.add_init_script(SHIFTS)
    page = context.new_page()
    page.goto(f"{site}/runs/{run_id}/")
    for word in ("Waiting", "Starting up", "Preparing", "Running", "Done"):
        expect(page.locator(".run-line .pill")).to_contain_text(word)
    expect(page.locator(".tile")).to_have_count(2)
    for image in page.locator(".tile img").all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
    total, shifts = shifted(page)
    assert total <= 0.01, shifts


@pytest.mark.parametrize("width", SIZES)
def test_a_part_that_is_asked_for_again_moves_nothing_on_a_page_that_opened_ended(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator, width: int
) -> None:
    run_id = uuid4()
    store(answer(run_id, outputs=[picture_of(upstream, run_id, "a.png")]))
    page = signed_in(viewport=SIZES[width]).new_page()
    page.goto(f"{site}/runs/{run_id}/")
    before = _places(page)
    for name in ("outputs-changed", "run-changed"):
        page.evaluate(ANSWERED, name)
        page.evaluate(DRAWN)
    for stands, stood in zip(_places(page), before, strict=True):
        assert stands == pytest.approx(stood, abs=0.1)  # the browser's own fractions are 1/64 px


def _places(page: Page) -> list[Any]:
    parts = (".bar", ".headline", "#outputs", ".tile")
    return [page.locator(part).first.bounding_box() for part in parts]
