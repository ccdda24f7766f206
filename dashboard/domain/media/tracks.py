"""The pictures and the sound in a video or sound file: codecs, frame rate, length."""

import json
import math
from dataclasses import dataclass
from typing import Any

MAX_SECONDS = 366 * 86_400.0  # no real file is longer
MAX_FRAME_RATE = 1000.0
LONGEST_CODEC = 20

SOUND_ALONE = {
    "video/mp4": "audio/mp4",
    "video/quicktime": "audio/mp4",
    "video/webm": "audio/webm",
}
"""The media types of containers, by what they are where there are no pictures in them."""


@dataclass(frozen=True, slots=True)
class Tracks:
    """Codecs by ffmpeg's names, "" where there is no such track; None for what is unknown."""

    video: str = ""
    audio: str = ""
    frame_rate: float | None = None  # frames a second
    seconds: float | None = None

    @property
    def codec(self) -> str:
        """The codec of the pictures, else of the sound."""
        return self.video or self.audio

    def over(self, other: "Tracks") -> "Tracks":
        """These facts; the other's where they are missing."""
        return Tracks(
            self.video or other.video,
            self.audio or other.audio,
            self.frame_rate or other.frame_rate,
            self.seconds or other.seconds,
        )


def refined_type(sniffed: str, tracks: Tracks) -> str:
    """The media type by the tracks: a video's container without pictures is sound."""
    if tracks.audio and not tracks.video:
        return SOUND_ALONE.get(sniffed, sniffed)
    return sniffed


def sane_seconds(seconds: float) -> float | None:
    """A length in seconds, rounded to milliseconds; None for an absurd one."""
    return round(seconds, 3) if 0 < seconds < MAX_SECONDS else None


def sane_rate(rate: float) -> float | None:
    """Frames a second, rounded; None for an absurd number."""
    return round(rate, 3) if 0 < rate < MAX_FRAME_RATE else None


def read_probe(answer: bytes) -> Tracks:
    """What ffprobe says of a file, as JSON; nothing where it says nothing.

    Covers of sounds, which it lists as videos, are no tracks.
    """
    try:
        said = json.loads(answer)
        seconds = _number(said.get("format", {}).get("duration"))
        streams = [each for each in said.get("streams", []) if not _is_cover(each)]
    except (ValueError, AttributeError, TypeError):
        return Tracks()
    video: dict[str, object] = next(
        (each for each in streams if each.get("codec_type") == "video"), {}
    )
    audio: dict[str, object] = next(
        (each for each in streams if each.get("codec_type") == "audio"), {}
    )
    return Tracks(
        str(video.get("codec_name", ""))[:LONGEST_CODEC],
        str(audio.get("codec_name", ""))[:LONGEST_CODEC],
        sane_rate(_ratio(str(video.get("avg_frame_rate")))),
        sane_seconds(seconds),
    )


def _is_cover(stream: Any) -> bool:
    return bool(stream.get("disposition", {}).get("attached_pic"))


def _ratio(text: str) -> float:
    above, _, below = text.partition("/")
    return _number(above) / (_number(below) or math.inf)


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, str | int | float) else 0.0
    except ValueError:
        return 0.0
