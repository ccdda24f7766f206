"""Decodes an image of any size to a small one, within a bound of memory."""

from typing import BinaryIO

from PIL import Image

from dashboard.domain.media.strip_metadata.orientation import is_sideways, orientation
from dashboard.services.files import png_strips
from dashboard.services.files.colours import in_8_bits, in_srgb
from dashboard.services.files.file_store import PartialFile

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP")
MAX_DECODED = 450_000_000  # bytes of decoded pixels at a time
MAX_PIXELS = 16_384 * 16_384
LARGE = 8_000_000  # pixels: larger images are decoded one at a time, and a PNG in strips
BYTES_A_PIXEL = {"WEBP": 17, "AVIF": 10}  # measured; of all others the image and one copy
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

# The limits here replace Pillow's, which raises before the size can be read.
Image.MAX_IMAGE_PIXELS = None


def turn_of(image: Image.Image) -> int:
    """The orientation in the EXIF before the pixels, as a browser reads it."""
    return orientation(image.info.get("exif") or b"")


def shown_size(image: Image.Image) -> tuple[int, int]:
    """Width and height as shown."""
    width, height = image.size
    return (height, width) if is_sideways(turn_of(image)) else (width, height)


def decoded_bytes(image: Image.Image, box: int) -> int:
    """About how many bytes of pixels are in memory at a time while it is reduced."""
    width, height = image.size
    pixels = width * height
    if _in_strips(image):
        return 32 * png_strips.strip_pixels(width, height, _factor(image, box))
    if image.format == "JPEG":
        kept = 2 * len(image.getbands()) * pixels if image.info.get("progressive") else 0
        return kept + 8 * pixels // _draft_scale(image, box) ** 2
    return BYTES_A_PIXEL.get(image.format or "", 8) * pixels


def fits(image: Image.Image, box: int) -> bool:
    """Whether `reduced` decodes it."""
    width, height = image.size
    return width * height <= MAX_PIXELS and decoded_bytes(image, box) <= MAX_DECODED


def reduced(file: BinaryIO | PartialFile, image: Image.Image, box: int) -> Image.Image:
    """The image upright and in sRGB, its longer side at most `box` pixels.

    `image` is the opened `file`. Raises ValueError where it does not fit in memory or
    its numbers have no 8-bit form; a broken file can raise anything.
    """
    if not fits(image, box):
        raise ValueError("too large")
    final = target(shown_size(image), box)
    profile, turn = image.info.get("icc_profile"), turn_of(image)  # more may follow the pixels
    if _in_strips(image):
        small = png_strips.reduced(file, _factor(image, box))
    else:
        image.draft(None, target(image.size, 2 * box))
        small = in_8_bits(image)
        small.thumbnail((2 * box, 2 * box), reducing_gap=2.0)
    # Browsers scale after the conversion; at twice the size the difference is not seen.
    shown = as_seen(small, profile, turn)
    return shown.resize(final, Image.Resampling.BICUBIC)


def as_seen(small: Image.Image, profile: bytes | None, turn: int) -> Image.Image:
    """8-bit pixels with this profile and orientation, upright and in sRGB."""
    shown = in_srgb(small, profile)
    return shown.transpose(TURNS[turn]) if turn in TURNS else shown


def _in_strips(image: Image.Image) -> bool:
    large = image.width * image.height > LARGE
    return image.format == "PNG" and large and not image.info.get("interlace")


def _draft_scale(image: Image.Image, box: int) -> int:
    """By how much a JPEG is scaled down while it is decoded."""
    return next((scale for scale in (8, 4, 2) if max(image.size) >= 2 * scale * box), 1)


def _factor(image: Image.Image, box: int) -> int:
    return max(1, max(image.size) // (2 * box))


def target(size: tuple[int, int], box: int) -> tuple[int, int]:
    """The size whose longer side is at most `box`."""
    scale = min(1, box / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))
