"""Large PNGs, reduced strip by strip: the same pixels as all at once."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageChops

from dashboard.services.files import png_strips
from dashboard.services.files.colours import in_8_bits
from tests.services.files.test_thumbnails import chunk
from tests.stored_files import noise, saved

SIGNATURE = b"\x89PNG\r\n\x1a\n"
KINDS = [  # bits, colour type, channels
    *((bits, 0, 1) for bits in (1, 2, 4, 8, 16)),
    *((bits, 3, 1) for bits in (1, 2, 4, 8)),
    *((bits, kind, channels) for bits in (8, 16) for kind, channels in ((2, 3), (4, 2), (6, 4))),
]


def png(
    size: tuple[int, int], kind: tuple[int, int, int], filters: list[int], data: bytes
) -> bytes:
    """A PNG whose rows are filtered by these filters in turn, and hold these bytes in turn."""
    (width, height), (bits, colour, channels) = size, kind
    row = (width * bits * channels + 7) // 8
    rows = bytearray()
    for y in range(height):
        values = bytes(data[(y * row + x) % len(data)] for x in range(row))
        rows += bytes([filters[y % len(filters)]]) + values
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    palette = b""
    if colour == 3:
        palette = chunk(b"PLTE", bytes(range(256)) * 3) if bits == 8 else b""
        palette = palette or chunk(b"PLTE", bytes(range(0, 240, 5))[: 3 * 2**bits])
    packed = zlib.compress(bytes(rows))
    cut = len(packed) // 2
    body = chunk(b"IDAT", packed[:cut]) + chunk(b"IDAT", packed[cut:])
    return SIGNATURE + chunk(b"IHDR", head) + palette + body + chunk(b"IEND", b"")


@given(
    size=st.tuples(st.integers(1, 24), st.integers(1, 40)),
    kind=st.sampled_from(KINDS),
    filters=st.lists(st.integers(0, 4), min_size=1, max_size=7),
    data=st.binary(min_size=1, max_size=200),
    factor=st.integers(1, 5),
)
def test_strips_give_the_pixels_of_the_whole(
    size: tuple[int, int],
    kind: tuple[int, int, int],
    filters: list[int],
    data: bytes,
    factor: int,
) -> None:
    body = png(size, kind, filters, data)
    with pytest.MonkeyPatch.context() as patch, Image.open(io.BytesIO(body)) as image:
        patch.setattr(png_strips, "STRIP", 60)
        small = png_strips.reduced(io.BytesIO(body), factor)
        whole = in_8_bits(image).reduce(factor)
    if kind[:2] == (16, 4):  # which Pillow reads as RGBA
        small = small.convert("RGBA")
    assert (small.mode, small.size) == (whole.mode, whole.size)
    assert ImageChops.difference(small, whole).tobytes().strip(b"\0") == b""


def test_what_is_cut_interlaced_or_no_png_raises() -> None:
    body = saved(noise(64, 64))
    interlaced = bytearray(body)
    interlaced[28] = 1
    wrong = body.replace(b"IDAT", b"IDAT\xff\xff", 1)
    for broken in (wrong, body[: len(body) // 2], bytes(interlaced), body[:30], b"GIF89a", b""):
        with pytest.raises(ValueError, match="."):
            png_strips.reduced(io.BytesIO(broken), 2)


@pytest.mark.parametrize(("width", "height"), [(8192, 8192), (16_384, 16_384), (200_000, 1000)])
def test_few_pixels_are_decoded_at_a_time(width: int, height: int) -> None:
    factor = max(width, height) // 1600
    at_a_time = png_strips.strip_pixels(width, height, factor)
    assert at_a_time <= max(png_strips.STRIP, width * factor)
