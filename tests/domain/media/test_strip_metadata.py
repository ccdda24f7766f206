"""Files without the notes that ComfyUI writes into them; what is seen stays as it is."""

import io
from typing import Any

import pytest
from PIL import Image, PngImagePlugin

from dashboard.domain.media.strip_metadata import ZEROS, length, stripped
from dashboard.simulator.media import FILES

SECRET = "a lighthouse at dusk"


def cleaned(kind: str, data: bytes) -> bytes | None:
    found = stripped(kind, lambda at, count: data[at : at + count], len(data))
    if found is None:
        return None
    clean = [one if isinstance(one, bytes) else data[one[0] : one[1]] for one in found]
    assert [len(one) for one in clean] == [length(one) for one in found]
    return b"".join(clean)


def made(form: str, **how: Any) -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").convert("RGB").save(out, form, **how)
    return out.getvalue()


def png() -> bytes:
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", SECRET)
    info.add_itxt("workflow", SECRET)
    return made("PNG", pnginfo=info) + SECRET.encode()


def noted() -> bytes:
    exif = Image.Exif()
    exif[0x010F] = f"prompt:{SECRET}"
    return exif.tobytes()


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


@pytest.mark.parametrize("more", [0, 3 * len(ZEROS)])
@pytest.mark.parametrize("long", [False, True])
def test_a_film_keeps_its_length_and_loses_its_notes(more: int, long: bool) -> None:
    film = (FILES / "dunes.mp4").read_bytes()
    at = film.index(b"moov")
    size = int.from_bytes(film[at - 4 : at], "big")
    text = SECRET.encode() + b"." * more
    note = (8 + len(text)).to_bytes(4, "big") + b"udta" + text
    if long:
        note = b"\0\0\0\x01udta" + (16 + len(text)).to_bytes(8, "big") + text
    end = at - 4 + size
    noted = (
        film[: at - 4] + (size + len(note)).to_bytes(4, "big") + film[at:end] + note + film[end:]
    )
    clean = cleaned("video/mp4", noted)
    assert clean is not None and len(clean) == len(noted)
    assert SECRET.encode() not in clean
    plain, start, where = cleaned("video/mp4", film) or b"", at, noted.index(note)
    assert clean[start:where] == plain[start:end]
    assert clean[where : where + 8] == note[:4] + b"free"
    assert clean[where + len(note) :] == film[end:]


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
