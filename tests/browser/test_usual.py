"""Compared with usual: 23 stored runs beside one that ended, one live, one slow and one stuck."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from playwright.sync_api import Page, expect

from dashboard.services.runs import usual
from dashboard.simulator import Simulator
from tests.builders import answer, body, running, store, waiting

RUNS = 23
Show = Callable[[dict[str, Any]], Page]


@pytest.fixture
def show(page: Page, site: str, upstream: Simulator) -> Show:
    """Opens a run beside 23 stored ones that ran for 20 to 42 s after a start of 31 s."""
    now = datetime.now(UTC)
    for n in range(RUNS):
        ran = 20.0 + n
        ended = now - timedelta(hours=1 + n)
        created = ended - timedelta(seconds=32.6 + ran)
        times = {"run_duration": ran, "duration": 32.6 + ran, "ended_at": ended.isoformat()}
        store(answer(created=created, **times))
    usual.forget()

    def opened(made: dict[str, Any]) -> Page:
        upstream.script(UUID(made["id"]), [body(made)])
        store(made)
        page.goto(f"{site}/runs/{made['id']}/")
        return page

    return opened


def since(seconds: float) -> datetime:
    return datetime.now(UTC) - timedelta(seconds=seconds)


def test_an_ended_run_stands_in_its_strips(show: Show) -> None:
    page = show(answer(created=since(600), run_duration=41.5, duration=74.1))
    strips = page.get_by_role("region", name="Phases")
    expect(strips).to_contain_text("Against 23 cold starts on H100")
    expect(strips.get_by_role("row")).to_have_count(1 + 4)
    expect(strips.locator(".comparison-cell")).to_have_count(4)
    row = strips.locator("tbody tr").nth(2)
    expect(row).to_contain_text("Run")
    place = row.locator(".comparison-place")
    expect(place).to_have_text(re.compile("slower than 95\u202f%\\s+median 31.0\u202fs"))
    expect(place).to_have_attribute("title", "Usually 31.0\u202fs, p90 39.8\u202fs")
    band, middle, dot = (
        row.locator(part) for part in (".comparison-band", ".comparison-median", ".comparison-dot")
    )
    boxes = [part.bounding_box() for part in (band, middle, dot)]
    assert all(boxes)
    left, tick, mine = (box for box in boxes if box)
    assert left["x"] < tick["x"] < left["x"] + left["width"] < mine["x"] + mine["width"] / 2
    assert mine["y"] + mine["height"] <= tick["y"] + 4  # above its axis: it hides no tick


def test_a_live_run_says_when_it_is_likely_to_end(show: Show, site: str) -> None:
    made = running(created=since(32.6 + 6))
    page = show(made)
    told = page.locator(".left")
    expect(told).to_contain_text("s left (23 runs)")
    expect(told).to_contain_text("About ")
    zone, marker = page.locator(".zone").bounding_box(), page.locator(".now-mark").bounding_box()
    assert zone and marker and zone["width"] > 20 and zone["x"] >= marker["x"]
    expect(page.locator(".zone-text")).to_have_text("likely end")
    page.goto(f"{site}/")
    card = page.locator(f"#card-{made['id']}")
    expect(card.locator(".card-left")).to_contain_text("about ")
    expect(card).to_contain_text("KSampler")


def test_past_nine_in_ten_nothing_is_counted_down(show: Show) -> None:
    page = show(running(created=since(32.6 + 50)))
    expect(page.locator(".left")).to_have_text("Slower than 90\u202f% of 23 runs")
    expect(page.locator("rect.zone")).to_have_attribute("width", "0.000%")
    expect(page.locator(".zone-text")).to_have_text("slower than 90\u202f%")


@pytest.mark.parametrize("state", ["waiting", "starting"])
def test_a_run_that_is_stuck_says_so(show: Show, state: str) -> None:
    if state == "waiting":
        made, told = waiting(uuid4(), created=since(95)), "Waiting for over 1\u202fm"
    else:
        up = {"started_at": None, "cold_start_duration": None, "cold_start_duration_total": None}
        made = running(uuid4(), created=since(95), status="queued", progress=0.0, **up)
        told = "Starting for over 1\u202fm"
    page = show(made)
    stuck = page.locator(".left.is-stuck")
    expect(stuck).to_contain_text(told)
    expect(stuck).to_contain_text("longer than all 23 runs on H100")
