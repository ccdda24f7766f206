"""Pixels of any mode and colour profile as they look in sRGB."""

import io
from typing import Any

import pytest
from PIL import Image, ImageCms

from dashboard.services.files.colours import in_8_bits, in_srgb
from tests.conftest import SAMPLES

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def gray_profile() -> bytes:
    """A linear GRAY profile."""
    with Image.open(SAMPLES / "files" / "gray_lin.jpg") as image:
        return bytes(image.info["icc_profile"])


def swapped(profile: bytes) -> bytes:
    """An RGB profile whose red and blue primaries have changed places."""
    return profile.replace(b"rXYZ", b"tXYZ").replace(b"bXYZ", b"rXYZ").replace(b"tXYZ", b"bXYZ")


@pytest.mark.parametrize(
    ("mode", "colour", "profile", "shown"),
    [
        ("L", 64, None, (64, 64, 64)),
        ("L", 64, gray_profile(), (137, 137, 137)),
        ("LA", (64, 90), gray_profile(), (137, 137, 137, 90)),
        ("L", 64, SRGB, (64, 64, 64)),
        ("RGB", (200, 30, 60), SRGB, (200, 30, 60)),
        ("RGB", (200, 30, 60), swapped(SRGB), (60, 30, 200)),
        ("RGBA", (200, 30, 60, 7), swapped(SRGB), (60, 30, 200, 7)),
        ("RGB", (200, 30, 60), gray_profile(), (200, 30, 60)),
        ("RGB", (200, 30, 60), b"no profile", (200, 30, 60)),
        ("RGB", (200, 30, 60), SRGB[:200], (200, 30, 60)),
        ("CMYK", (0, 255, 255, 0), None, (255, 0, 0)),
        ("CMYK", (0, 255, 255, 0), SRGB, (255, 0, 0)),
    ],
)
def test_colours_are_those_of_the_profile_unless_it_is_broken_or_unfit(
    mode: str, colour: Any, profile: bytes | None, shown: tuple[int, ...]
) -> None:
    seen = in_srgb(Image.new(mode, (3, 2), colour), profile)
    assert seen.mode == ("RGBA" if len(shown) == 4 else "RGB")
    found = seen.getpixel((1, 1))
    assert isinstance(found, tuple)
    assert all(abs(a - b) <= 2 for a, b in zip(found, shown, strict=True))


@pytest.mark.parametrize(
    ("image", "mode", "colour"),
    [
        (Image.new("1", (2, 2), 1), "L", 255),
        (Image.new("L", (2, 2), 9), "L", 9),
        (Image.new("LA", (2, 2), (9, 8)), "LA", (9, 8)),
        (Image.new("I;16", (2, 2), 0x4523), "L", 0x45),
        (Image.new("P", (2, 2), 0), "RGB", (0, 0, 0)),
        (Image.new("CMYK", (2, 2), (1, 2, 3, 4)), "CMYK", (1, 2, 3, 4)),
    ],
)
def test_any_mode_has_eight_bits(image: Image.Image, mode: str, colour: Any) -> None:
    plain = in_8_bits(image)
    assert (plain.mode, plain.getpixel((1, 1))) == (mode, colour)


@pytest.mark.parametrize("mode", ["L", "RGB", "P", "1"])
def test_a_colour_that_is_seen_through_stays_so(mode: str) -> None:
    out = io.BytesIO()
    Image.new(mode, (4, 4)).save(out, "PNG", transparency=(0, 0, 0) if mode == "RGB" else 0)
    with Image.open(out) as image:
        assert in_8_bits(image).getchannel("A").getextrema() == (0, 0)


@pytest.mark.parametrize("mode", ["I", "F"])
def test_numbers_without_a_range_have_no_eight_bits(mode: str) -> None:
    with pytest.raises(ValueError, match="8-bit"):
        in_8_bits(Image.new(mode, (2, 2)))
