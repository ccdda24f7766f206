"""How a picture is turned: read from EXIF as browsers do, and kept where all else goes."""

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageOps

from dashboard.domain.media.strip_metadata.orientation import only_orientation, orientation
from tests.domain.media.strip_metadata.noted import SECRET, cleaned

ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825
FORMATS = {"image/jpeg": "JPEG", "image/webp": "WEBP", "image/png": "PNG"}


def noted(turn: int) -> Image.Exif:
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    exif[MAKER] = SECRET
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 30.0, 0.0)})
    return exif


def turned(kind: str, turn: int) -> bytes:
    out = io.BytesIO()
    picture = Image.linear_gradient("L").resize((40, 24)).rotate(20).convert("RGB")
    picture.save(out, FORMATS[kind], exif=noted(turn), lossless=True, xmp=SECRET.encode())
    return out.getvalue()


@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("kind", FORMATS)
def test_only_the_orientation_is_left_of_the_notes(kind: str, turn: int) -> None:
    data = turned(kind, turn)
    clean = cleaned(kind, data) or b""
    before, after = (Image.open(io.BytesIO(one)) for one in (data, clean))
    assert dict(after.getexif()) == ({ORIENTATION: turn} if turn > 1 else {})
    assert SECRET.encode() not in clean
    assert ImageOps.exif_transpose(after).tobytes() == ImageOps.exif_transpose(before).tobytes()
    assert cleaned(kind, clean) == clean


@pytest.mark.parametrize("order", ["little", "big"])
@pytest.mark.parametrize(
    ("change", "read"),
    [
        (lambda exif: exif, 6),
        (lambda exif: b"Exif\0\0" + exif, 6),
        (lambda exif: exif[:20], 1),
        (lambda exif: b"", 1),
        (lambda exif: b"XX" + exif[2:], 1),
    ],
)
def test_the_orientation_is_read_in_either_byte_order(
    order: str, change: Callable[[bytes], bytes], read: int
) -> None:
    exif = Image.Exif()
    exif.endian = "<" if order == "little" else ">"
    exif[ORIENTATION] = 6
    body = exif.tobytes().removeprefix(b"Exif\0\0")
    assert orientation(change(body)) == read


@pytest.mark.parametrize("turn", [0, 9, 300])
def test_an_orientation_that_does_not_exist_is_upright(turn: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = turn
    assert orientation(exif.tobytes()) == 1


@given(st.sampled_from([b"II*\0", b"MM\0*", b"Exif\0\0II*\0"]), st.binary(max_size=60))
def test_any_bytes_are_read_as_some_orientation_and_reduced_to_it(head: bytes, rest: bytes) -> None:
    turn = orientation(head + rest)
    kept = only_orientation(head + rest)
    assert 1 <= turn <= 8
    assert len(kept) == (26 if turn > 1 else 0)
    assert orientation(kept) == turn


def test_notes_behind_the_pixels_of_a_png_or_not_announced_in_a_webp_turn_nothing() -> None:
    png = turned("image/png", 6)
    at = png.index(b"eXIf") - 4
    end = at + 12 + int.from_bytes(png[at : at + 4], "big")
    behind = png[:at] + png[end:-12] + png[at:end] + png[-12:]
    assert b"eXIf" not in (cleaned("image/png", behind) or b"")
    webp = bytearray(turned("image/webp", 6))
    webp[20] &= ~0x08
    assert b"EXIF" not in (cleaned("image/webp", bytes(webp)) or b"")


def test_only_the_first_notes_of_a_jpeg_count() -> None:
    data = turned("image/jpeg", 1)
    more = turned("image/jpeg", 6)
    at = more.index(b"Exif\0\0") - 4
    end = at + 2 + int.from_bytes(more[at + 2 : at + 4], "big")
    first = data.index(b"Exif\0\0") - 4
    first = first + 2 + int.from_bytes(data[first + 2 : first + 4], "big")
    clean = cleaned("image/jpeg", data[:first] + more[at:end] + data[first:]) or b""
    assert b"Exif" not in clean
