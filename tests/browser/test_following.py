"""Following by keyboard alone, its question before it stops, and axe in both themes."""

from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.models import Deployment, Follow, Run, Workflow
from dashboard.services.runs import follow
from tests.browser.axe import violations
from tests.browser.conftest import Complaints
from tests.browser.scenes import ask
from tests.builders import answer, store


@pytest.fixture
def workspace(site: str) -> dict[str, Workflow]:
    """One workflow that is followed, with runs, and others that are not."""
    now = timezone.now()
    names = ("upscale-4k", "logo-reveal", "logo-loop", "style-transfer")
    made = {name: Workflow.objects.create(uuid=uuid4(), name=name, seen_at=now) for name in names}
    first = made["upscale-4k"].pk
    Deployment.objects.create(uuid=uuid4(), environment="staging", workflow_id=first, seen_at=now)
    row, _ = follow.add("workflow", first, now)
    Follow.objects.filter(pk=row.pk).update(answered_at=now, next_at=now + timedelta(hours=1))
    for n in range(6):
        run = store(answer(created=now - timedelta(minutes=n), status="failed" if n else "success"))
        Run.objects.filter(pk=run.pk).update(workflow_id=str(first))
    return made


def test_the_keyboard_alone_searches_and_follows(
    page: Page, site: str, workspace: dict[str, Workflow], complaints: Complaints
) -> None:
    page.goto(f"{site}/following/")
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    page.keyboard.type("logo")
    expect(page.locator(".others li")).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Follow logo-reveal")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator(".follow")).to_have_count(2)
    expect(page.locator(".follow", has_text="logo-loop")).to_have_count(1)
    page.keyboard.press("/")
    page.keyboard.type("reveal")
    expect(page.locator(".others li")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.locator(".follow")).to_have_count(3)
    assert complaints == []


def test_it_asks_before_it_stops(page: Page, site: str, workspace: dict[str, Workflow]) -> None:
    page.goto(f"{site}/following/")
    page.get_by_label("Stop following upscale-4k").click()
    question = page.locator(".f-stop")
    expect(question).to_contain_text("Stop following upscale-4k? Its runs stay here.")
    ask(page, "#follows")
    expect(question).to_be_visible()
    page.keyboard.press("Escape")
    expect(question).to_be_hidden()
    page.get_by_label("Stop following upscale-4k").click()
    question.get_by_role("button").click()
    expect(page.get_by_text("Not following anything yet.")).to_be_visible()
    assert Run.objects.count() == 6


def test_an_open_page_takes_over_what_changes(
    page: Page, site: str, workspace: dict[str, Workflow]
) -> None:
    page.goto(f"{site}/following/")
    expect(page.locator(".f-state")).to_contain_text(["Listing", "listed"])
    Follow.objects.update(trouble="rate-limited")
    ask(page, "#follows")
    expect(page.locator(".follow .f-state")).to_contain_text("asked to slow down, next try")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_in_either_theme(
    signed_in: Callable[..., BrowserContext],
    site: str,
    workspace: dict[str, Workflow],
    theme: str,
    width: int,
) -> None:
    size = {"width": width, "height": 900}
    page = signed_in(bypass_csp=True, color_scheme=theme, viewport=size).new_page()
    page.goto(f"{site}/following/")
    assert violations(page) == []
    page.get_by_label("Stop following upscale-4k").click()
    page.locator("#find").focus()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
