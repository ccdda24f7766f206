"""Every page in both themes and narrow: accessible, no sideways scroll, light."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import BrowserContext, Page

from dashboard.models import Run
from dashboard.services.runs import follow
from dashboard.simulator import Simulator
from tests.browser.axe import violations_at
from tests.browser.conftest import Complaints
from tests.builders import answer, body, element, running, stamp, store, waiting
from tests.conftest import SAMPLES


def picture_of(upstream: Simulator, run_id: UUID, name: str) -> dict[str, Any]:
    made = element(name)
    origin = upstream.url.removesuffix("/api")
    made["data"]["images"][0]["url"] = f"{origin}/media/{run_id}/{name}"
    return made


@pytest.fixture
def addresses(site: str, upstream: Simulator) -> dict[str, str]:
    """One page of each kind, by name."""
    now = datetime.now(UTC)
    done, live, queued, failed = uuid4(), uuid4(), uuid4(), uuid4()
    for hours in range(1, 6):  # something to compare with
        store(answer(created=now - timedelta(hours=hours)))
    store(answer(done, created=now, outputs=[picture_of(upstream, done, "a.png")]))
    store(running(live, created=now))
    store(waiting(queued, created=now, queue_position=2))
    store(answer(failed, created=now, status="failed"))
    explained = store(answer(created=now, status="failed"))
    told = {"message": "CUDA out of memory", "node_type": "KSampler", "cause": "out-of-memory"}
    Run.objects.filter(pk=explained.pk).update(log_error={**told, "traceback": "Traceback"})
    follow.add("workflow", uuid4(), now)
    for run_id, made in ((live, running), (queued, waiting)):
        upstream.script(run_id, [body(made(run_id, created=now))])
    hostile = (SAMPLES / "payloads" / "46_hostile_strings.json").read_bytes()
    import json

    hostile_id = UUID(json.loads(hostile)["id"])
    upstream.script(hostile_id, [hostile])
    return {
        "list": "/",
        "attention": "/?show=attention",
        "nothing found": "/?q=zzz",
        "done": f"/runs/{done}/",
        "running": f"/runs/{live}/",
        "waiting": f"/runs/{queued}/",
        "failed": f"/runs/{failed}/",
        "explained": f"/runs/{explained.uuid}/",
        "following": "/following/",
        "hostile": f"/runs/{hostile_id}/",
        "unknown run": f"/runs/{uuid4()}/",
        "no page": "/nowhere/",
        "password": "/account/password/",
    }


def test_axe_finds_nothing_on_any_page(
    signed_in: Callable[..., BrowserContext], site: str, addresses: dict[str, str]
) -> None:
    context = signed_in(bypass_csp=True)
    found = {
        name: violations_at(context.new_page(), site + path) for name, path in addresses.items()
    }
    signed_out = signed_in(None, bypass_csp=True)
    found["sign-in"] = violations_at(signed_out.new_page(), f"{site}/sign-in/")
    assert {name: rules for name, rules in found.items() if rules} == {}


def test_no_page_scrolls_sideways(
    signed_in: Callable[..., BrowserContext],
    site: str,
    addresses: dict[str, str],
) -> None:
    page = signed_in(viewport={"width": 360, "height": 844}).new_page()
    wide = {}
    for name, path in addresses.items():
        page.goto(site + path)
        wide[name] = too_wide(page)
    assert wide == dict.fromkeys(wide, {})


def too_wide(page: Page) -> dict[int, int]:
    """By how many pixels a loaded page scrolls sideways, at each width at which it does."""
    over = {}
    for width in (360, 390, 600, 640, 720, 768, 900, 1024, 1920):
        page.set_viewport_size({"width": width, "height": 844})
        over[width] = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    page.set_viewport_size({"width": 360, "height": 844})
    return {width: pixels for width, pixels in over.items() if pixels > 0}


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
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"


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
