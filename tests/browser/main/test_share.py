"""A link made on a run's page, opened in a clean browser, revoked."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import BrowserContext, expect

from dashboard.simulator import Simulator
from tests.browser.conftest import Complaints
from tests.browser.scenes import done_run, share_from
from tests.stored_files import copy_all, prepare


def test_share_open_in_a_clean_browser_revoke_and_it_is_gone(
    signed_in: Callable[..., BrowserContext],
    site: str,
    upstream: Simulator,
    complaints: Complaints,
    settings: Any,
    tmp_path: Path,
) -> None:
    prepare(settings, tmp_path, settings.LOCAL_FILES_ORIGIN)
    run_id = done_run(upstream)
    copy_all()
    mine = signed_in().new_page()
    # Files are not kept here: with these ticks they come from ComfyDeploy's storage.
    link = share_from(mine, site, run_id, "Inputs", "Names and IDs")
    assert link.startswith(f"{site}/s/")

    clean = signed_in(None)
    reader = clean.new_page()
    answered = reader.goto(link)
    assert answered is not None
    assert answered.status == 200
    expect(reader.get_by_role("heading", name="Shared run")).to_be_visible()
    expect(reader.locator(".shared")).to_contain_text("Cold start took")
    picture = reader.locator("#outputs img").first
    expect(picture).to_be_visible()
    assert clean.cookies() == []
    assert complaints == []

    mine.keyboard.press("Escape")
    mine.keyboard.press("s")
    row = mine.locator("#share-dialog .share-row")
    expect(row).to_contain_text("1 view")
    row.get_by_role("button", name="Revoke").click()
    expect(row).to_contain_text("revoked by ana")
    gone = reader.goto(link)
    assert gone is not None
    assert gone.status == 410
    expect(reader.get_by_role("heading", name="This link no longer works")).to_be_visible()
