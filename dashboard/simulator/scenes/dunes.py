"""Desert dunes in low light."""

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageFilter

from dashboard.simulator.scenes.brush import (
    Color,
    Size,
    Stops,
    band,
    below,
    clouds,
    disc,
    gradient,
    grain,
    mix,
    shape,
    shine,
    tint,
)


@dataclass(frozen=True, slots=True)
class Mood:
    sky: Stops
    light: Color
    sand: Color
    shade: Color
    sun: Color


MOODS = {
    "gold": Mood(
        sky=((0.0, (66, 104, 156)), (0.3, (168, 176, 186)), (0.52, (252, 212, 160))),
        light=(255, 206, 138),
        sand=(222, 142, 82),
        shade=(96, 46, 44),
        sun=(255, 244, 210),
    ),
    "rust": Mood(
        sky=((0.0, (86, 58, 92)), (0.3, (196, 104, 100)), (0.52, (255, 180, 116))),
        light=(255, 160, 96),
        sand=(192, 84, 54),
        shade=(62, 22, 42),
        sun=(255, 226, 168),
    ),
    "pale": Mood(
        sky=((0.0, (148, 186, 210)), (0.35, (214, 222, 220)), (0.52, (250, 236, 214))),
        light=(255, 242, 220),
        sand=(228, 202, 168),
        shade=(140, 112, 108),
        sun=(255, 252, 240),
    ),
}
LAYERS = 5


def draw(size: Size, rng: Random, mood_name: str) -> Image.Image:
    mood = MOODS[mood_name]
    width, height = size
    sun = (rng.uniform(0.62, 0.86) * width, rng.uniform(0.2, 0.3) * height)
    image = gradient(size, mood.sky)
    veil = clouds(rng, (width // 5, height), 3).resize(size, Image.Resampling.BILINEAR)
    tint(image, mood.sun, band(veil, 120, 255), 0.4)
    image = shine(image, sun, max(size) * 0.4, mix((0, 0, 0), mood.sun, 0.62), 2.6)
    tint(image, mood.sun, disc(size, sun, min(size) * 0.05, 0.2))
    for n in range(LAYERS):
        _dune(image, rng, mood, n / (LAYERS - 1))
    sand = grain(rng, size).filter(ImageFilter.GaussianBlur(0.6))
    fine = Image.merge("RGB", (sand, sand, sand))
    return Image.blend(image, ImageChops.soft_light(image, fine), 0.2)


def _dune(image: Image.Image, rng: Random, mood: Mood, depth: float) -> None:
    """One dune: a lit face towards the sun, and a shaded one left of its winding crest."""
    width, height = image.size
    level = 0.46 + 0.36 * depth
    tall = 0.05 + 0.1 * depth
    peak, wide = rng.uniform(0.2, 0.75), rng.uniform(0.28, 0.5)
    phase, waves = rng.uniform(0, 6), rng.uniform(2, 4)
    line = []
    for n in range(201):
        x = n / 200
        rise = math.exp(-(((x - peak) / wide) ** 2)) * 1.25
        line.append(height * (level - tall * (rise + 0.16 * math.sin(x * waves * 2 + phase))))
    mask = below(image.size, line)
    air = (1 - depth) * 0.5
    face = _face(image.size, rng, mood, depth, air, min(line) / height)
    crest = _crest(rng, (width, height), (peak * width, min(line)), wide * width, depth)
    shade = shape(image.size, crest, soft=1.0 + width * 0.0012 * depth)
    tint(face, mix(mood.shade, mood.sky[-1][1], air * 0.8), shade, 0.78)
    image.paste(face, (0, 0), mask)


def _face(size: Size, rng: Random, mood: Mood, depth: float, air: float, top: float) -> Image.Image:
    far = mood.sky[-1][1]
    face = gradient(
        size,
        (
            (top, mix(mood.light, far, air)),
            (min(0.98, top + 0.12 + 0.2 * depth), mix(mood.sand, far, air * 0.8)),
            (1.0, mix(mix(mood.sand, mood.shade, 0.45), far, air * 0.4)),
        ),
    )
    if depth > 0.3:
        ripples = _ripples(size, rng, 14 + 26 * (1 - depth))
        tint(face, mood.light, band(ripples, 140, 255), 0.3 * depth)
        tint(face, mood.shade, band(ImageChops.invert(ripples), 140, 255), 0.22 * depth)
    return face


def _ripples(size: Size, rng: Random, rows: float) -> Image.Image:
    """Lines that the wind draws into sand: long low noise, tilted."""
    half = (round(size[0] * 0.65), round(size[1] * 0.65))
    low = clouds(rng, (max(2, half[0] // 10), half[1]), rows, 2).resize(half)
    tilted = low.rotate(rng.uniform(-9, 9), Image.Resampling.BILINEAR)
    left, top = round(size[0] * 0.075), round(size[1] * 0.075)
    inner = tilted.crop((left, top, left + size[0] // 2, top + size[1] // 2))
    return inner.resize(size, Image.Resampling.BILINEAR)


def _crest(
    rng: Random, size: Size, top: tuple[float, float], wide: float, depth: float
) -> list[tuple[float, float]]:
    """The shaded side: from the peak down along an S to the foot, then back along the left."""
    width, height = size
    foot = height * (0.66 + 0.5 * depth)
    sway = wide * rng.uniform(0.24, 0.42) * rng.choice((-1, 1))
    lean = wide * rng.uniform(-0.1, 0.5)
    line = []
    for n in range(61):
        t = n / 60
        x = top[0] + lean * t + sway * math.sin(t * 4.4) * (0.25 + 0.75 * t)
        line.append((x, top[1] - 3 + (foot - top[1]) * t**1.25))
    return [
        (0.0, top[1] - height * 0.1),
        (top[0], top[1] - height * 0.1),
        *line,
        (0.0, height * 1.3),
    ]
