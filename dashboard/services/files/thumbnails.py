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

from PIL import Image, ImageOps

from dashboard.domain.media.stored_files import MAX_PIXELS
from dashboard.domain.media.tracks import Tracks, read_probe
from dashboard.services.files.file_store import PartialFile

log = logging.getLogger(__name__)
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")
BOX = 800  # pixels of the longer side
SMALL_FILE = 60_000  # bytes: a smaller file is its own thumbnail
LONGEST_SIDE = 1_000_000  # pixels
MAX_DECODED = 50_000_000  # pixels: decoded, up to 200 MB
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
DEMUXERS = VIDEOS | SOUNDS
LARGE = 8_000_000  # pixels: larger images are decoded one at a time
FFMPEG_TIMEOUT = 20.0  # seconds

# The limits here replace Pillow's, which raises before the size can be read.
Image.MAX_IMAGE_PIXELS = None

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


def inspect_media(part: PartialFile, *, always: bool) -> MediaFacts:
    """Measures an image, video or sound and makes its thumbnail; a broken file yields none.

    A small or animated file gets no thumbnail unless `always`; an image of more than
    MAX_DECODED pixels is never decoded. Videos and sounds are measured by ffmpeg; without
    it, what their container says is all that is known.
    """
    kind = part.content_type
    try:
        if kind.startswith("image/"):
            part.seek(0)
            return _image(_recognized(part), always=always, small=part.length <= SMALL_FILE)
        if kind not in DEMUXERS:
            return MediaFacts()
        part.flush()
        frame = _first_frame(part) if kind in VIDEOS else b""
        poster = _image(io.BytesIO(frame), always=True, small=False) if frame else MediaFacts()
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


def _image(file: BinaryIO | PartialFile, *, always: bool, small: bool) -> MediaFacts:
    with Image.open(file, formats=FORMATS) as image:
        width, height = image.size
        if max(width, height) > LONGEST_SIDE:  # the header is wrong
            return MediaFacts()
        if width * height > MAX_PIXELS:
            return MediaFacts(width, height)
        if _is_rotated(image):
            width, height = height, width
        animated = getattr(image, "is_animated", False)
        if width * height > MAX_DECODED or ((animated or small) and not always):
            return MediaFacts(width, height)
        with _decoding if width * height > LARGE else nullcontext():
            return MediaFacts(width, height, _webp(image))


def _is_rotated(image: Image.Image) -> bool:
    # For a PNG without it, Pillow would decode all pixels to search for EXIF after them.
    has_exif = image.format != "PNG" or "exif" in image.info
    return has_exif and bool(image.getexif().get(0x0112, 1) >= 5)


def _webp(image: Image.Image) -> bytes:
    """The image as WebP of at most BOX pixels; b"" where its colours have no 8-bit form."""
    try:
        image.draft("RGB", (BOX, BOX))
        if image.mode.startswith(("I", "F")):
            return b""
        plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
        plain.thumbnail((BOX, BOX), reducing_gap=2.0)
        out = io.BytesIO()
        profile = image.info.get("icc_profile")
        upright = ImageOps.exif_transpose(plain)
        upright.save(out, "WEBP", quality=80, method=0, icc_profile=profile, exif=b"")
    except Exception:  # only its header is readable
        return b""
    return out.getvalue()


def _first_frame(part: PartialFile) -> bytes:
    """The first frame of a video as PNG; b"" where ffmpeg is missing or finds none."""
    output = ["-an", "-sn", "-dn", "-frames:v", "1", "-c:v", "png", "-f", "image2pipe", "pipe:1"]
    limits = ["-nostdin", "-threads", "1", "-max_pixels", str(MAX_DECODED)]
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
    command += ["-protocol_whitelist", "file,pipe", "-f", DEMUXERS[part.content_type]]
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
