"""Why an output has no copy, by what may be stored and whether its run has ended."""

from dataclasses import dataclass

import pytest

from dashboard.domain.media.absent_files import absent_reason, is_put_off
from dashboard.presentation.run.file_text import REASONS


@dataclass(slots=True)
class Link:
    url: str | None = "https://files.example/a.png"
    unsafe: bool = False
    kind: str = "image"


@pytest.mark.parametrize(
    ("keep", "finished", "kind", "reason"),
    [
        ("none", True, "image", "off"),
        ("none", False, "image", "off"),
        ("all", False, "image", "live"),
        ("all", True, "audio", "never"),
        ("thumbnails", True, "video", "never"),
        ("thumbnails", True, "audio", "small"),
    ],
)
def test_the_reason_follows_the_setting_the_run_and_the_kind(
    keep: str, finished: bool, kind: str, reason: str
) -> None:
    assert absent_reason(Link(kind=kind), finished=finished, keep=keep) == reason
    assert reason in REASONS


def test_an_output_without_a_usable_link_needs_no_reason() -> None:
    assert absent_reason(Link(url=None), finished=True, keep="all") == ""
    assert absent_reason(Link(unsafe=True), finished=True, keep="none") == ""


def test_a_waiting_copy_is_put_off_once_files_are_no_longer_stored() -> None:
    assert is_put_off("waiting", "none")
    assert not is_put_off("waiting", "all") and not is_put_off("expired", "none")
