"""What several browser tests set up or look at: runs with outputs, links, shifts and widths."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone
from playwright.sync_api import Page, expect

from dashboard.models import Run
from dashboard.services.sharing import share_links
from dashboard.simulator import Simulator
from tests.builders import answer, element, person, store

SHIFTS = """
    window.shifts = [];
    new PerformanceObserver((list) => {
        for (const one of list.getEntries()) {
            const moved = one.sources.map((s) => s.node?.parentElement?.outerHTML?.slice(0, 120));
            if (!one.hadRecentInput) window.shifts.push([one.value, moved]);
        }
    }).observe({type: "layout-shift", buffered: true});
"""
# What has moved is told by the frame that draws it: two frames later all of it is told.
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


ASK = """(part) => new Promise((done) => {
    document.addEventListener('htmx:finally:request', () => done(), {once: true});
    htmx.trigger(document.querySelector(part), 'every');
})"""


def ask(page: Page, part: str = "#live") -> None:
    """The next poll of a part, now, and its end."""
    page.evaluate(ASK, part)


def stop_clock(page: Page) -> None:
    """From here on time passes in the page when a test says so; needs `page.clock.install()`."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 0.2)


def asked_in(page: Page, seconds: int) -> list[str]:
    """The addresses that a page asks for while this long passes on its stopped clock."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(seconds * 1000)
    return up_to_now(page, asked)


def up_to_now(page: Page, asked: list[str]) -> list[str]:
    """What was asked, once a question that is asked now has come after it."""
    with page.expect_response("**/healthz"):
        page.evaluate("() => { fetch('/healthz'); }")
    return [url for url in asked if not url.endswith("/healthz")]


def shifted(page: Page) -> tuple[float, list[Any]]:
    """How far the page has jumped, and what did; its context needs `SHIFTS`."""
    page.evaluate(DRAWN)
    shifts = page.evaluate("window.shifts")
    return sum(value for value, _ in shifts), shifts


def picture_of(upstream: Simulator, run_id: UUID, name: str) -> dict[str, Any]:
    made = element(name)
    origin = upstream.url.removesuffix("/api")
    made["data"]["images"][0]["url"] = f"{origin}/media/{run_id}/{name}"
    return made


def film(upstream: Simulator, run_id: UUID) -> dict[str, Any]:
    made = picture_of(upstream, run_id, "b.mp4")
    made["data"] = {"gifs": made["data"].pop("images")}
    return made


def done_run(upstream: Simulator) -> UUID:
    run_id, now = uuid4(), datetime.now(UTC)
    outputs = [picture_of(upstream, run_id, name) for name in ("a.png", "b.png")]
    store(answer(run_id, created=now - timedelta(minutes=9), outputs=outputs))
    return run_id


def link_to(run: Run, site: str) -> str:
    scopes = frozenset({"outputs", "times"})
    _, token = share_links.make(
        run, person("ben"), scopes=scopes, title="", life="1", now=timezone.now()
    )
    return f"{site}/s/{token}/"


def share_from(page: Page, site: str, run_id: object, *scopes: str) -> str:
    """Opens the dialog by its button, ticks more, makes the link, and reads it."""
    page.goto(f"{site}/runs/{run_id}/")
    page.get_by_role("link", name="Share", exact=True).click()
    dialog = page.locator("#share-dialog")
    expect(dialog).to_be_visible()
    for scope in scopes:
        dialog.get_by_label(scope).check()
    dialog.get_by_role("button", name="Create link").click()
    link = dialog.get_by_label("Share link", exact=True)
    expect(link).to_be_visible()
    return link.input_value()


def too_wide(page: Page) -> dict[int, int]:
    """By how many pixels a loaded page scrolls sideways, at each width at which it does."""
    over = {}
    for width in (360, 390, 600, 640, 720, 768, 900, 1024, 1920):
        page.set_viewport_size({"width": width, "height": 844})
        over[width] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.set_viewport_size({"width": 360, "height": 844})
    return {width: pixels for width, pixels in over.items() if pixels > 0}
