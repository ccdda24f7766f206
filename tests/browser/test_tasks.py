"""What people look for in a list is found in at most two actions: words and Enter, or one click."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from dashboard.models import Deployment, Name, Run
from tests.builders import answer, element, store

PRODUCTION = "999e772e-7cc5-4152-83d1-6854a5aafcbe"


@pytest.fixture
def board(site: str) -> dict[str, Run]:
    """Runs of two days: one each that is looked for, and one like it that is not."""
    now = datetime.now(UTC)
    today = now.replace(hour=0, minute=0, second=1, microsecond=0)
    yesterday = today - timedelta(hours=6)
    old, new = str(uuid4()), str(uuid4())
    flux = str(uuid4())

    def run(created: datetime, prompt: str, version: str, **given: object) -> Run:
        inputs = {"prompt": prompt}
        return store(
            answer(
                created=created, workflow_inputs=inputs, workflow_id=flux,
                workflow_version_id=version, outputs=[element(f"{prompt[:4]}.png")], **given,
            )
        )  # fmt: skip

    made = {
        "dragon": run(yesterday, "a red dragon over a castle", old),
        "today's dragon": run(today, "another dragon", old),
        "yesterday's cat": run(yesterday, "a cat", old),
        "slow": run(today, "an owl", old),
        "failed": run(today, "a whale", new, status="failed"),
        "failed before": run(yesterday, "a shark", old, status="failed"),
    }
    Run.objects.filter(pk=made["slow"].pk).update(slow=True)
    Run.objects.filter(uuid__in=[made["failed"].uuid, made["failed before"].uuid]).update(
        deployment_id=PRODUCTION
    )
    Deployment.objects.create(uuid=PRODUCTION, environment="production", seen_at=now)
    for kind, upstream_id, text in (
        ("workflow", flux, "flux"), ("version", old, "v14"), ("version", new, "v15"),
    ):  # fmt: skip
        Name.objects.update_or_create(kind=kind, upstream_id=upstream_id, defaults={"text": text})
    return made


@pytest.fixture
def page(signed_in: Callable[..., BrowserContext], site: str) -> Page:
    page = signed_in().new_page()
    page.goto(site)
    return page


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("dragon created:yesterday", "dragon"),
        ("slow:1 created:today", "slow"),
        ("environment:production status:failed workflow:flux version:>=v15", "failed"),
    ],
)
def test_words_and_enter(board: dict[str, Run], page: Page, words: str, name: str) -> None:
    page.locator("#q").fill(words)
    page.locator("#q").press("Enter")
    expect(page.locator(".row")).to_have_count(1)
    expect(page.locator(".row")).to_have_id(f"row-{board[name].uuid}")


def test_the_pictures_of_the_last_runs_are_one_click_away(
    board: dict[str, Run], page: Page
) -> None:
    page.get_by_role("link", name="Gallery").click()
    expect(page.locator(".shot")).to_have_count(len(board))
    newest = page.locator(".shot").first
    names = [name for name in ("today's dragon", "slow", "failed") if name in board]
    keys = {str(board[name].pk) for name in names}
    assert newest.get_attribute("data-run") in keys
