"""What a page says of a stored file: size, type, codec, frame rate, length."""

from dataclasses import dataclass

from dashboard.domain.media.kinds import TEXT
from dashboard.domain.media.sniffing import UNKNOWN
from dashboard.domain.text.byte_sizes import size
from dashboard.presentation.format import took

EMPTY = "empty file, 0 B"
NOT_UTF_8 = "not UTF-8"
CODECS = {
    "h264": "H.264",
    "h263": "H.263",
    "hevc": "HEVC",
    "vvc": "VVC",
    "mpeg4": "MPEG-4 Part 2",
    "mpeg2video": "MPEG-2",
    "mpeg1video": "MPEG-1",
    "mjpeg": "Motion JPEG",
    "prores": "ProRes",
    "dnxhd": "DNxHD",
    "cfhd": "CineForm",
    "theora": "Theora",
    "rawvideo": "uncompressed",
    "opus": "Opus",
    "vorbis": "Vorbis",
    "unknown": "",
}
"""The names of codecs, by ffmpeg's; any other is ffmpeg's in capitals."""


@dataclass(frozen=True, slots=True)
class StoredFileFacts:
    """A stored file, or why there is none, as a tile reads it."""

    url: str | None = None
    download_url: str | None = None
    thumb_url: str | None = None
    width: int | None = None
    height: int | None = None
    seconds: float | None = None
    codec: str = ""  # by ffmpeg's name
    frame_rate: float | None = None  # frames a second
    size: int | None = None
    type: str = ""
    inline: bool = True
    reason: str = ""


def codec_name(codec: str) -> str:
    """A codec as people call it; "" for an unknown one."""
    plain = "pcm" if codec.startswith("pcm_") else codec
    return CODECS.get(plain, plain.upper())


def file_facts(file: StoredFileFacts, kind: str, encoding: str) -> str:
    """The facts in a row; `encoding` is the one a text was read in where it is not UTF-8."""
    if file.size == 0:
        return EMPTY
    rate = f"{file.frame_rate:.4g} fps" if file.frame_rate else ""
    facts = (
        size(file.size) if file.size else "",
        _type(file.type, kind),
        f"{encoding}, {NOT_UTF_8}" if encoding else "",
        codec_name(file.codec),
        rate,
        took(file.seconds) if file.seconds else "",
    )
    return ", ".join(filter(None, facts))


def _type(content_type: str, kind: str) -> str:
    """The type in a word; of a text that is none we know, why it is not read."""
    if content_type == UNKNOWN:
        return NOT_UTF_8 if kind == TEXT else ""
    return content_type.partition(";")[0].rpartition("/")[2].removeprefix("x-")
