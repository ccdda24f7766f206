"""Images made small: upright, in their colours, and within the bound of memory."""

import io
from typing import Any

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from dashboard.services.files import reduced as module
from dashboard.services.files.reduced import FORMATS, MAX_DECODED, decoded_bytes, fits, reduced
from tests.conftest import SAMPLES
from tests.services.files.test_thumbnails import bomb
from tests.stored_files import saved

BOX = 60


def small(body: bytes, box: int = BOX) -> Image.Image:
    file = io.BytesIO(body)
    with Image.open(file, formats=FORMATS) as image:
        return reduced(file, image, box)


def sloped(width: int, height: int) -> Image.Image:
    """Lighter to the right and redder to the bottom, so that every turn is another picture."""
    across = Image.linear_gradient("L").rotate(90).resize((width, height))
    down = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (down, across, across))


@pytest.mark.parametrize("in_strips", [False, True])
@pytest.mark.parametrize("turn", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "WEBP", "PNG", "AVIF"])
def test_every_orientation_is_upright(
    form: str, turn: int, in_strips: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    exif = Image.Exif()
    exif[0x0112] = turn
    body = saved(sloped(240, 160), form, exif=exif, quality=95)
    if in_strips:
        monkeypatch.setattr(module, "LARGE", 1)
    with Image.open(io.BytesIO(body)) as image:
        right = ImageOps.exif_transpose(image).convert("RGB")
    right.thumbnail((BOX, BOX))
    made = small(body)
    assert made.size == right.size
    assert max(ImageStat.Stat(ImageChops.difference(made, right)).mean) < 3


def test_notes_behind_the_pixels_turn_nothing() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    body = saved(sloped(40, 30), exif=exif)
    at = body.index(b"eXIf") - 4
    end = at + 12 + int.from_bytes(body[at : at + 4], "big")
    assert small(body).size == (30, 40)
    assert small(body[:at] + body[end:-12] + body[at:end] + body[-12:]).size == (40, 30)


def test_a_photograph_on_its_side_stands_upright() -> None:
    assert small((SAMPLES / "files" / "turned.jpg").read_bytes(), 800).size == (533, 800)


def test_a_linear_grey_photograph_is_as_bright_as_a_browser_shows_it() -> None:
    made = small((SAMPLES / "files" / "gray_lin.jpg").read_bytes(), 800)
    assert made.mode == "RGB"
    assert abs(ImageStat.Stat(made.convert("L")).mean[0] - 133) < 2


@pytest.mark.parametrize(
    ("image", "form", "shown"),
    [
        (Image.new("I;16", (90, 90), 0x8000), "PNG", (128, 128, 128)),
        (Image.new("CMYK", (90, 90), (0, 255, 255, 0)), "JPEG", (254, 0, 0)),
        (Image.new("LA", (90, 90), (200, 100)), "PNG", (200, 200, 200, 100)),
        (Image.new("RGBA", (90, 90), (10, 20, 30, 40)), "PNG", (10, 20, 30, 40)),
        (Image.new("1", (90, 90), 1), "PNG", (255, 255, 255)),
        (Image.new("RGB", (90, 90), (250, 0, 9)).quantize(4), "PNG", (250, 0, 9)),
    ],
)
@pytest.mark.parametrize("in_strips", [False, True])
def test_every_mode_has_its_colour(
    image: Image.Image,
    form: str,
    shown: tuple[int, ...],
    in_strips: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if in_strips:
        monkeypatch.setattr(module, "LARGE", 1)
    pixel: Any = small(saved(image, form, **({} if form == "PNG" else {"quality": 100}))).getpixel(
        (30, 30)
    )
    assert len(pixel) == len(shown)
    assert all(abs(a - b) <= 2 for a, b in zip(pixel, shown, strict=True))


def header(width: int, height: int, form: str, mode: str = "RGB", **info: Any) -> Image.Image:
    """An image of which only the header was read."""
    image = Image.new(mode, (1, 1))
    image._size, image.format = (width, height), form
    image.info.update(info)
    return image


@pytest.mark.parametrize(
    ("image", "decoded"),
    [
        (header(8192, 8192, "PNG"), True),
        (header(16_384, 16_384, "PNG"), True),
        (header(8192, 8192, "PNG", interlace=1), False),
        (header(16_384, 16_385, "PNG"), False),
        (header(16_384, 16_384, "JPEG"), True),
        (header(8192, 8192, "JPEG", progressive=1), True),
        (header(16_384, 16_384, "JPEG", progressive=1), False),
        (header(60_000, 60_000, "JPEG"), False),
        (header(4096, 4096, "WEBP"), True),
        (header(8192, 8192, "WEBP"), False),
        (header(7000, 7000, "GIF"), True),
        (header(1_000_000, 200, "PNG"), False),
    ],
)
def test_what_is_decoded_stays_within_the_bound(image: Image.Image, decoded: bool) -> None:
    assert fits(image, 800) is decoded
    if decoded:
        assert decoded_bytes(image, 800) <= MAX_DECODED


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="too large"):
        small(bomb(60_000, 60_000))
