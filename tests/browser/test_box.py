"""The box that takes anything: what it says, opens and searches."""

from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from dashboard.services.runs import labels
from dashboard.simulator import Simulator
from tests.browser.conftest import Complaints
from tests.builders import answer, body, store


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        (1, "1 run ID found: "),
        (2, "2 run IDs found"),
        (250, "250 run IDs found, the first 200 will open"),
    ],
)
def test_the_box_says_what_it_will_open(page: Page, site: str, ids: int, said: str) -> None:
    page.goto(site)
    page.locator("#q").fill(" ".join(str(UUID(int=n + 1)) for n in range(ids)))
    expect(page.locator("[data-box-message]")).to_contain_text(said)


def previews(page: Page) -> list[str]:
    """What the box asks, as it is asked."""
    asked: list[str] = []
    page.route("**/runs/preview/", lambda route: (asked.append(body_of(route)), route.fallback()))
    return asked


def body_of(route: Route) -> str:
    return parse_qs(route.request.post_data or "").get("q", [""])[0]


def test_the_box_asks_once_for_what_was_typed_and_keeps_it(
    page: Page, site: str, complaints: Complaints
) -> None:
    page.goto(site)
    asked, run_id = previews(page), str(uuid4())
    page.locator("#q").press_sequentially(run_id, delay=5)
    expect(page.locator("[data-box-message] code")).to_have_text(run_id)
    assert asked == [run_id]
    expect(page.locator("#q")).to_have_value(run_id)
    expect(page.locator("#q")).to_be_focused()
    expect(page.locator("[data-box-message]")).to_have_attribute("aria-live", "polite")
    assert complaints == []


def test_an_empty_box_asks_nothing_and_says_nothing(
    page: Page, site: str, complaints: Complaints
) -> None:
    page.goto(site)
    asked = previews(page)
    page.locator("#q").fill(str(uuid4()))
    expect(page.locator("[data-box-message]")).to_contain_text("1 run ID found: ")
    page.locator("#q").fill("  ")
    assert page.locator("[data-box-message]").inner_html() == ""
    page.locator("#q").fill("")
    page.wait_for_timeout(500)
    assert len(asked) == 1
    assert page.locator("[data-box-message]").inner_html() == ""
    assert complaints == []


def test_the_last_input_wins_over_a_late_answer(
    page: Page, site: str, complaints: Complaints
) -> None:
    page.goto(site)
    held: list[Route] = []
    page.route("**/runs/preview/", lambda route: held.append(route))
    first, second = str(uuid4()), str(uuid4())
    with page.expect_request("**/runs/preview/"):
        page.locator("#q").fill(first)
    with page.expect_request("**/runs/preview/"):
        page.locator("#q").fill(f"{first} {second}")
    while len(held) < 2:
        page.wait_for_timeout(20)
    for route in held[::-1]:
        route.fallback()
    expect(page.locator("[data-box-message]")).to_have_text("2 run IDs found")
    page.wait_for_timeout(200)
    expect(page.locator("[data-box-message]")).to_have_text("2 run IDs found")
    assert len(held) == 2
    assert complaints == []


def test_the_box_of_a_run_says_it_too(page: Page, site: str, complaints: Complaints) -> None:
    page.goto(f"{site}/runs/{store(answer()).uuid}/")
    page.locator("#q").fill(f"{uuid4()} {uuid4()} {uuid4()}")
    expect(page.locator(".box-small .box-message")).to_have_text("3 run IDs found")
    assert complaints == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"{UUID(int=1)}\n{UUID(int=2)}\r\n", "2 run IDs found"),
        (f"queued {str(UUID(int=7))[:20]}\r\n{str(UUID(int=7))[20:]}", "1 run ID found: "),
        (f"queued {str(UUID(int=7))[:9]}=\n{str(UUID(int=7))[9:]}\n", "1 run ID found: "),
        ("dunes\n", "Search for “dunes”"),
        ("dunes\nhills", ""),
    ],
)
def test_the_lines_of_a_paste_are_kept(page: Page, site: str, text: str, said: str) -> None:
    page.goto(site)
    with page.expect_response("**/runs/preview/"):
        page.locator("#q").evaluate(
            """(box, text) => {
                const clipboardData = new DataTransfer();
                clipboardData.setData('text/plain', text);
                const how = {clipboardData, bubbles: true, cancelable: true};
                box.dispatchEvent(new ClipboardEvent('paste', how));
            }""",
            text,
        )
    expect(page.locator("[data-box-message]")).to_contain_text(said)


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("at", ["list", "run"])
def test_words_are_searched_and_never_told_off(
    signed_in: Callable[..., BrowserContext],
    site: str,
    complaints: Complaints,
    scripts: bool,
    at: str,
) -> None:
    run = store(answer())
    labels.set_title(run, "Dunes at dusk", None)
    page = signed_in(java_script_enabled=scripts).new_page()
    began = f"{site}/" if at == "list" else f"{site}/runs/{run.uuid}/"
    page.goto(began)
    page.locator("#q").fill("dunes")
    if scripts:
        expect(page.locator("[data-box-message]")).to_have_text("Search for “dunes”")
        expect(page.locator(".is-bad, [aria-invalid]")).to_have_count(0)
    page.locator("#q").press("Enter")
    for _ in ("submitted", "reloaded"):
        expect(page).to_have_url(f"{site}/?q=dunes")
        expect(page.get_by_role("heading", name="Results for “dunes”")).to_be_visible()
        expect(page.locator("#q")).to_have_value("dunes")
        expect(page.locator(".row")).to_have_count(1)
        expect(page.locator(".is-bad, [aria-invalid]")).to_have_count(0)
        page.reload()
    page.locator("#q").fill("hills")
    page.locator("#q").press("Enter")
    expect(page.get_by_role("heading", name="No run here matches “hills”")).to_be_visible()
    expect(page.locator(".is-bad, [aria-invalid]")).to_have_count(0)
    page.go_back()
    expect(page).to_have_url(f"{site}/?q=dunes")
    expect(page.get_by_role("heading", name="Results for “dunes”")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(began)
    assert complaints == []


def test_what_was_wrong_with_a_paste_goes_with_the_next_letter(page: Page, site: str) -> None:
    store(answer())
    page.goto(site)
    page.locator("#q").fill("password=nothing")
    page.keyboard.press("Enter")
    expect(page.locator(".box-message.is-bad")).to_contain_text("No run ID found")
    page.locator("#q").press("x")
    expect(page.locator(".is-bad")).to_have_count(0)
    assert page.locator("[data-box-message]").inner_html() == ""


def test_pasted_runs_appear_as_they_are_found(
    page: Page, site: str, upstream: Simulator, complaints: Complaints
) -> None:
    ids, created = [uuid4(), uuid4()], datetime.now(UTC)
    for run_id in ids:
        upstream.script(run_id, [body(answer(run_id, created=created))])
    page.goto(site)
    page.locator("#q").fill(" ".join(map(str, ids)))
    page.keyboard.press("Enter")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator("#found")).to_contain_text("1 still loading")
    page.evaluate("window.stillTheSamePage = true")
    store(answer(ids[1], created=created))
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator("#found")).not_to_have_attribute("hx-trigger", "every 3s")
    assert page.evaluate("window.stillTheSamePage") is True
    assert complaints == []
