"""Small pictures of images and films, which pages load in place of the whole files."""

import io
import logging
import shutil
import subprocess
import threading
from contextlib import nullcontext
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageOps

from dashboard.domain.keeping import MOST_PIXELS
from dashboard.services.shelf import Part

log = logging.getLogger(__name__)
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")
BOX = 800  # pixels of the longer side
SMALL_FILE = 60_000  # bytes: what is not larger is its own small picture
MOST_DECODED = 50_000_000  # pixels: decoded, up to 200 MB
DEMUXERS = {"video/mp4": "mov", "video/quicktime": "mov", "video/webm": "matroska"}
LARGE = 8_000_000  # pixels: one at a time of these
FFMPEG_SECONDS = 20.0

# The limits are our own: Pillow's raises before the size could be read.
Image.MAX_IMAGE_PIXELS = None

_one_at_a_time = threading.Lock()  # decoded pictures are what takes the memory


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of a file: its pixels, upright, and a WebP of it where one helps."""

    width: int | None = None
    height: int | None = None
    thumb: bytes = b""


def look(part: Part, *, always: bool) -> Look:
    """Measures an image or film and draws its small picture; never raises for what the file holds.

    A file that is small or moves gets none unless `always`; a picture of more than
    MOST_DECODED pixels is never decoded. Films need ffmpeg, and have no pixels without it.
    """
    kind = part.content_type
    try:
        if kind.startswith("image/"):
            part.seek(0)
            return _image(part, always=always, small=part.length <= SMALL_FILE)
        frame = _first_frame(part) if kind in DEMUXERS else b""
        return _image(io.BytesIO(frame), always=True, small=False) if frame else Look()
    except Exception:  # whatever a broken file makes Pillow raise
        return Look()


def _image(file: BinaryIO | Part, *, always: bool, small: bool) -> Look:
    with Image.open(file, formats=FORMATS) as image:
        width, height = image.size
        if width * height > MOST_PIXELS:
            return Look(width, height)
        if _lies_on_its_side(image):
            width, height = height, width
        moves = getattr(image, "is_animated", False)
        if width * height > MOST_DECODED or ((moves or small) and not always):
            return Look(width, height)
        with _one_at_a_time if width * height > LARGE else nullcontext():
            return Look(width, height, _drawn(image))


def _lies_on_its_side(image: Image.Image) -> bool:
    # Pillow decodes a whole PNG to look for notes behind its pixels.
    told = image.format != "PNG" or "exif" in image.info
    return told and bool(image.getexif().get(0x0112, 1) >= 5)


def _drawn(image: Image.Image) -> bytes:
    """The picture as WebP within BOX; empty where its colours have no 8-bit form."""
    try:
        image.draft("RGB", (BOX, BOX))
        if image.mode.startswith(("I", "F")):
            return b""
        plain = image.convert("RGBA" if image.has_transparency_data else "RGB")
        plain.thumbnail((BOX, BOX), reducing_gap=2.0)
        out = io.BytesIO()
        profile = image.info.get("icc_profile")
        turned = ImageOps.exif_transpose(plain)
        turned.save(out, "WEBP", quality=80, method=0, icc_profile=profile, exif=b"")
    except Exception:  # its header is readable, the rest is not
        return b""
    return out.getvalue()


def _first_frame(part: Part) -> bytes:
    """The first frame of a film as PNG; empty where ffmpeg is missing or finds none.

    The container is the one that was sniffed and nothing but the file may be
    opened, so that no playlist in disguise makes ffmpeg read something else.
    """
    program = shutil.which("ffmpeg")
    if program is None:
        return b""
    part.flush()
    asked = [program, "-nostdin", "-v", "error", "-threads", "1", "-max_alloc", "300000000"]
    asked += ["-protocol_whitelist", "file,pipe", "-f", DEMUXERS[part.content_type]]
    asked += ["-max_pixels", str(MOST_DECODED), "-i", f"file:{part.temporary_file_path()}"]
    asked += ["-an", "-sn", "-dn", "-frames:v", "1", "-c:v", "png", "-f", "image2pipe", "pipe:1"]
    try:
        with _one_at_a_time:
            # The program and its options are ours; the file's name is a random one of ours.
            done = subprocess.run(  # noqa: S603
                asked, capture_output=True, timeout=FFMPEG_SECONDS, env={}
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        log.warning("ffmpeg drew no picture of a film: %s", type(error).__name__)
        return b""
    return done.stdout if done.returncode == 0 else b""
