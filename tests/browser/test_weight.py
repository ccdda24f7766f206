"""X."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Response, Route

from dashboard.simulator import Simulator
from tests.browser.scenes import DRAWN, film, picture_of
from tests.builders import answer, body, running, store

WATCH = """
window.seen = {shift: 0, moved: []};
new PerformanceObserver(list => list.getEntries().forEach(e => {
  if (e.hadRecentInput) return;
  seen.shift += e.value;
  seen.moved.push(...e.sources.map(one => one.node?.parentElement?.outerHTML.slice(0, 80)));
})).observe({type: 'layout-shift', buffered: true});
"""


def visit(context: BrowserContext, address: str) -> tuple[list[Response], dict[str, Any]]:
    context.add_init_script(WATCH)
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda one: answers.append(one))
    page.goto(address, wait_until="load")
    page.wait_for_load_state("networkidle")
    page.evaluate(DRAWN)
    return answers, page.evaluate("window.seen")


@pytest.mark.parametrize("live", [True, False], ids=["live", "ended"])
@pytest.mark.parametrize("width", [390, 1440])
def test_a_first_visit_is_light_and_still(
    signed_in: Callable[..., BrowserContext],
    site: str,
    upstream: Simulator,
    live: bool,
    width: int,
) -> None:
    run_id, now = uuid4(), datetime.now(UTC)
    outputs = [picture_of(upstream, run_id, "a.png"), film(upstream, run_id)]
    made = (running if live else answer)(
        run_id, created=now - timedelta(minutes=1), outputs=outputs
    )
    upstream.script(run_id, [body(made)])
    store(made)
    touch = width < 600
    size = {"width": width, "height": 844}
    context = signed_in(viewport=size, has_touch=touch, is_mobile=touch)
    answers, seen = visit(context, f"{site}/runs/{run_id}/")
    ours = [one for one in answers if one.url.startswith(site)]
    first = [one for one in answers if "/live/" not in one.url]
    # What a run made is not the page's own weight.
    fetched = {one.url for one in first if "/media/" not in one.url}
    assert len(fetched) <= 12, "\n".join(sorted(fetched))
    weights = {
        kind: sum(len(gzip.compress(one.body())) for one in ours if one.url.endswith(kind))
        for kind in (".js", ".css")
    }
    assert 10_000 < weights[".js"] <= 40_000, weights
    assert 5_000 < weights[".css"] <= 20_000, weights
    assert seen["shift"] <= 0.01, seen["moved"]


@pytest.mark.parametrize("live", [True, False], ids=["live", "ended"])
def test_a_first_visit_is_light_on_the_wire(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator, live: bool
) -> None:
    run_id = uuid4()
    made = (running if live else answer)(run_id, created=datetime.now(UTC))
    upstream.script(run_id, [body(made)])
    answers, _ = visit(signed_in(), f"{site}/runs/{run_id}/")
    weights = {one.url: on_the_wire(one) for one in answers if "/live/" not in one.url}
    assert 60_000 < sum(weights.values()) <= 110_000, weights


def on_the_wire(one: Response) -> int:
    """Bytes with their headers; `serve` sends scripts, styles and drawings compressed."""
    sizes = one.request.sizes()
    packed = one.url.endswith((".js", ".css", ".svg"))
    sent = len(gzip.compress(one.body())) if packed else sizes["responseBodySize"]
    return sent + sizes["responseHeadersSize"]


@pytest.mark.parametrize("width", [390, 1440])
def test_fonts_that_come_late_are_taken_over_and_move_nothing(
    signed_in: Callable[..., BrowserContext], site: str, width: int
) -> None:
    run = store(answer(created=datetime.now(UTC)))
    context = signed_in(viewport={"width": width, "height": 844})
    context.add_init_script(WATCH)
    page = context.new_page()
    held: list[Route] = []
    page.route("**/*.woff2", lambda route: held.append(route))
    page.goto(site + run.get_absolute_url(), wait_until="domcontentloaded")
    page.evaluate(DRAWN)
    assert page.evaluate("document.fonts.status") == "loading" and held
    while held:
        held.pop().continue_()
        page.wait_for_timeout(100)
    page.wait_for_function("() => document.fonts.status === 'loaded'")
    page.evaluate(DRAWN)
    loaded = "[...document.fonts].filter(one => one.status === 'loaded')"
    faces = page.evaluate(f"{loaded}.map(one => one.family)")
    assert {"Geist Variable", "Geist Mono Variable"} <= {name.strip('"') for name in faces}
    seen = page.evaluate("window.seen")
    assert seen["shift"] <= 0.01, seen["moved"]
