"""Texts in a PNG's metadata: every way they are written, and bounds for those that are odd."""

import io
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from dashboard.domain.media import png_texts
from dashboard.domain.media.png_texts import LONGEST
from tests.services.files.test_thumbnails import chunk
from tests.stored_files import picture

HEAD, REST = picture()[:33], picture()[33:]


def texts(body: bytes, *names: str) -> dict[str, str]:
    return png_texts.png_texts(
        lambda at, count: body[at : at + count], len(body), names or ("workflow",)
    )


def noted(*chunks: bytes) -> bytes:
    return HEAD + b"".join(chunks) + REST


def packed(text: bytes) -> bytes:
    return b"workflow\0\0" + zlib.compress(text)


def test_what_pillow_writes_is_read() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", '{"3": 1}')
    info.add_text("workflow", "é", zip=True)
    info.add_itxt("other", "灯台", zip=True)
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "PNG", pnginfo=info)
    found = texts(out.getvalue(), "prompt", "workflow", "other", "none")
    assert found == {"prompt": '{"3": 1}', "workflow": "é", "other": "灯台"}


@pytest.mark.parametrize(
    ("one", "text"),
    [
        (chunk(b"tEXt", b"workflow\0a"), "a"),
        (chunk(b"tEXt", b"workflow\0" + "灯".encode()), "灯"),
        (chunk(b"tEXt", b"workflow\0\xff\xfe"), "ÿþ"),
        (chunk(b"zTXt", packed(b"a")), "a"),
        (chunk(b"iTXt", b"workflow\0\0\0en\0name\0a\0b"), "a\0b"),
        (chunk(b"tEXt", b"workflow"), ""),
    ],
)
def test_each_kind_of_text_is_read(one: bytes, text: str) -> None:
    assert texts(noted(one, chunk(b"tEXt", b"workflow\0second"))) == {"workflow": text}


@pytest.mark.parametrize(
    "one",
    [
        chunk(b"zTXt", packed(bytes(LONGEST + 1))),
        chunk(b"iTXt", b"workflow\0\1\0\0\0" + zlib.compress(bytes(50 * LONGEST))),
        chunk(b"tEXt", b"workflow\0" + bytes(LONGEST)),
        chunk(b"zTXt", packed(b"a")[:-3]),
        chunk(b"zTXt", b"workflow\0\1abc"),
        chunk(b"zTXt", b"workflow\0\0abc"),
        chunk(b"zTXt", b"workflow"),
        chunk(b"iTXt", b"workflow\0\0\0en"),
        chunk(b"iTXt", b"workflow\0\1\7\0\0a"),
        chunk(b"IDAT", b"") + chunk(b"tEXt", b"workflow\0late"),
    ],
)
def test_what_is_too_much_or_broken_is_absent(one: bytes) -> None:
    assert texts(noted(one)) == {}


@given(st.binary(max_size=80))
def test_any_bytes_are_read_without_an_error(body: bytes) -> None:
    for kind in (b"tEXt", b"zTXt", b"iTXt"):
        texts(noted(chunk(kind, b"workflow\0" + body)))
    texts(HEAD + body)
