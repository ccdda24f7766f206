"""Terrazzo: stone chips in a polished ground."""

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from dashboard.simulator.scenes.brush import (
    Color,
    Point,
    Size,
    band,
    clouds,
    gradient,
    grain,
    mix,
    shine,
    tint,
)


@dataclass(frozen=True, slots=True)
class Mood:
    ground: Color
    chips: tuple[Color, ...]


MOODS = {
    "cream": Mood(
        (238, 230, 218),
        (
            (196, 98, 70),
            (226, 168, 122),
            (58, 86, 92),
            (152, 172, 160),
            (92, 70, 64),
            (250, 246, 238),
        ),
    ),
    "night": Mood(
        (40, 44, 56),
        (
            (232, 222, 204),
            (198, 120, 92),
            (96, 132, 150),
            (222, 178, 92),
            (20, 22, 30),
            (146, 150, 160),
        ),
    ),
    "sage": Mood(
        (186, 198, 180),
        (
            (248, 244, 232),
            (74, 100, 84),
            (214, 160, 130),
            (128, 150, 136),
            (44, 58, 56),
            (232, 206, 160),
        ),
    ),
    "blush": Mood(
        (236, 206, 196),
        (
            (176, 72, 74),
            (252, 240, 230),
            (120, 60, 66),
            (232, 158, 120),
            (92, 108, 128),
            (214, 176, 150),
        ),
    ),
}


def draw(size: Size, rng: Random, mood_name: str) -> Image.Image:
    mood = MOODS[mood_name]
    image = Image.new("RGB", size, mood.ground)
    tint(image, mix(mood.ground, (0, 0, 0), 0.25), band(clouds(rng, size, 6), 90, 255), 0.25)
    big = (size[0] * 2, size[1] * 2)
    chips, where = Image.new("RGB", big, mood.ground), Image.new("L", big)
    _lay(ImageDraw.Draw(chips), ImageDraw.Draw(where), rng, mood, big)
    chips, where = chips.reduce(2), where.reduce(2)
    veins = clouds(rng, size, 40, 3)
    tint(chips, (255, 255, 255), band(veins, 150, 255), 0.22)
    tint(chips, (0, 0, 0), band(ImageChops.invert(veins), 150, 255), 0.26)
    rim = ImageChops.offset(where, 2, 3).filter(ImageFilter.GaussianBlur(2))
    tint(image, mix(mood.ground, (0, 0, 0), 0.7), rim, 0.34)
    image.paste(chips, (0, 0), where)
    return _polish(image, rng)


def _lay(
    pen: ImageDraw.ImageDraw, mark: ImageDraw.ImageDraw, rng: Random, mood: Mood, size: Size
) -> None:
    """Large chips first, and smaller ones into the gaps that are left."""
    unit = min(size) / 2
    placed: dict[tuple[int, int], list[tuple[float, float, float]]] = {}
    cell = unit * 0.16
    for reach, tries in ((0.075, 420), (0.042, 900), (0.02, 1800), (0.009, 2600)):
        for _ in range(tries):
            radius = reach * unit * rng.uniform(0.7, 1.25)
            at = (rng.random() * size[0], rng.random() * size[1])
            if _is_free(placed, at, radius, cell):
                placed.setdefault((int(at[0] / cell), int(at[1] / cell)), []).append((*at, radius))
                outline = _chip(rng, at, radius)
                pen.polygon(
                    outline, mix(rng.choice(mood.chips), (128, 120, 116), rng.random() * 0.2)
                )
                mark.polygon(outline, 255)


def _is_free(
    placed: dict[tuple[int, int], list[tuple[float, float, float]]],
    at: Point,
    radius: float,
    cell: float,
) -> bool:
    column, row = int(at[0] / cell), int(at[1] / cell)
    for x in range(column - 1, column + 2):
        for y in range(row - 1, row + 2):
            for left, top, other in placed.get((x, y), ()):
                if math.hypot(left - at[0], top - at[1]) < (radius + other) * 0.98:
                    return False
    return True


def _chip(rng: Random, at: Point, radius: float) -> list[Point]:
    corners, turn = rng.randint(5, 8), rng.random() * math.tau
    long, way = rng.uniform(0.6, 1.0), rng.random() * math.tau
    outline = []
    for n in range(corners):
        angle = turn + math.tau * (n + rng.uniform(-0.28, 0.28)) / corners
        far = radius * rng.uniform(0.72, 1.05)
        x, y = math.cos(angle) * far, math.sin(angle) * far * long
        outline.append(
            (
                at[0] + x * math.cos(way) - y * math.sin(way),
                at[1] + x * math.sin(way) + y * math.cos(way),
            )
        )
    return outline


def _polish(image: Image.Image, rng: Random) -> Image.Image:
    """A window's soft light across the stone, and its fine grain."""
    width, height = image.size
    fall = gradient(
        image.size, ((0.0, (255, 255, 255)), (0.5, (240, 239, 238)), (1.0, (196, 192, 192))), True
    )
    image = ImageChops.multiply(image, fall)
    image = shine(
        image,
        (width * rng.uniform(0.1, 0.4), height * 0.2),
        max(width, height) * 0.5,
        (70, 66, 58),
        1.8,
    )
    dust = grain(rng, image.size).filter(ImageFilter.GaussianBlur(0.6))
    return Image.blend(
        image, ImageChops.soft_light(image, Image.merge("RGB", (dust, dust, dust))), 0.14
    )
