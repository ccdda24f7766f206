"""The demo's pictures: 24 committed files, varied a little for each run and name."""

import io
import re
from functools import cache
from pathlib import Path
from random import Random
from threading import Lock
from typing import TYPE_CHECKING

from cachetools import LRUCache, cached

from dashboard.simulator.seeded_random import seeded_random

if TYPE_CHECKING:
    # Pillow is slow to import: it is loaded with the first picture.
    from PIL import Image

FOLDER = Path(__file__).parent / "media" / "pictures"
FORMATS = ("png", "jpg", "jpeg", "webp", "gif")
PORTRAITS = "people"  # the folder of square portraits
PORTRAIT = (256, 256)
FRAME = (1024, 576)
FRAMES = 400  # in one move across a picture
WINDOW = 0.7  # a frame's share of the picture's width
# Scenes for names that have none: these stay small as PNG.
PLAIN = ("mountains", "skyline")
_NAME = re.compile(r"^([a-z]+)_([a-z]+)_(frame_)?")

Box = tuple[float, float, float, float]


def picture(run_id: str, name: str, extension: str) -> bytes:
    """The picture of this name in the extension's format; the same bytes each time."""
    found = _NAME.match(name)
    look = f"{found[1]}_{found[2]}" if found else ""
    if found and found[3]:
        return _encoded(_frame(run_id, look, name), extension)
    if run_id == PORTRAITS:
        return _encoded(_portrait(look, name), extension)
    return _encoded(_variant(run_id, look, name), extension)


def find(look: str, rng: Random) -> Path:
    """A file of this look ("lighthouse_dusk"), else of its scene, else one of `PLAIN`."""
    scene, paths = look.partition("_")[0], _paths()
    exact = [path for path in paths if path.stem.startswith(f"{look}_")]
    same_scene = [path for path in paths if path.stem.startswith(f"{scene}_")]
    plain = [path for path in paths if path.stem.startswith(PLAIN)]
    return rng.choice(exact or same_scene or plain)


@cache
def _paths() -> tuple[Path, ...]:
    return tuple(sorted(FOLDER.glob("*.webp")))


def _variant(run_id: str, look: str, name: str) -> "Image.Image":
    """A crop of the look's picture, enlarged to the full size, with random light."""
    # All pictures of one look in one run show the same subject.
    image = _opened(find(look, seeded_random("picture", run_id, look or name)))
    rng = seeded_random("variant", run_id, name)
    width, height = image.size
    share = rng.uniform(0.9, 0.99)
    left, top = rng.random() * (1 - share) * width, rng.random() * (1 - share) * height
    box = (left, top, left + share * width, top + share * height)
    return _lit(_cut(image, box, image.size), rng)


def _portrait(look: str, name: str) -> "Image.Image":
    """The middle of the look's picture as a small square, with random light."""
    image = _opened(find(look, seeded_random("portrait", name)))
    side = min(image.size)
    left, top = (image.width - side) / 2, (image.height - side) / 3
    square = _cut(image, (left, top, left + side, top + side), PORTRAIT)
    return _lit(square, seeded_random("portrait light", name))


def _frame(run_id: str, look: str, name: str) -> "Image.Image":
    """One frame of a slow move across the run's picture."""
    image = _whole(run_id, look)
    number = int(re.sub(r"\D", "", name) or 0) % FRAMES
    wide = WINDOW * image.width
    high = wide * FRAME[1] / FRAME[0]
    left, top = (image.width - wide) * number / FRAMES, (image.height - high) / 2
    return _cut(image, (left, top, left + wide, top + high), FRAME)


@cached(LRUCache(2), lock=Lock())
def _whole(run_id: str, look: str) -> "Image.Image":
    rng = seeded_random("panorama", run_id)
    return _lit(_opened(find(look, rng)), rng)


def _opened(path: Path) -> "Image.Image":
    from PIL import Image

    with Image.open(path) as image:
        return image.convert("RGB")


def _cut(image: "Image.Image", box: Box, size: tuple[int, int]) -> "Image.Image":
    from PIL import Image

    return image.resize(size, Image.Resampling.BILINEAR, box)


def _lit(image: "Image.Image", rng: Random) -> "Image.Image":
    """The image with random light and warmth, in half of the cases mirrored."""
    from PIL import Image

    light, warmth = rng.uniform(0.92, 1.05), rng.uniform(-0.03, 0.03)
    scales = (light * (1 + warmth), light, light * (1 - warmth))
    levels = [min(255, round(level * scale)) for scale in scales for level in range(256)]
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return image.point(levels)


def _encoded(image: "Image.Image", extension: str) -> bytes:
    out = io.BytesIO()
    if extension in ("jpg", "jpeg"):
        image.save(out, "JPEG", quality=91)
    elif extension == "webp":
        image.save(out, "WEBP", quality=90, method=1)
    elif extension == "gif":
        image.quantize(128).save(out, "GIF")
    else:
        image.save(out, "PNG", compress_level=1)
    return out.getvalue()
