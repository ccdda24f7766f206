"""Stored files: reasons, what may be embedded, and names that no file system refuses."""

import pytest

from dashboard.domain.media.stored_files import (
    MAX_PIXELS,
    MAX_UNREDUCED,
    NOT_TRIED,
    TRANSIENT,
    FileReason,
    kind_shown,
    may_embed,
    name_in_link,
    safe_name,
    safe_part,
)


def test_every_reason_fits_its_column() -> None:
    assert all(len(reason) <= 12 for reason in FileReason)


def test_a_reason_to_try_again_is_none_that_was_never_tried() -> None:
    assert not TRANSIENT & NOT_TRIED


@pytest.mark.parametrize(
    ("content_type", "width", "height", "embedded"),
    [
        ("image/png", 640, 480, True),
        ("image/png", None, None, False),
        ("image/png", MAX_PIXELS, 2, False),
        ("image/svg+xml", 640, 480, False),
        ("video/mp4", None, None, True),
        ("text/html", None, None, False),
    ],
)
def test_only_harmless_types_of_a_known_size_open_in_a_page(
    content_type: str, width: int | None, height: int | None, embedded: bool
) -> None:
    assert may_embed(content_type, width, height) is embedded


@pytest.mark.parametrize(
    ("content_type", "side", "unreduced", "embedded"),
    [
        ("image/png", 7000, MAX_UNREDUCED, True),
        ("image/png", 7000, MAX_UNREDUCED + 1, False),
        ("image/png", 8000, 1, False),
        ("image/png", 8000, 0, True),
        ("video/mp4", 7000, MAX_UNREDUCED + 1, True),
    ],
)
def test_a_large_image_without_a_thumbnail_does_not_open_in_a_page(
    content_type: str, side: int, unreduced: int, embedded: bool
) -> None:
    assert may_embed(content_type, side, side, unreduced) is embedded


@pytest.mark.parametrize(
    ("kind", "content_type", "shown"),
    [
        ("video", "audio/mp4", "audio"),
        ("audio", "video/webm", "video"),
        ("video", "video/mp4", "video"),
        ("audio", "audio/mpeg", "audio"),
        ("video", "", "video"),
        ("video", "application/octet-stream", "video"),
        ("image", "video/mp4", "image"),
        ("text", "audio/mp4", "text"),
        ("file", "video/mp4", "file"),
        ("video", "image/png", "video"),
    ],
)
def test_sound_and_video_are_told_by_content(kind: str, content_type: str, shown: str) -> None:
    assert kind_shown(kind, content_type) == shown


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ComfyUI_00001_.png", "ComfyUI_00001_.png"),
        ("../../etc/passwd", "passwd"),
        ("..", "file"),
        (None, "file"),
        ("a\x00b\"c'.png", "a-b-c.png"),
        ("Köln.webp", "Köln.webp"),
    ],
)
def test_names_are_safe(text: str | None, name: str) -> None:
    assert safe_name(text) == name


def test_a_part_of_a_name_is_cut_in_letters() -> None:
    assert safe_part("a lighthouse at dusk", 12) == "a lighthouse"


def test_the_name_in_a_link_is_its_paths_last_part() -> None:
    assert name_in_link("https://files.test/a/b%20c.png?sig=1#top") == "b c.png"
