"""What a phone shows at once, and the copied words of a failure."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, expect

from dashboard.models import Run
from dashboard.simulator import Simulator
from tests.browser.conftest import Complaints
from tests.builders import answer, body, running, store, waiting

FIRST = (".run-line .pill", ".elapsed", ".verdict-text", ".bar-draw")


@pytest.mark.parametrize("make", [running, waiting], ids=["running", "waiting"])
def test_state_time_bar_and_next_step_lie_above_the_action_bar(
    signed_in: Callable[..., BrowserContext], site: str, upstream: Simulator, make: Callable
) -> None:
    run_id, now = uuid4(), datetime.now(UTC)
    payload = make(run_id, created=now - timedelta(seconds=40), queue_position=3)
    upstream.script(run_id, [body(payload)])
    phone = {"width": 390, "height": 844}
    page = signed_in(viewport=phone, has_touch=True, is_mobile=True).new_page()
    page.goto(f"{site}/runs/{run_id}/")
    bar = page.locator(".actions").bounding_box()
    assert bar
    for part in FIRST:
        box = page.locator(part).first.bounding_box()
        assert box and box["height"] > 0, part
        assert box["y"] + box["height"] <= bar["y"], part


def test_a_failure_is_copied_as_markdown(
    signed_in: Callable[..., BrowserContext], site: str, complaints: Complaints
) -> None:
    run = store(answer(created=datetime.now(UTC), status="failed"))
    told = {"message": "CUDA out of memory ``` 🗼", "node_id": "3", "node_type": "KSampler"}
    Run.objects.filter(pk=run.pk).update(log_error={**told, "traceback": "Traceback (most)"})
    context = signed_in()
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/runs/{run.uuid}/")
    expect(page.locator("#error h2")).to_contain_text("ran out of GPU memory")
    page.get_by_role("button", name="Copy as Markdown").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("**")
    assert f"[`{run.uuid}`]({site}/runs/{run.uuid}/)" in copied
    assert "````" in copied, "the fence is longer than the one inside"
    for words in ("CUDA out of memory", "KSampler", "Traceback (most)", "🗼"):
        assert words in copied
    assert complaints == []
