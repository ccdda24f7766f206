"""Kinds of files by their names."""

import pytest

from dashboard.domain.media.kinds import kind_of


@pytest.mark.parametrize(
    ("endings", "kind"),
    [
        ("png jpg jpeg gif webp avif bmp svg", "image"),
        ("mp4 webm mov m4v", "video"),
        ("mp3 wav ogg oga flac m4a m4b opus aac weba", "audio"),
        ("glb gltf obj stl ply", "model3d"),
        ("txt json md csv srt vtt log yaml yml", "text"),
        ("zip html exr psd exe", "file"),
    ],
)
def test_the_ending_decides(endings: str, kind: str) -> None:
    for ending in endings.split():
        assert kind_of(f"a.{ending}", "") == kind
        assert kind_of(f"A B.{ending.upper()} ", "") == kind
        assert kind_of(None, f"/outputs/a.b/x.{ending}") == kind


@pytest.mark.parametrize(
    ("filename", "path", "kind"),
    [
        ("clip.mp4", "/x.png", "video"),
        ("clip", "/x.png", "image"),
        ("", "/x.png", "image"),
        ("page.html", "/x.png", "file"),
        ("a.png' onload=alert(3) x='.png", "", "image"),
        ("folder.png/readme", "", "file"),
        (None, "", "file"),
        ("trailing.", "", "file"),
        ("x" * 100_000 + ".glb", "", "model3d"),
    ],
)
def test_the_filename_goes_before_the_path(filename: str | None, path: str, kind: str) -> None:
    assert kind_of(filename, path) == kind
