"""Stored files without their metadata: any range of them, or None where that cannot be done."""

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from dashboard.models import StoredFile
from dashboard.services.files.strip_metadata import stripped_body
from tests.services.files.test_thumbnails import bomb, chunk
from tests.stored_files import run_kept

pytestmark = pytest.mark.django_db
MANY = (chunk(b"tEXt", b"a\0b") + chunk(b"sBIT", b"")) * 1200


def png_with_prompt() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", "a secret lighthouse")
    out = io.BytesIO()
    Image.new("RGB", (32, 32)).save(out, "PNG", pnginfo=info)
    return out.getvalue()


def test_a_png_has_no_text_in_any_range(settings: Any, tmp_path: Path) -> None:
    run_kept(settings, tmp_path, ("a.png", png_with_prompt()))
    body = stripped_body(StoredFile.objects.get())
    assert body is not None
    whole = b"".join(body.blocks(0, body.size - 1))
    assert len(whole) == body.size
    assert b"secret" not in whole
    assert Image.open(io.BytesIO(whole)).size == (32, 32)
    assert b"".join(body.blocks(5, 60)) == whole[5:61]


@pytest.mark.parametrize("file", [b"%PDF-1.7 text", bomb(24, 16, MANY)])
def test_an_unknown_type_or_too_many_pieces_give_none(
    settings: Any, tmp_path: Path, file: bytes
) -> None:
    run_kept(settings, tmp_path, ("a.png", file))
    assert stripped_body(StoredFile.objects.get()) is None
