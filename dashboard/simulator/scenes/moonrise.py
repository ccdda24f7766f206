"""The open sea under a moon, in oil."""

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw

from dashboard.simulator.scenes.brush import (
    Color,
    Pass,
    Size,
    Stops,
    band,
    canvas_weave,
    clouds,
    disc,
    gradient,
    mix,
    paint,
    shine,
    tint,
)


@dataclass(frozen=True, slots=True)
class Mood:
    sky: Stops
    sea: Stops
    cloud: Color
    moon: Color
    foam: Color


MOODS = {
    "silver": Mood(
        sky=((0.0, (12, 20, 40)), (0.35, (38, 58, 88)), (0.56, (108, 134, 152))),
        sea=((0.0, (92, 116, 136)), (0.3, (34, 56, 82)), (1.0, (6, 14, 28))),
        cloud=(150, 168, 184),
        moon=(244, 246, 236),
        foam=(190, 206, 214),
    ),
    "harvest": Mood(
        sky=((0.0, (32, 22, 48)), (0.35, (92, 48, 74)), (0.56, (214, 118, 84))),
        sea=((0.0, (176, 96, 82)), (0.3, (84, 44, 66)), (1.0, (22, 14, 32))),
        cloud=(236, 146, 112),
        moon=(255, 214, 150),
        foam=(250, 190, 150),
    ),
    "emerald": Mood(
        sky=((0.0, (6, 26, 34)), (0.35, (18, 68, 74)), (0.56, (94, 160, 142))),
        sea=((0.0, (72, 136, 124)), (0.3, (18, 74, 78)), (1.0, (2, 22, 28))),
        cloud=(140, 190, 168),
        moon=(240, 250, 222),
        foam=(196, 230, 212),
    ),
}
HORIZON = 0.56


def draw(size: Size, rng: Random, mood_name: str) -> Image.Image:
    mood = MOODS[mood_name]
    width, height = size
    moon = (rng.uniform(0.3, 0.7) * width, rng.uniform(0.2, 0.34) * height)
    image = _sky(size, rng, mood, moon)
    _sea(image, rng, mood, moon[0])
    image = _oil(image, rng, (moon[0] / width, moon[1] / height))
    tint(image, mood.moon, disc(size, moon, min(size) * 0.062, 0.16), 0.96)
    image = shine(image, moon, min(size) * 0.2, mix((0, 0, 0), mood.moon, 0.6), 2.4)
    _seas_of_the_moon(image, rng, mood, moon)
    return canvas_weave(image, rng)


def _sky(size: Size, rng: Random, mood: Mood, moon: tuple[float, float]) -> Image.Image:
    image = gradient(size, mood.sky)
    cover = clouds(rng, (size[0] // 2, size[1]), 4).resize(size, Image.Resampling.BILINEAR)
    tint(image, mix(mood.cloud, mood.sky[1][1], 0.35), band(cover, 105, 225), 0.75)
    tint(image, mood.sky[0][1], band(ImageChops.invert(cover), 130, 255), 0.65)
    lit = ImageChops.multiply(band(cover, 90, 200), disc(size, moon, max(size) * 0.3, 1.6))
    tint(image, mix(mood.cloud, mood.moon, 0.6), lit, 0.9)
    return shine(image, moon, max(size) * 0.42, mix((0, 0, 0), mood.moon, 0.55), 3.0)


def _sea(image: Image.Image, rng: Random, mood: Mood, moon_x: float) -> None:
    width, height = image.size
    level = round(height * HORIZON)
    water = gradient((width, height - level), mood.sea)
    pen = ImageDraw.Draw(water)
    for n in range(1500):
        near = (n / 1500) ** 0.7
        y = near * water.height
        x = rng.random() * width
        away = abs(x - moon_x) / width
        glitter = math.exp(-((away / (0.05 + 0.2 * near)) ** 2))
        reach = (0.006 + 0.045 * near) * width * rng.uniform(0.4, 1.2)
        crest = mix(mood.sea[1][1], mood.sea[0][1], rng.random())
        if rng.random() < glitter:
            crest = mix(mood.foam, mood.moon, rng.random())
        elif rng.random() < 0.5:
            crest = mix(mood.sea[1][1], mood.sea[2][1], rng.random())
        bow = reach * rng.uniform(-0.06, 0.06)
        wave = [
            (x - reach, y),
            (x - reach * 0.3, y - bow),
            (x + reach * 0.3, y - bow),
            (x + reach, y),
        ]
        pen.line(wave, crest, 1 + round(near * 6 * height / 832))
    image.paste(water, (0, level))


def _oil(image: Image.Image, rng: Random, moon: tuple[float, float]) -> Image.Image:
    def direction(x: float, y: float) -> float:
        if y > HORIZON - 0.015:
            return 0.12 * math.sin(x * 9 + y * 22)
        ring = math.atan2(y - moon[1], x - moon[0]) + math.pi / 2
        return ring if y < HORIZON - 0.12 else 0.05

    unit = max(image.size) / 1216
    passes = (
        Pass(2400, 20 * unit, round(10 * unit), (0.0, 0.0, 1.0, HORIZON), wander=0.6),
        Pass(2600, 12 * unit, round(6 * unit), (0.0, 0.0, 1.0, HORIZON), wander=0.8),
        Pass(2600, 13 * unit, round(6 * unit), (0.0, HORIZON, 1.0, 1.0), wander=0.3),
        Pass(1800, 9 * unit, round(4 * unit), (0.0, HORIZON, 1.0, 1.0), wander=0.35, lively=20),
    )
    return paint(image, rng, passes, direction)


def _seas_of_the_moon(
    image: Image.Image, rng: Random, mood: Mood, moon: tuple[float, float]
) -> None:
    radius = min(image.size) * 0.052
    spots = Image.new("L", image.size)
    pen = ImageDraw.Draw(spots)
    for _ in range(9):
        way, far = rng.random() * math.tau, radius * rng.random() * 0.75
        x, y, r = (
            moon[0] + math.cos(way) * far,
            moon[1] + math.sin(way) * far,
            radius * rng.uniform(0.12, 0.4),
        )
        pen.ellipse((x - r, y - r * 0.8, x + r, y + r * 0.8), 72)
    soft = (
        spots.crop(_around(moon, radius * 2))
        .resize((32, 32), Image.Resampling.BILINEAR)
        .resize((round(radius * 4), round(radius * 4)), Image.Resampling.BICUBIC)
    )
    image.paste(mix(mood.moon, mood.cloud, 0.7), _around(moon, radius * 2)[:2], soft)


def _around(at: tuple[float, float], reach: float) -> tuple[int, int, int, int]:
    left, top, side = round(at[0] - reach), round(at[1] - reach), round(reach * 2)
    return (left, top, left + side, top + side)
