"""Players of videos and sounds: the same controls, and pictures that cannot be decoded."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import Complaints
from tests.conftest import SAMPLES
from tests.stored_files import run_kept

FILES = SAMPLES / "files"
HEVC = (FILES / "hevc_sound.mp4").read_bytes()
SOUND = (FILES / "sound_only.mp4").read_bytes()


@pytest.fixture
def open_kept(
    signed_in: Callable[..., BrowserContext], site: str, settings: Any, tmp_path: Path
) -> Callable[..., Page]:
    """Opens the page of a run with copies of these files."""

    def open_page(*files: tuple[str, bytes]) -> Page:
        run = run_kept(settings, tmp_path, *files)
        page = signed_in().new_page()
        page.goto(site + run.get_absolute_url())
        return page

    return open_page


def test_a_video_whose_pictures_cannot_be_decoded_says_so(open_kept: Callable[..., Page]) -> None:
    page = open_kept(("a.mp4", HEVC))
    tile = page.locator(".tile-video")
    expect(tile).to_contain_text("HEVC, 12 fps, 3.0 s")
    told = tile.locator(".would-not")
    expect(told).to_contain_text("This browser can't show HEVC video.")
    with page.expect_download() as saved:
        told.get_by_role("link", name="Download").click()
    assert saved.value.path().read_bytes() == HEVC


def test_a_sound_in_a_videos_file_has_a_sounds_player(
    open_kept: Callable[..., Page], complaints: Complaints
) -> None:
    page = open_kept(("a.mp4", SOUND), ("b.m4a", SOUND), ("empty.mp4", b""))
    assert page.locator(".tile-audio audio").count() == 2
    expect(page.locator(".tile-file")).to_contain_text("empty file, 0 B")
    expect(page.locator(".tile-video")).to_have_count(0)
    sound = page.locator(".tile-audio").first
    expect(sound).to_contain_text("AAC, 3.0 s")
    expect(sound.get_by_role("button", name="Loop")).to_be_visible()
    expect(sound.get_by_role("button", name="Next frame")).to_have_count(0)
    sound.get_by_role("button", name="Play").click()
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0.2")
    sound.get_by_role("button", name="Pause").click()
    expect(sound.get_by_role("button", name="Play")).to_be_visible()
    assert complaints == []
