"""The tracks of WebM and Matroska files, from elements made by hand."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.media.matroska_tracks import (
    CODEC,
    DURATION,
    FRAME,
    LONGEST_VALUE,
    MOST_ELEMENTS,
    MOST_TRACKS,
    SCALE,
    TYPE,
    matroska_tracks,
)
from dashboard.domain.media.strip_metadata.matroska import (
    CLUSTER,
    HEAD,
    INFO,
    SEGMENT,
    TRACK,
    TRACKS,
)
from dashboard.domain.media.tracks import LONGEST_CODEC, Tracks

TO_THE_END = b"\x01" + b"\xff" * 7  # a length that is not told


def element(name: int, *parts: bytes, size: bytes = b"") -> bytes:
    content = b"".join(parts)
    named = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return named + (size or (len(content) | 1 << 56).to_bytes(8, "big")) + content


def info(duration: bytes, scale: int | None = 1_000_000) -> bytes:
    scaled = b"" if scale is None else element(SCALE, scale.to_bytes(8, "big"))
    return element(INFO, scaled, element(DURATION, duration))


def track(kind: int, codec: bytes, frame: int = 0) -> bytes:
    rate = element(FRAME, frame.to_bytes(4, "big")) if frame else b""
    return element(TRACK, element(TYPE, bytes([kind])), element(CODEC, codec), rate)


LENGTH = info(struct.pack(">d", 3000.0))
VIDEO, SOUND = track(1, b"V_VP9", 41_666_667), track(2, b"A_OPUS")
TOLD = element(TRACKS, VIDEO, SOUND)


def film(*parts: bytes, size: bytes = b"") -> bytes:
    return element(HEAD, b"webm") + element(SEGMENT, *parts, size=size)


def tracks(body: bytes) -> Tracks:
    return matroska_tracks(lambda at, count: body[at : at + count], len(body))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (film(LENGTH, TOLD), Tracks("vp9", "opus", 24.0, 3.0)),
        (film(TOLD, LENGTH), Tracks("vp9", "opus", 24.0, 3.0)),
        (film(LENGTH, TOLD, size=TO_THE_END), Tracks("vp9", "opus", 24.0, 3.0)),
        (film(TOLD, element(CLUSTER, bytes(9)), LENGTH), Tracks("vp9", "opus", 24.0)),
        (film(LENGTH, element(TRACKS, SOUND)), Tracks("", "opus", None, 3.0)),
        (film(element(TRACKS, track(17, b"S_TEXT/UTF8"), VIDEO)), Tracks("vp9", "", 24.0)),
        (film(element(TRACKS, VIDEO, track(1, b"V_AV1"))), Tracks("vp9", "", 24.0)),
        (film(element(TRACKS, size=TO_THE_END)), Tracks()),
        (film(), Tracks()),
        (b"", Tracks()),
    ],
)
def test_what_elements_say(body: bytes, found: Tracks) -> None:
    assert tracks(body) == found


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (info(struct.pack(">f", 1500.0)), 1.5),
        (info(struct.pack(">d", 1500.0), None), 1.5),
        (info(struct.pack(">d", 3.0), 10**9), 3.0),
        (info(struct.pack(">d", float("nan"))), None),
        (info(struct.pack(">d", float("inf"))), None),
        (info(struct.pack(">d", -1.0)), None),
        (info(struct.pack(">d", 1e308), 2**63), None),
        (info(b""), None),
        (info(b"\1\2\3"), None),
        (element(INFO, element(SCALE, b"\xff" * 99), element(DURATION, b"\x7f" * 8)), None),
    ],
)
def test_a_length_that_is_none_or_absurd_is_unknown(told: bytes, seconds: float | None) -> None:
    assert tracks(film(told)).seconds == seconds


@pytest.mark.parametrize(("frame", "rate"), [(0, None), (1, None), (33_366_667, 29.97)])
def test_a_frame_rate_that_is_none_or_absurd_is_unknown(frame: int, rate: float | None) -> None:
    assert tracks(film(element(TRACKS, track(1, b"V_VP8", frame)))).frame_rate == rate


@pytest.mark.parametrize(
    ("told", "codec"),
    [
        (b"V_MPEG4/ISO/AVC", "h264"),
        (b"V_MPEGH/ISO/HEVC", "hevc"),
        (b"V_MPEG4/ISO/ASP", "mpeg4"),
        (b"V_AV1\0\0", "av1"),
        (b"V_PRORES", "prores"),
        (b"V_MS/VFW/FOURCC", "unknown"),
        (b"A_PCM/INT/LIT", "pcm"),
        (b"A_AAC/MPEG4/LC", "aac"),
        (b"A_MPEG/L3", "mp3"),
        (b"V_", "unknown"),
        (b"V_\xff\xfe", "unknown"),
        (b"", "unknown"),
        (b"V_" + b"A" * 60, "a" * LONGEST_CODEC),
    ],
)
def test_an_id_names_a_codec(told: bytes, codec: str) -> None:
    assert tracks(film(element(TRACKS, track(1, told)))).video == codec


def test_a_value_is_read_up_to_a_bound() -> None:
    long = element(TRACKS, track(1, b"V_VP9/" + bytes(10 * LONGEST_VALUE)))
    assert tracks(film(long)).video == "vp9"


def test_every_beginning_of_a_file_is_read() -> None:
    whole = film(LENGTH, TOLD)
    found = [tracks(whole[:length]) for length in range(len(whole) + 1)]
    assert found[0] == Tracks() and found[-1] == Tracks("vp9", "opus", 24.0, 3.0)


def test_more_tracks_than_any_file_has_are_not_read() -> None:
    text = track(17, b"S_TEXT/UTF8")
    assert tracks(film(element(TRACKS, *[text] * (MOST_TRACKS - 1), SOUND))).audio == "opus"
    assert tracks(film(element(TRACKS, *[text] * MOST_TRACKS, SOUND))).audio == ""
    assert tracks(film(*[element(0xEC)] * MOST_ELEMENTS, TOLD)).audio == ""


PIECES = st.sampled_from(
    [LENGTH, VIDEO, SOUND, TOLD, element(TRACKS), element(SEGMENT, size=TO_THE_END), TO_THE_END]
)


@given(st.lists(PIECES | st.binary(max_size=30), max_size=12), st.booleans())
def test_any_bytes_are_read_in_short_reads(pieces: list[bytes], inside: bool) -> None:
    body = film(*pieces) if inside else b"".join(pieces)

    def read(at: int, count: int) -> bytes:
        assert at >= 0 and 0 <= count <= LONGEST_VALUE
        return body[at : at + count]

    found = matroska_tracks(read, len(body))
    assert max(len(found.video), len(found.audio)) <= LONGEST_CODEC
