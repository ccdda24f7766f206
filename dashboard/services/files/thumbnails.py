"""Size, duration and thumbnail of a stored file.

Pages load the thumbnails of images and videos in place of the whole files.
"""

import io
import logging
import shutil
import subprocess
import threading
from contextlib import nullcontext
from dataclasses import dataclass, replace
from typing import BinaryIO

from PIL import Image

from dashboard.domain.media.stored_files import MAX_UNREDUCED
from dashboard.domain.media.strip_metadata.orientation import UPRIGHT
from dashboard.domain.media.tracks import Tracks, read_probe
from dashboard.services.files.colours import in_8_bits
from dashboard.services.files.file_store import PartialFile
from dashboard.services.files.reduced import (
    FORMATS,
    LARGE,
    MAX_DECODED,
    MAX_PIXELS,
    as_seen,
    fits,
    reduced,
    shown_size,
    target,
    turn_of,
)

log = logging.getLogger(__name__)
BOX = 800  # pixels of the longer side
SMALL_FILE = 60_000  # bytes: a smaller file is its own thumbnail
LONGEST_SIDE = 1_000_000  # pixels
MAX_FRAME = 50_000_000  # pixels of a video's frame: decoded, up to 200 MB
VIDEOS = {"video/mp4": "mov", "video/quicktime": "mov", "video/webm": "matroska"}
SOUNDS = {
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/ogg": "ogg",
    "audio/flac": "flac",
    "audio/mp4": "mov",
    "audio/webm": "matroska",
}
NAMED_BY_TYPE = ("mp3", "wav", "ogg", "flac")  # their codec goes without saying
DOWNLOADS = {"video/x-matroska": "matroska", "video/x-msvideo": "avi"}  # measured alone
DEMUXERS = VIDEOS | SOUNDS | DOWNLOADS
IMAGES = {"image/webp": "webp_pipe"}
ONE_PNG = ("-frames:v", "1", "-c:v", "png", "-f", "image2pipe", "pipe:1")
MAX_LOSSY, MAX_LOSSLESS = MAX_PIXELS, MAX_DECODED // 4  # pixels that ffmpeg decodes of a WebP
FFMPEG_TIMEOUT = 20.0  # seconds

_decoding = threading.Lock()  # decoded images take the most memory


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """Width and height of a file as shown, its duration, and a thumbnail as WebP or b""."""

    width: int | None = None
    height: int | None = None
    thumb: bytes = b""
    seconds: float | None = None  # of a video or sound
    codec: str = ""  # of its pictures, else of its sound, by ffmpeg's name
    frame_rate: float | None = None  # frames a second
    stands: bool = True  # a browser shows the file itself as it is measured here


def inspect_media(part: PartialFile, *, always: bool) -> MediaFacts:
    """Measures an image, video or sound and makes its thumbnail; a broken file yields none.

    A small or animated file gets no thumbnail unless `always`; nor does an image that does
    not fit in memory. Videos and sounds are measured by ffmpeg; without it, what their
    container says is all that is known.
    """
    kind = part.content_type
    try:
        if kind.startswith("image/"):
            part.seek(0)
            return _image(_recognized(part), part, always=always)
        if kind not in DEMUXERS:
            return MediaFacts()
        part.flush()
        frame = _first_frame(part) if kind in VIDEOS else b""
        poster = _image(io.BytesIO(frame), part, always=True) if frame else MediaFacts()
        tracks = _tracks(part)
        codec = "" if DEMUXERS[kind] in NAMED_BY_TYPE else tracks.codec
        return replace(poster, seconds=tracks.seconds, codec=codec, frame_rate=tracks.frame_rate)
    except Exception:  # a broken file can make Pillow raise anything
        return MediaFacts()


def _recognized(part: PartialFile) -> BinaryIO | PartialFile:
    """The file; an AVIF whose major brand Pillow does not know, under one that it knows."""
    if part.content_type != "image/avif" or part.head[8:12] in (b"avif", b"avis"):
        return part
    part.seek(0)
    body = part.read()
    return io.BytesIO(body[:8] + b"avif" + body[12:])


def _image(file: BinaryIO | PartialFile, part: PartialFile, *, always: bool) -> MediaFacts:
    """The facts of an image: `part` itself, or a frame of it."""
    with Image.open(file, formats=FORMATS) as image:
        if max(image.size) > LONGEST_SIDE:  # the header is wrong
            return MediaFacts()
        width, height = shown_size(image)
        pixels = width * height
        animated = getattr(image, "is_animated", False)
        small = part.length <= (MAX_UNREDUCED if animated else SMALL_FILE) and pixels <= LARGE
        stands = image.format != "WEBP" or turn_of(image) == UPRIGHT  # browsers do not turn it
        if small and stands and not always:
            return MediaFacts(width, height)
        if not fits(image, BOX):
            thumb = _large_webp(part, image)
        else:
            with _decoding if pixels > LARGE else nullcontext():
                thumb = _webp(file, image)
        return MediaFacts(width, height, thumb, stands=stands)


def _webp(file: BinaryIO | PartialFile, image: Image.Image) -> bytes:
    """The image as WebP of at most BOX pixels; b"" where it cannot be decoded."""
    try:
        return _saved(reduced(file, image, BOX))
    except Exception:  # only its header is readable
        return b""


def _large_webp(part: PartialFile, image: Image.Image) -> bytes:
    """The thumbnail of a WebP, which ffmpeg decodes in less memory; b"" for other formats."""
    lossy = image.format == "WEBP" and part.head[12:16] == b"VP8 "
    pixels = image.width * image.height
    if image.format != "WEBP" or pixels > (MAX_LOSSY if lossy else MAX_LOSSLESS):
        return b""
    width, height = target(image.size, BOX)
    output = ["-vf", f"scale={width}:{height}", *ONE_PNG]
    frame = _run("ffmpeg", ["-nostdin", "-threads", "1"], part, output)
    try:
        with Image.open(io.BytesIO(frame), formats=["PNG"]) as small:
            profile = image.info.get("icc_profile")
            return _saved(as_seen(in_8_bits(small), profile, turn_of(image)))
    except Exception:  # there is no ffmpeg, or the file is broken
        return b""


def _saved(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", quality=80, method=0, icc_profile=b"", exif=b"", xmp=b"")
    return out.getvalue()


def _first_frame(part: PartialFile) -> bytes:
    """The first frame of a video as PNG; b"" where ffmpeg is missing or finds none."""
    output = ["-an", "-sn", "-dn", *ONE_PNG]
    limits = ["-nostdin", "-threads", "1", "-max_pixels", str(MAX_FRAME)]
    return _run("ffmpeg", limits, part, output)


def _tracks(part: PartialFile) -> Tracks:
    """Codecs, frame rate and length by ffprobe; what it does not tell, by the container."""
    entries = "format=duration:stream=codec_type,codec_name,avg_frame_rate"
    output = ["-show_entries", f"{entries}:stream_disposition=attached_pic", "-of", "json"]
    return read_probe(_run("ffprobe", [], part, output)).over(part.tracks)


def _run(name: str, limits: list[str], part: PartialFile, output: list[str]) -> bytes:
    """The output of ffmpeg or ffprobe for a file; b"" where it is missing or fails.

    It reads the container format that was sniffed and may open nothing but the
    file, so that a disguised playlist cannot make it read anything else.
    """
    program = shutil.which(name)
    if program is None:
        return b""
    command = [program, "-v", "error", "-max_alloc", "300000000", *limits]
    command += ["-protocol_whitelist", "file,pipe", "-f", (DEMUXERS | IMAGES)[part.content_type]]
    command += ["-i", f"file:{part.temporary_file_path()}", *output]
    try:
        with _decoding:
            # The program, its options and the file's random name all come from here.
            done = subprocess.run(  # noqa: S603
                command, capture_output=True, timeout=FFMPEG_TIMEOUT, env={}
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("%s could not read a file: %s", name, type(error).__name__)
        return b""
    return done.stdout if done.returncode == 0 else b""
