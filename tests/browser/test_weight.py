"""What a first visit of a run's page weighs, and that nothing jumps (its times: `make bench`)."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Response

from dashboard.simulator import Simulator
from tests.browser.test_pages import picture_of
from tests.builders import answer, body, running, store

WATCH = """
window.seen = {shift: 0, moved: []};
new PerformanceObserver(list => list.getEntries().forEach(e => {
  if (e.hadRecentInput) return;
  seen.shift += e.value;
  seen.moved.push(...e.sources.map(one => one.node?.parentElement?.outerHTML.slice(0, 80)));
})).observe({type: 'layout-shift', buffered: true});
"""


def film(upstream: Simulator, run_id: Any) -> dict[str, Any]:
    made = picture_of(upstream, run_id, "b.mp4")
    made["data"] = {"gifs": made["data"].pop("images")}
    return made


def visit(context: BrowserContext, address: str) -> tuple[list[Response], dict[str, Any]]:
    context.add_init_script(WATCH)
    page = context.new_page()
    answers: list[Response] = []
    page.on("response", lambda one: answers.append(one))
    page.goto(address, wait_until="load")
    page.wait_for_timeout(1200)
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
    context = signed_in(viewport={"width": width, "height": 844})
    answers, seen = visit(context, f"{site}/runs/{run_id}/")
    ours = [one for one in answers if one.url.startswith(site)]
    first = [one for one in answers if "/live/" not in one.url]
    # What a run made is not the page's own weight.
    fetched = {one.url for one in first if "/media/" not in one.url}
    assert len(fetched) <= 12, sorted(fetched)
    weights = {
        kind: sum(len(gzip.compress(one.body())) for one in ours if one.url.endswith(kind))
        for kind in (".js", ".css")
    }
    assert 10_000 < weights[".js"] <= 40_000, weights
    assert 5_000 < weights[".css"] <= 20_000, weights
    assert seen["shift"] <= 0.01, seen["moved"]
