"""What pages complain of, load late, and how lists stand at each width."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page

from dashboard.simulator import Simulator
from tests.browser.conftest import Complaints
from tests.browser.pages import of_runs
from tests.builders import answer, stamp, store


@pytest.fixture
def addresses(site: str, upstream: Simulator) -> dict[str, str]:
    """A page of each kind, by name."""
    return of_runs(upstream)


def test_pages_complain_of_nothing(
    signed_in: Callable[..., BrowserContext],
    site: str,
    addresses: dict[str, str],
    complaints: Complaints,
) -> None:
    page = signed_in().new_page()
    quiet = ("list", "done", "running", "waiting", "failed", "explained", "following", "password")
    for name in quiet:
        page.goto(site + addresses[name])
        page.wait_for_load_state("networkidle")
    assert complaints == []


def test_hostile_strings_run_nothing(
    signed_in: Callable[..., BrowserContext], site: str, addresses: dict[str, str]
) -> None:
    page = signed_in().new_page()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.goto(site + addresses["hostile"])
    links = page.evaluate("[...document.links].map(l => l.href)")
    assert all(link.startswith(("http://", "https://")) for link in links)
    assert dialogs == []


def test_the_keyboard_alone_reaches_a_run_from_the_list(
    signed_in: Callable[..., BrowserContext], site: str, addresses: dict[str, str]
) -> None:
    run_id = uuid4()
    store(answer(run_id))
    page = signed_in().new_page()
    page.goto(f"{site}/?show=cold")
    page.keyboard.press("/")
    page.keyboard.type(str(run_id).upper())
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/runs/{run_id}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to content"


def test_the_raw_answer_loads_when_it_is_unfolded(
    signed_in: Callable[..., BrowserContext], site: str, addresses: dict[str, str]
) -> None:
    page = signed_in().new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(site + addresses["done"])
    assert not [url for url in asked if url.endswith("/raw/")]
    page.locator("#raw summary").click()
    page.wait_for_selector("#raw-text")
    assert '"status": "success"' in (page.locator("#raw-text").text_content() or "")


@pytest.mark.parametrize("width", [360, 900, 999, 1000, 1024, 1199, 1200, 1440])
def test_titles_of_the_list_have_room(page: Page, site: str, width: int) -> None:
    store(answer(created=datetime.now(UTC)))
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(site)
    assert page.locator(".row .cover").evaluate("one => one.clientWidth") >= 150


@pytest.mark.parametrize("width", [900, 1024, 1200])
def test_marks_of_the_lists_axis_stand_apart(page: Page, site: str, width: int) -> None:
    created = datetime.now(UTC) - timedelta(minutes=20)
    ended = stamp(created + timedelta(seconds=500))
    store(answer(created=created, ended_at=ended, duration=500.0, run_duration=467.4))
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(site)
    boxes = page.locator(".rows .axis").evaluate(
        """axis => [...axis.children]
            .map(mark => mark.getBoundingClientRect()).filter(box => box.width)
            .map(box => [box.left, box.right])"""
    )
    assert "10" in (page.locator(".rows .axis").text_content() or ""), "a scale of many marks"
    assert len(boxes) >= 3
    assert all(one[1] + 2 <= after[0] for one, after in pairwise(boxes)), boxes


@pytest.mark.parametrize("width", [600, 900, 1440])
def test_compact_rows_are_lower_and_hold_their_bars(page: Page, site: str, width: int) -> None:
    store(answer(created=datetime.now(UTC)))
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(site)
    heights = []
    for density in ("roomy", "compact"):
        page.context.add_cookies([{"name": "rows", "value": density, "url": site}])
        page.goto(site)
        row = page.locator("tbody .row").bounding_box()
        bar = page.locator("tbody .row .mini-bar").bounding_box()
        assert row and bar
        heights.append(row["height"])
        if width >= 900:
            off = bar["y"] + bar["height"] / 2 - row["y"] - row["height"] / 2
            assert abs(off) <= 2, (density, off)
    assert heights[1] < heights[0] or width < 900 and heights[1] == heights[0]
