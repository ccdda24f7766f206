"""A run that failed tells why, and its words are copied."""

from collections.abc import Callable
from datetime import UTC, datetime

from playwright.sync_api import BrowserContext, expect

from dashboard.models import Run
from tests.browser.conftest import Complaints
from tests.builders import answer, store


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
