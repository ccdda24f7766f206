"""An MP4 keeps its length and loses its notes."""

import pytest

from dashboard.domain.media.strip_metadata import ZEROS
from dashboard.simulator.media import FILES
from tests.domain.media.strip_metadata.noted import HIDDEN, SECRET, cleaned


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


def test_boxes_that_are_none_hide_nothing_in_a_film() -> None:
    film = (FILES / "dunes.mp4").read_bytes()
    for rest in (b"\0\0\0\x02" + HIDDEN, b"\0\0\0\x30free" + HIDDEN.ljust(40)):
        clean = cleaned("video/mp4", film + rest)
        assert clean is not None and HIDDEN not in clean
        assert len(clean) == len(film + rest)
