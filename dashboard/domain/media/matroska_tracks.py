"""The tracks of a WebM or Matroska file, from its `Info` and `Tracks`."""

import struct
from collections.abc import Iterator
from itertools import islice

from dashboard.domain.media.strip_metadata.matroska import (
    CLUSTER,
    INFO,
    SEGMENT,
    TRACK,
    TRACKS,
    element,
)
from dashboard.domain.media.strip_metadata.ranges import NotStrippable, Read
from dashboard.domain.media.tracks import LONGEST_CODEC, Tracks, sane_rate, sane_seconds

MOST_ELEMENTS = 1000  # side by side
MOST_TRACKS = 50
LONGEST_VALUE = 64  # bytes
SCALE, DURATION = 0x2AD7B1, 0x4489
TYPE, CODEC, FRAME = 0x83, 0x86, 0x23E383
VIDEO, AUDIO = 1, 2
NANOSECONDS = 1e9
CODECS = {
    "V_MPEG4/ISO/AVC": "h264", "V_MPEGH/ISO/HEVC": "hevc", "V_MPEG4/": "mpeg4",
    "V_MS/": "unknown", "A_MPEG/L3": "mp3", "A_AAC": "aac", "A_PCM/": "pcm", "A_MS/": "unknown",
}  # fmt: skip
"""The names that ffmpeg has for codecs, by how their IDs begin; else the ID's own word."""

Element = tuple[int, int, int]  # its name, where its content begins, where it ends


def matroska_tracks(read: Read, size: int) -> Tracks:
    """The tracks; none where the file is broken before they are told."""
    seconds, found = None, Tracks()
    for name, start, end in _elements(read, 0, size):
        if name != SEGMENT:
            continue
        for part, begin, last in _elements(read, start, end):
            if part == INFO:
                seconds = _seconds(_values(read, begin, last))
            elif part == TRACKS:
                found = _tracks(read, begin, last)
            elif part == CLUSTER and found.codec:
                break
    return found.over(Tracks(seconds=seconds))


def _elements(read: Read, at: int, last: int) -> Iterator[Element]:
    try:
        for _ in range(MOST_ELEMENTS):
            if at >= last:
                return
            name, start, end = element(read, at, last)
            yield name, start, end
            at = end
    except (NotStrippable, IndexError):
        return


def _values(read: Read, at: int, last: int) -> dict[int, bytes]:
    return {
        name: read(start, min(end - start, LONGEST_VALUE))
        for name, start, end in _elements(read, at, last)
    }


def _seconds(info: dict[int, bytes]) -> float | None:
    scale = int.from_bytes(info[SCALE], "big") if SCALE in info else 1_000_000
    form = {4: ">f", 8: ">d"}.get(len(info.get(DURATION, b"")))
    if form is None:
        return None
    return sane_seconds(struct.unpack(form, info[DURATION])[0] * scale / NANOSECONDS)


def _tracks(read: Read, at: int, last: int) -> Tracks:
    found = Tracks()
    tracks = (each for each in _elements(read, at, last) if each[0] == TRACK)
    for _, start, end in islice(tracks, MOST_TRACKS):
        values = _values(read, start, end)
        kind = int.from_bytes(values.get(TYPE, b""), "big")
        codec = _codec(values.get(CODEC, b""))
        frame = int.from_bytes(values.get(FRAME, b""), "big")
        if kind == VIDEO:
            rate = sane_rate(NANOSECONDS / frame) if frame else None
            found = found.over(Tracks(video=codec, frame_rate=rate))
        elif kind == AUDIO:
            found = found.over(Tracks(audio=codec))
    return found


def _codec(value: bytes) -> str:
    text = value.rstrip(b"\0").decode("latin-1")
    if known := next((name for start, name in CODECS.items() if text.startswith(start)), ""):
        return known
    word = text[2:].split("/")[0].lower()[:LONGEST_CODEC]
    return word if word.isascii() and word.isprintable() and word else "unknown"
