"""The tracks of MP4 files, from boxes made by hand."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.media.mp4_tracks import (
    CODECS,
    MOST_BOXES,
    MOST_RUNS,
    MOST_TRACKS,
    mp4_tracks,
)
from dashboard.domain.media.tracks import LONGEST_CODEC, Tracks


def box(name: bytes, *parts: bytes) -> bytes:
    content = b"".join(parts)
    return struct.pack(">I", 8 + len(content)) + name + content


def wide(name: bytes, content: bytes) -> bytes:
    """The same with a length of 64 bits."""
    return struct.pack(">I4sQ", 1, name, 16 + len(content)) + content


def open_ended(name: bytes, content: bytes) -> bytes:
    """The same, which goes on to its parent's end."""
    return bytes(4) + name + content


def clock(name: bytes, ticks_a_second: int, ticks: int, *, version: int = 0) -> bytes:
    """`mvhd` or `mdhd`."""
    form, dates = (">IQ", 16) if version else (">II", 8)
    start = bytes([version, 0, 0, 0]) + bytes(dates)
    return box(name, start, struct.pack(form, ticks_a_second, ticks), bytes(8))


def stts(*runs: tuple[int, int], count: int | None = None) -> bytes:
    """Runs of frames of one length: how many, how many ticks each."""
    pairs = b"".join(struct.pack(">II", *run) for run in runs)
    return box(b"stts", bytes(4), struct.pack(">I", len(runs) if count is None else count), pairs)


def track(handler: bytes, entry: bytes, times: bytes = b"", ticks_a_second: int = 1000) -> bytes:
    described = box(b"stsd", bytes(4), struct.pack(">I", 1), box(entry, bytes(8)))
    table = box(b"minf", box(b"stbl", described, times))
    head = box(b"hdlr", bytes(8), handler, bytes(12))
    return box(b"trak", box(b"mdia", clock(b"mdhd", ticks_a_second, 0), head, table))


VIDEO = track(b"vide", b"hvc1", stts((24, 40), (1, 40)))
SOUND = track(b"soun", b"mp4a")
MVHD = clock(b"mvhd", 600, 1800)
FTYP = box(b"ftyp", b"isom", bytes(4))


def movie(*boxes: bytes) -> bytes:
    return FTYP + box(b"moov", *boxes)


def tracks(body: bytes) -> Tracks:
    return mp4_tracks(lambda at, count: body[at : at + count], len(body))


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (movie(MVHD, VIDEO, SOUND), Tracks("hevc", "aac", 25.0, 3.0)),
        (movie(SOUND, MVHD, VIDEO), Tracks("hevc", "aac", 25.0, 3.0)),
        (movie(MVHD, SOUND), Tracks("", "aac", None, 3.0)),
        (movie(MVHD, track(b"meta", b"text")), Tracks(seconds=3.0)),
        (movie(VIDEO, track(b"vide", b"avc1")), Tracks("hevc", "", 25.0)),
        (movie(clock(b"mvhd", 600, 1800, version=1)), Tracks(seconds=3.0)),
        (FTYP + wide(b"moov", MVHD + SOUND), Tracks("", "aac", None, 3.0)),
        (FTYP + open_ended(b"moov", MVHD + SOUND), Tracks("", "aac", None, 3.0)),
        (box(b"mdat", bytes(5000)) + movie(MVHD), Tracks(seconds=3.0)),
        (FTYP, Tracks()),
        (b"", Tracks()),
    ],
)
def test_what_boxes_say(body: bytes, found: Tracks) -> None:
    assert tracks(body) == found


@pytest.mark.parametrize(
    ("mvhd", "seconds"),
    [
        (clock(b"mvhd", 0, 1800), None),
        (clock(b"mvhd", 600, 0), None),
        (clock(b"mvhd", 600, 2**32 - 1), None),
        (clock(b"mvhd", 600, 2**64 - 1, version=1), None),
        (clock(b"mvhd", 1, 2**64 - 2, version=1), None),
        (box(b"mvhd"), None),
    ],
)
def test_a_length_that_is_none_or_absurd_is_unknown(mvhd: bytes, seconds: float | None) -> None:
    assert tracks(movie(mvhd)).seconds == seconds


@pytest.mark.parametrize(
    ("times", "rate"),
    [
        (stts((1, 1001), (23, 1001)), 0.999),
        (stts((10, 40), (10, 60)), 20.0),
        (stts((0, 0)), None),
        (stts((5, 0)), None),
        (stts((2**32 - 1, 1)), None),
        (stts(), None),
        (stts((5, 40), count=2**32 - 1), 25.0),
        (box(b"stts"), None),
        (box(b"stts", bytes(6)), None),
    ],
)
def test_a_frame_rate_that_is_none_or_absurd_is_unknown(times: bytes, rate: float | None) -> None:
    assert tracks(movie(track(b"vide", b"avc1", times))).frame_rate == rate


@pytest.mark.parametrize(
    ("entry", "codec"),
    [
        *((name.encode(), codec) for name, codec in CODECS.items()),
        *((b"alac", "alac"), (b"XyZ ", "xyz"), (b"\xff\0\0\0", "unknown"), (b"\xa9abc", "unknown")),
    ],
)
def test_a_sample_entry_names_a_codec(entry: bytes, codec: str) -> None:
    entry = entry.ljust(4)
    assert tracks(movie(track(b"vide", entry))).video == codec


@pytest.mark.parametrize(
    "size", [1, 2, 7, 9, 2**31, 2**32 - 1], ids=lambda size: f"a length of {size}"
)
def test_a_length_that_cannot_be_is_an_end(size: int) -> None:
    said = struct.pack(">I", size) + b"trak" + SOUND[8:]
    assert tracks(movie(MVHD, said)).seconds == 3.0


def test_every_beginning_of_a_file_is_read() -> None:
    whole = movie(MVHD, VIDEO, SOUND)
    found = [tracks(whole[:length]) for length in range(len(whole) + 1)]
    assert found[0] == Tracks() and found[-1] == Tracks("hevc", "aac", 25.0, 3.0)


def test_more_tracks_than_any_file_has_are_not_read() -> None:
    silent = track(b"meta", b"text")
    assert tracks(movie(*[silent] * (MOST_TRACKS - 1), SOUND)).audio == "aac"
    assert tracks(movie(*[silent] * MOST_TRACKS, SOUND)).audio == ""
    assert tracks(movie(*[box(b"free")] * MOST_BOXES, SOUND)).audio == ""


PIECES = st.sampled_from(
    [MVHD, VIDEO, SOUND, box(b"moov"), stts((5, 40)), b"\0\0\0\1", b"\xff" * 8]
)


@given(st.lists(PIECES | st.binary(max_size=30), max_size=12), st.booleans())
def test_any_bytes_are_read_in_short_reads(pieces: list[bytes], inside: bool) -> None:
    body = movie(*pieces) if inside else b"".join(pieces)

    def read(at: int, count: int) -> bytes:
        assert at >= 0 and 0 <= count <= 8 * MOST_RUNS
        return body[at : at + count]

    found = mp4_tracks(read, len(body))
    assert max(len(found.video), len(found.audio)) <= LONGEST_CODEC
