"""Layered mountains in mist."""

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops

from dashboard.simulator.scenes.brush import (
    Color,
    Size,
    Stops,
    band,
    below,
    clouds,
    disc,
    gradient,
    mix,
    ridge,
    shine,
    tint,
)


@dataclass(frozen=True, slots=True)
class Mood:
    sky: Stops
    mist: Color
    far: Color
    near: Color
    sun: Color
    sun_at: float


MOODS = {
    "dawn": Mood(
        sky=((0.0, (96, 130, 172)), (0.35, (190, 180, 184)), (0.6, (248, 214, 178))),
        mist=(250, 220, 186),
        far=(196, 168, 152),
        near=(14, 34, 46),
        sun=(255, 248, 226),
        sun_at=0.27,
    ),
    "teal": Mood(
        sky=((0.0, (38, 62, 92)), (0.4, (96, 138, 152)), (0.65, (176, 208, 200))),
        mist=(186, 218, 208),
        far=(120, 160, 156),
        near=(6, 28, 34),
        sun=(240, 250, 240),
        sun_at=0.22,
    ),
    "rose": Mood(
        sky=((0.0, (74, 70, 120)), (0.4, (186, 124, 148)), (0.65, (252, 190, 162))),
        mist=(252, 196, 176),
        far=(178, 122, 138),
        near=(30, 20, 44),
        sun=(255, 236, 206),
        sun_at=0.38,
    ),
    "forest": Mood(
        sky=((0.0, (150, 178, 180)), (0.5, (214, 222, 206)), (0.7, (240, 236, 214))),
        mist=(226, 232, 216),
        far=(150, 172, 156),
        near=(16, 38, 30),
        sun=(255, 252, 232),
        sun_at=0.2,
    ),
}
LAYERS = 8


def draw(size: Size, rng: Random, mood_name: str) -> Image.Image:
    mood = MOODS[mood_name]
    width, height = size
    sun = (rng.uniform(0.25, 0.78) * width, mood.sun_at * height)
    image = gradient(size, mood.sky)
    veil = clouds(rng, (max(2, size[0] // 4), size[1]), 4).resize(size, Image.Resampling.BILINEAR)
    tint(image, mood.mist, band(veil, 110, 255), 0.45)
    image = shine(image, sun, max(size) * 0.5, mood.sun, 2.6)
    tint(image, mood.sun, disc(size, sun, min(size) * 0.062, 0.25), 1.0)
    image = shine(image, sun, min(size) * 0.2, mood.sun, 2.0)
    for layer in range(LAYERS):
        _layer(image, rng, mood, layer / (LAYERS - 1))
    haze = gradient(
        size, ((0.0, (0, 0, 0)), (0.4, mix((0, 0, 0), mood.mist, 0.05)), (1.0, (0, 0, 0)))
    )
    return ImageChops.screen(image, haze)


def _layer(image: Image.Image, rng: Random, mood: Mood, depth: float) -> None:
    """One range of hills, darker and lower the nearer, with mist rising from its foot."""
    width, height = image.size
    level = height * (0.41 + 0.49 * depth**1.1)
    tall = height * (0.085 - 0.02 * depth)
    line = [level - tall * h for h in ridge(rng, 400, 0.53, round(6 - 2 * depth))]
    if depth > 0.55:
        line = [y - rng.random() ** 2 * height * 0.034 * (depth - 0.35) for y in line]
    mask = below(image.size, line)
    color = mix(mood.far, mood.near, depth**0.9)
    lit = mix(color, mood.mist, 0.28 * (1 - depth))
    top = max(0.0, min(line) / height)
    body = gradient(image.size, ((top, lit), (min(0.99, top + 0.1), color), (1.0, color)))
    body.paste(mood.mist, (0, 0), _mist(image.size, rng, level / height, depth))
    image.paste(body, (0, 0), mask)


def _mist(size: Size, rng: Random, level: float, depth: float) -> Image.Image:
    small = (size[0] // 4, size[1] // 4)
    amount = round(235 * (1 - depth) ** 0.6)
    full = (amount, amount, amount)
    start, end = min(0.97, level - 0.01), min(0.99, level + 0.17)
    rise = gradient(small, ((start, (0, 0, 0)), (end, full), (1.0, full))).convert("L")
    drift = clouds(rng, (small[0] // 3, small[1]), 3, 3).resize(small, Image.Resampling.BICUBIC)
    drift = drift.point([110 + n * 145 // 255 for n in range(256)])
    return ImageChops.multiply(rise, drift).resize(size, Image.Resampling.BILINEAR)
