"""Many pictures, long values, large text, and paper."""

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.simulator import Simulator
from tests.browser.conftest import Complaints
from tests.browser.scenes import picture_of
from tests.builders import answer, element, store

PHONE = {"width": 390, "height": 844}
LARGE_TEXT = {
    "the root": "() => { document.documentElement.style.fontSize = '200%'; }",
    "each text": """() => {
        const all = [...document.querySelectorAll("body, body *:not(svg *)")];
        const sizes = all.map((one) => parseFloat(getComputedStyle(one).fontSize));
        all.forEach((one, n) => { one.style.fontSize = `${sizes[n] * 2}px`; });
    }""",
}
CLOSE_LINES = """() => {
    const seen = { checkOpacity: true, checkVisibilityCSS: true, contentVisibilityAuto: true };
    const found = [];
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const parent = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || parent.closest("svg, .sr, .cut")) continue;
        if (!parent.checkVisibility(seen)) continue;
        const range = document.createRange();
        range.selectNodeContents(walker.currentNode);
        const tops = [...new Set([...range.getClientRects()].map((box) => Math.round(box.top)))];
        const size = parseFloat(getComputedStyle(parent).fontSize);
        tops.sort((a, b) => a - b);
        for (let n = 1; n < tops.length; n += 1) {
            if (tops[n] - tops[n - 1] > 3 && tops[n] - tops[n - 1] < size * 1.1) {
                found.push([walker.currentNode.data.slice(0, 40), tops[n] - tops[n - 1], size]);
            }
        }
    }
    return found;
}"""
OVERLAPS = """() => {
    const CLIPPED = "svg, .sr, .cut, .cover, pre, .text-body";
    const seen = { checkOpacity: true, checkVisibilityCSS: true, contentVisibilityAuto: true };
    const boxes = [];
    const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        const parent = node.parentElement;
        if (!node.data.trim() || !parent.checkVisibility(seen)) continue;
        if (parent.closest(`${CLIPPED}, .jumps, .actions, .tile-actions`)) continue;
        const range = document.createRange();
        range.selectNodeContents(node);
        for (const box of range.getClientRects()) boxes.push([box, node]);
    }
    const found = [];
    for (const [one, a] of boxes) for (const [two, b] of boxes) {
        if (a === b) continue;
        const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
        const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
        const least = Math.min(one.height, two.height);
        const words = [a, b].map((node) => node.data.trim().slice(0, 30));
        if (wide > 2 && high > least * 0.4) found.push([...words, high]);
    }
    return found;
}"""


@pytest.fixture
def many(site: str, upstream: Simulator) -> str:
    run_id = uuid4()
    outputs = [picture_of(upstream, run_id, f"p{n}_a.png") for n in range(400)]
    store(answer(run_id, created=datetime.now(UTC), outputs=outputs))
    return f"{site}/runs/{run_id}/"


@pytest.fixture
def long(site: str) -> str:
    inputs = {"prompt": "a cat on a hat " * 400, "sizes": list(range(20_000)), "seed": 42}
    people = {"user_id": "user_2abcDEF", "org_id": "org_9xyz"}
    outputs = [element(data={"text": ["a lighthouse at dusk " * 500]})]
    run = store(
        answer(created=datetime.now(UTC), outputs=outputs, workflow_inputs=inputs, **people)
    )
    return f"{site}/runs/{run.uuid}/"


@pytest.mark.parametrize("width", [390, 1440])
def test_many_pictures_are_a_contact_sheet(
    signed_in: Callable[..., BrowserContext], many: str, complaints: Complaints, width: int
) -> None:
    page = signed_in(viewport={"width": width, "height": 900}).new_page()
    page.goto(many)
    expect(page.locator(".tile")).to_have_count(40)
    box = page.locator(".tile").first.bounding_box()
    assert box and 100 <= box["width"] <= 190
    jumps = page.get_by_role("navigation", name="Parts of this page")
    page.locator(".tile").nth(30).scroll_into_view_if_needed()
    at = jumps.bounding_box()
    assert at and abs(at["y"]) <= 1
    jumps.get_by_role("link", name="Log").click()
    expect(page.locator("#log[open] > summary")).to_be_in_viewport()
    jumps.get_by_role("link", name="Outputs").click()
    expect(page.locator("#outputs-title")).to_be_in_viewport()
    page.get_by_role("link", name="Show all 400").press("Enter")
    expect(page.locator(".tile")).to_have_count(400)
    expect(page.locator(".tile").nth(40).get_by_role("link").first).to_be_focused()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert not complaints


def test_a_long_text_opens_in_its_place(page: Page, long: str, complaints: Complaints) -> None:
    page.goto(long)
    tile = page.locator(".tile-text")
    tile.get_by_role("button", name="Show all").press("Enter")
    expect(tile.locator(".text-body")).to_contain_text("a lighthouse at dusk " * 499)
    expect(tile.locator(":focus")).to_have_count(1)
    inputs = page.locator("#inputs .input").first
    inputs.get_by_role("button", name="Show all").click()
    expect(inputs.locator(".fold-text")).to_contain_text("a cat on a hat " * 399)
    assert not complaints


@pytest.mark.parametrize("way", LARGE_TEXT)
@pytest.mark.parametrize("path", ["run", "list"])
def test_text_of_twice_the_size_keeps_its_lines_apart(
    signed_in: Callable[..., BrowserContext], site: str, long: str, way: str, path: str
) -> None:
    page = signed_in(viewport=PHONE).new_page()
    page.goto(long if path == "run" else site)
    page.evaluate("document.fonts.ready")
    page.evaluate(LARGE_TEXT[way])
    assert page.evaluate(CLOSE_LINES) == []
    assert page.evaluate(OVERLAPS) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


@pytest.mark.parametrize("width", [390, 1440])
def test_paper_names_no_user_and_waits_for_pictures(
    page: Page, long: str, many: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(long)
    page.emulate_media(media="print")
    for name in ("user_id", "org_id"):
        row = page.locator("#fields tr", has=page.get_by_text(name, exact=True))
        expect(row).to_be_hidden()
    assert "user_2abcDEF" not in page.locator("main").inner_text()
    page.emulate_media(media="screen")
    page.goto(many)
    page.evaluate("() => { window.print = () => { window.printed = loaded(); }; }")
    page.evaluate("""() => { window.loaded = () =>
        [...document.querySelectorAll(".tile img")].filter((one) => one.naturalWidth).length; }""")
    # A busy computer may need more than the 10 s that printing waits for.
    page.evaluate("""() => { const later = setTimeout;
        window.setTimeout = (call, ms) => later(call, ms === 10_000 ? 100_000 : ms); }""")
    page.keyboard.press("Control+p")
    page.wait_for_function("() => window.printed !== undefined", timeout=100_000)
    assert page.evaluate("window.printed") == 40
