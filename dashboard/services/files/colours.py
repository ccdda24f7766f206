"""Decoded images in sRGB, whatever their mode and colour profile."""

import io

from PIL import Image, ImageCms

SPACES = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK"}
DEEP = ("I;16", "I;16L", "I;16B")


def in_8_bits(image: Image.Image) -> Image.Image:
    """The image in L, LA, RGB, RGBA or CMYK, still in its own colours.

    Raises ValueError for numbers that have no 8-bit form.
    """
    if image.mode in DEEP:
        high = image.tobytes()[0 if image.mode == "I;16B" else 1 :: 2]
        return Image.frombytes("L", image.size, high)
    if image.mode.startswith(("I", "F")):
        raise ValueError(f"{image.mode} has no 8-bit form")
    if image.mode == "CMYK":
        return image
    if image.has_transparency_data:
        return image.convert("LA" if image.mode in ("1", "L", "LA") else "RGBA")
    return image.convert("L" if image.mode in ("1", "L") else "RGB")


def in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """An 8-bit image as RGB or RGBA in sRGB; a profile that is broken or unfit is ignored."""
    alpha = image.getchannel("A") if "A" in image.getbands() else None
    base = image.convert(image.mode.removesuffix("A")) if alpha else image
    shown = _converted(base, profile) if profile else None
    shown = shown or base.convert("RGB")
    if alpha:
        shown.putalpha(alpha)
    return shown


def _converted(base: Image.Image, profile: bytes) -> Image.Image | None:
    try:
        opened = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = SPACES[opened.profile.xcolor_space.strip()]
        if (base.mode, mode) == ("L", "RGB"):
            base = base.convert("RGB")
        if base.mode != mode:
            return None
        srgb = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(base, opened, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, KeyError, OSError, TypeError, ValueError):
        return None
