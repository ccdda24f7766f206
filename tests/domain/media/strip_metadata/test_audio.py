"""FLAC and MP3 keep their sound and lose their notes."""

import pytest

from dashboard.simulator.media import FILES
from tests.domain.media.strip_metadata.noted import HIDDEN, cleaned


def flac_block(kind: int, content: bytes, *, last: bool = False) -> bytes:
    return bytes([kind | 0x80 * last]) + len(content).to_bytes(3, "big") + content


@pytest.mark.parametrize("kind", [1, 2, 4, 5, 6])
def test_the_notes_of_a_flac_become_padding(kind: int) -> None:
    stream, sound = flac_block(0, b"s" * 34), b"\xff\xf8 sound"
    data = b"fLaC" + stream + flac_block(kind, HIDDEN, last=True) + sound
    padding = flac_block(1, bytes(len(HIDDEN)), last=True)
    assert cleaned("audio/flac", data) == b"fLaC" + stream + padding + sound


def id3(text: bytes) -> bytes:
    return b"ID3\x04\0\0" + bytes([0, 0, len(text) >> 7, len(text) & 0x7F]) + text


def ape(text: bytes) -> bytes:
    def end(flags: int) -> bytes:
        told = [2000, len(text) + 32, 1, flags]
        return b"APETAGEX" + b"".join(each.to_bytes(4, "little") for each in told) + bytes(8)

    return end(0xA0000000) + text + end(0x80000000)


def test_an_mp3_is_left_with_its_frames() -> None:
    sound = (FILES / "chord.mp3").read_bytes()
    sound = cleaned("audio/mpeg", sound) or b""
    assert sound[:1] == b"\xff"
    id3v1 = b"TAG" + HIDDEN.ljust(125, b"\0")
    for data in (
        id3(HIDDEN * 20) + sound,
        id3(HIDDEN) + id3(HIDDEN) + bytes(40) + sound + ape(HIDDEN) + id3v1,
        ape(HIDDEN) + sound + id3v1,
        sound + b"LYRICSBEGIN" + HIDDEN + b"%06dLYRICS200" % (11 + len(HIDDEN)) + id3v1,
    ):
        assert cleaned("audio/mpeg", data) == sound
    assert cleaned("audio/mpeg", id3(HIDDEN) + b"fLaC" + sound) is None, "no frame: not an MP3"
