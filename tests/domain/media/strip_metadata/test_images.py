"""Pictures lose what ComfyUI writes into them; what is seen stays as it is."""

import io
from typing import Any

import pytest
from PIL import Image, ImageSequence, PngImagePlugin

from tests.domain.media.strip_metadata.noted import HIDDEN, SECRET, cleaned, made, noted, png

PICTURES = {
    "image/png": png,
    "image/jpeg": lambda: made("JPEG", exif=noted(), comment=SECRET.encode()),
    "image/webp": lambda: made("WEBP", exif=noted(), xmp=SECRET.encode(), lossless=True),
}


@pytest.mark.parametrize("kind", PICTURES)
def test_a_picture_loses_its_notes_and_nothing_else(kind: str) -> None:
    data = PICTURES[kind]()
    assert SECRET.encode() in data
    clean = cleaned(kind, data)
    assert clean is not None and SECRET.encode() not in clean
    before, after = Image.open(io.BytesIO(data)), Image.open(io.BytesIO(clean))
    assert after.tobytes() == before.tobytes()
    assert cleaned(kind, clean) == clean


def test_fillers_between_the_parts_of_a_jpeg_hide_nothing() -> None:
    data = PICTURES["image/jpeg"]()
    filled = data[:2] + b"\xff\xff" + data[2:]
    assert SECRET.encode() not in (cleaned("image/jpeg", filled) or b"")


@pytest.mark.parametrize("kind", PICTURES)
def test_a_broken_file_is_no_trouble(kind: str) -> None:
    data = PICTURES[kind]()
    for cut in (0, 3, 9, 20, 40, len(data) // 2):
        assert SECRET.encode() not in (cleaned(kind, data[:cut]) or b"")[:60]
    assert cleaned("video/mp4", b"\0\0\0\x04moov") is not None
    assert cleaned("audio/mpeg", data) is None


def frames() -> list[Image.Image]:
    return [Image.new("RGB", (40, 30), colour) for colour in ("teal", "navy", "olive")]


def animated(form: str, **how: Any) -> bytes:
    out, (first, *others) = io.BytesIO(), frames()
    first.save(out, form, save_all=True, append_images=others, duration=40, loop=0, **how)
    return out.getvalue()


def shown(data: bytes) -> list[bytes]:
    picture = Image.open(io.BytesIO(data))
    return [frame.convert("RGB").tobytes() for frame in ImageSequence.Iterator(picture)]


def comfy_png() -> bytes:
    """As ComfyUI's SaveAnimatedPNG writes it: in a chunk that only ComfyUI knows."""
    info = PngImagePlugin.PngInfo()
    info.add(b"comf", b"prompt\0" + HIDDEN, after_idat=True)
    return animated("PNG", pnginfo=info)


def jpeg_with_more(**how: Any) -> bytes:
    inner = made("JPEG")  # a thumbnail, with an end of its own
    app1 = b"\xff\xe1" + (2 + len(inner)).to_bytes(2, "big") + inner
    app11 = b"\xff\xeb" + (2 + len(HIDDEN)).to_bytes(2, "big") + HIDDEN
    data = made("JPEG", icc_profile=b"colours", **how)
    return data[:2] + app1 + app11 + data[2:] + HIDDEN


HIDING = {
    "a chunk of its own": ("image/png", comfy_png),
    "behind a JPEG's end": ("image/jpeg", jpeg_with_more),
    "behind many scans": ("image/jpeg", lambda: jpeg_with_more(progressive=True)),
    "a WebP of frames": (
        "image/webp",
        lambda: animated("WEBP", exif=noted(), xmp=HIDDEN, lossless=True) + HIDDEN,
    ),
    "a GIF's comment": ("image/gif", lambda: animated("GIF", comment=HIDDEN) + HIDDEN),
}


@pytest.mark.parametrize("name", HIDING)
def test_a_picture_hides_nothing_and_shows_the_same(name: str) -> None:
    kind, make = HIDING[name]
    data = make()
    assert HIDDEN in data
    clean = cleaned(kind, data)
    assert clean is not None and HIDDEN not in clean
    assert shown(clean) == shown(data)
    before, after = (Image.open(io.BytesIO(one)).info for one in (data, clean))
    assert (after.get("loop"), after.get("icc_profile")) == (
        before.get("loop"),
        before.get("icc_profile"),
    )
    assert cleaned(kind, clean) == clean


def test_a_chunk_inside_a_frame_goes_too() -> None:
    data = animated("WEBP", lossless=True)
    at = data.index(b"ANMF")
    end = at + 8 + int.from_bytes(data[at + 4 : at + 8], "little")
    note = b"NOTE" + len(HIDDEN).to_bytes(4, "little") + HIDDEN
    long = (end - at - 8 + len(note)).to_bytes(4, "little")
    more = data[:at] + b"ANMF" + long + data[at + 8 : end] + note + data[end:]
    more = more[:4] + (len(more) - 8).to_bytes(4, "little") + more[8:]
    clean = cleaned("image/webp", more)
    assert clean is not None and HIDDEN not in clean
    assert shown(clean) == shown(data)
