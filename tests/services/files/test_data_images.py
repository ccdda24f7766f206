import io

import pytest
from PIL import Image

from dashboard.services.files import data_images
from dashboard.services.files.data_images import thumbnail_of


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "PNG")
    return out.getvalue()


def test_a_thumbnail_is_within_the_box() -> None:
    made = Image.open(io.BytesIO(thumbnail_of(png(2_000, 1_000))))
    assert (made.format, made.size) == ("WEBP", (800, 400))


@pytest.mark.parametrize("body", [b"", b"a cat", b"<svg/>", png(9, 9)[:40]])
def test_what_is_no_whole_image_has_none(body: bytes) -> None:
    assert thumbnail_of(body) == b""


def test_what_is_too_large_or_cannot_be_written_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def full() -> None:
        raise OSError("No space left")

    monkeypatch.setattr(data_images, "partial_file", full)
    assert thumbnail_of(png(9, 9)) == b""
    monkeypatch.undo()
    monkeypatch.setattr(data_images, "MAX_BYTES", 10)
    assert thumbnail_of(png(9, 9)) == b""
