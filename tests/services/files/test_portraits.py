"""Portraits: small, square, still, and of nothing that is a trap."""

import io
import zlib
from typing import Any

import pytest
from PIL import Image

from dashboard.services.files import portraits
from dashboard.upstream import file_errors
from tests.wire import Wire, answer, cut, zipped

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def saved(image: Image.Image, kind: str = "PNG", **given: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **given)
    return out.getvalue()


def plain(width: int = 200, height: int = 200, colour: str = "red", kind: str = "PNG") -> bytes:
    return saved(Image.new("RGB", (width, height), colour), kind)


def opened(body: bytes) -> Image.Image:
    return Image.open(io.BytesIO(body))


def bomb() -> bytes:
    """A PNG of few bytes whose header promises 30,000 × 30,000 pixels."""
    head = b"".join(n.to_bytes(4, "big") for n in (30_000, 30_000)) + bytes([8, 2, 0, 0, 0])
    rows = zlib.compress(b"\0" * 1_000_000)
    parts = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")
        for name, data in parts
    )


@pytest.mark.parametrize(
    ("width", "height"), [(96, 96), (1, 1), (640, 480), (3000, 20), (20, 3000)]
)
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_every_picture_becomes_a_small_square(width: int, height: int, kind: str) -> None:
    made = opened(portraits.portrait(plain(width, height, kind=kind)))
    assert (made.format, made.size) == ("WEBP", (96, 96))


def test_a_photograph_fits_where_it_is_decoded_in_parts() -> None:
    for kind in ("JPEG", "PNG"):
        assert opened(portraits.portrait(plain(4000, 3000, kind=kind))).size == (96, 96)
    with pytest.raises(ValueError, match="too large"):
        portraits.portrait(plain(4000, 3000, kind="WEBP"))


def test_the_middle_is_kept() -> None:
    wide = Image.new("RGB", (300, 100), "red")
    wide.paste("blue", (100, 0, 200, 100))
    made = opened(portraits.portrait(saved(wide))).convert("RGB")
    for x, y in ((3, 3), (48, 48), (92, 92)):
        red, _, blue = made.getpixel((x, y))  # type: ignore[misc]
        assert blue > 200 and red < 60


def test_of_an_animation_the_first_frame_is_kept() -> None:
    frames = [Image.new("RGB", (100, 100), colour) for colour in ("red", "blue")]
    for kind in ("GIF", "WEBP"):
        moving = saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)
        made = opened(portraits.portrait(moving))
        assert not getattr(made, "is_animated", False)
        assert made.convert("RGB").getpixel((48, 48))[0] > 200  # type: ignore[index]


def test_metadata_is_not_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = "home address"
    made = portraits.portrait(saved(Image.new("RGB", (99, 99)), "JPEG", exif=exif))
    assert b"home" not in made and b"EXIF" not in made


HOSTILE = {
    "svg": answer(SVG, content_type="image/svg+xml"),
    "html": answer(b"<!doctype html><img src=x onerror=alert(1)>", content_type="image/png"),
    "bomb": answer(bomb(), content_type="image/png"),
    "nothing": answer(b""),
    "half": answer(plain()[:60]),
    "eps": answer(b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n"),
    "large": answer(b"x" * 10_000_000),
    "large packed": zipped(b"\0" * 10_000_000),
    "broken off": cut(answer(b"x", length=900)),
    "gone": answer(b"", "404 Not Found"),
    "private": answer(b"", "403 Forbidden"),
    "no server": answer(b"", "502 Bad Gateway"),
    "to a private address": answer(b"", "302 Found", location="http://10.0.0.1/a.png"),
    "to the metadata": answer(b"", "302 Found", location="http://169.254.169.254/latest/"),
    "to another port": answer(b"", "302 Found", location="http://127.0.0.1:9/a.png"),
    "to a file": answer(b"", "302 Found", location="file:///etc/passwd"),
    "in circles": answer(b"", "302 Found", location="/a.png"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_trap_is_a_failure_with_a_name(settings: Any, kind: str) -> None:
    with Wire(HOSTILE[kind]) as wire:
        settings.LOCAL_FILES_ORIGIN = wire.url.removesuffix("/api")
        with pytest.raises(file_errors.FileError) as error:
            portraits.fetch(f"{settings.LOCAL_FILES_ORIGIN}/a.png")
    refused = isinstance(error.value, file_errors.AddressRefused)
    assert refused == kind.startswith(("to ", "in ")), repr(error.value)
    assert isinstance(error.value, file_errors.FileTooLarge) == kind.startswith("large")


@pytest.mark.parametrize("host", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "[::1]", "localhost"])
def test_addresses_of_our_own_network_are_not_fetched_from(settings: Any, host: str) -> None:
    settings.LOCAL_FILES_ORIGIN = ""
    with pytest.raises(file_errors.AddressRefused):
        portraits.fetch(f"https://{host}/a.png")
