"""The tracks of an MP4 or QuickTime file, from its `moov` box."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from dashboard.domain.media.strip_metadata.ranges import Read
from dashboard.domain.media.tracks import LONGEST_CODEC, Tracks, sane_rate, sane_seconds

MOST_BOXES = 2000  # side by side
MOST_TRACKS = 50
MOST_RUNS = 4096  # entries of `stts`, each a run of frames of one length
DEEPEST = 4
UNKNOWN = "unknown"
PARENTS = frozenset({b"mdia", b"minf", b"stbl"})
CODECS = {
    "avc1": "h264", "avc3": "h264", "hvc1": "hevc", "hev1": "hevc", "dvh1": "hevc",
    "dvhe": "hevc", "mp4v": "mpeg4", "av01": "av1", "vp08": "vp8", "vp09": "vp9",
    "apch": "prores", "apcn": "prores", "apcs": "prores", "apco": "prores",
    "ap4h": "prores", "ap4x": "prores", "jpeg": "mjpeg", "mjpa": "mjpeg", "AVdn": "dnxhd",
    "vvc1": "vvc", "s263": "h263", "mp4a": "aac", ".mp3": "mp3", "Opus": "opus",
    "fLaC": "flac", "ac-3": "ac3", "ec-3": "eac3", "sowt": "pcm", "twos": "pcm",
    "lpcm": "pcm", "in24": "pcm", "fl32": "pcm", "ipcm": "pcm", "fpcm": "pcm",
}  # fmt: skip
"""The names that ffmpeg has for codecs, by the names of sample entries."""


class Box(NamedTuple):
    """A box: its name, where its content begins, where it ends."""

    name: bytes
    start: int
    end: int


@dataclass(slots=True)
class _Track:
    handler: bytes = b""
    codec: str = UNKNOWN
    clock: int = 0  # ticks a second
    frame_rate: float | None = None


def mp4_tracks(read: Read, size: int) -> Tracks:
    """The tracks; none where there is no `moov` box, as in a file that was cut off."""
    moov = next((box for box in _boxes(read, 0, size) if box.name == b"moov"), None)
    if moov is None:
        return Tracks()
    tracks: list[_Track] = []
    seconds = None
    for box in _boxes(read, moov.start, moov.end):
        if box.name == b"mvhd":
            clock, ticks = _clock(read(box.start, 32))
            seconds = sane_seconds(ticks / clock) if clock else None
        elif box.name == b"trak" and len(tracks) < MOST_TRACKS:
            tracks.append(_Track())
            _fill(tracks[-1], read, box, DEEPEST)
    absent = _Track(codec="")
    video = next((each for each in tracks if each.handler == b"vide"), absent)
    audio = next((each for each in tracks if each.handler == b"soun"), absent)
    return Tracks(video.codec, audio.codec, video.frame_rate, seconds)


def _boxes(read: Read, at: int, last: int) -> Iterator[Box]:
    for _ in range(MOST_BOXES):
        if at + 8 > last:
            return
        header = read(at, 16)
        length, head = int.from_bytes(header[:4], "big"), 8
        if length == 1:
            length, head = int.from_bytes(header[8:], "big"), 16
        end = last if length == 0 else min(at + length, last)
        if end < at + head:
            return
        yield Box(header[4:8], at + head, end)
        at = end


def _fill(track: _Track, read: Read, parent: Box, levels: int) -> None:
    for box in _boxes(read, parent.start, parent.end):
        if box.name in PARENTS and levels:
            _fill(track, read, box, levels - 1)
        elif box.name == b"hdlr" and parent.name == b"mdia":
            track.handler = read(box.start + 8, 4)
        elif box.name == b"mdhd":
            track.clock, _ = _clock(read(box.start, 32))
        elif box.name == b"stsd":
            track.codec = _codec(read(box.start + 12, 4))
        elif box.name == b"stts":
            track.frame_rate = _frame_rate(read, box, track.clock)


def _clock(header: bytes) -> tuple[int, int]:
    """Ticks a second and ticks in all, of `mvhd` or `mdhd`."""
    at, wide = (20, 8) if header[:1] == b"\1" else (12, 4)
    ticks = int.from_bytes(header[at + 4 : at + 4 + wide], "big")
    unknown = ticks == (1 << 8 * wide) - 1
    return int.from_bytes(header[at : at + 4], "big"), 0 if unknown else ticks


def _codec(name: bytes) -> str:
    text = name.decode("latin-1").strip()
    if text in CODECS:
        return CODECS[text]
    return text.lower()[:LONGEST_CODEC] if text.isascii() and text.isprintable() else UNKNOWN


def _frame_rate(read: Read, stts: Box, clock: int) -> float | None:
    count = min(int.from_bytes(read(stts.start + 4, 4), "big"), MOST_RUNS)
    table = read(stts.start + 8, max(0, min(8 * count, stts.end - stts.start - 8)))
    frames = ticks = 0
    for at in range(0, len(table) - 7, 8):
        run = int.from_bytes(table[at : at + 4], "big")
        frames += run
        ticks += run * int.from_bytes(table[at + 4 : at + 8], "big")
    return sane_rate(frames * clock / ticks) if ticks else None
