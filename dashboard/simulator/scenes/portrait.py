"""A head in profile between two lights, in oil."""

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageFilter

from dashboard.simulator.scenes.brush import (
    Color,
    Pass,
    Point,
    Size,
    band,
    canvas_weave,
    clouds,
    gradient,
    mix,
    paint,
    shape,
    shine,
    tint,
)


@dataclass(frozen=True, slots=True)
class Mood:
    ground: tuple[Color, Color]
    skin: tuple[Color, Color]  # in the light, in the shade
    hair: Color
    cloth: Color
    key: Color  # the light on the face
    rim: Color  # the light from behind


MOODS = {
    "teal": Mood(
        ((24, 56, 64), (8, 22, 30)),
        ((236, 164, 118), (70, 42, 52)),
        (26, 18, 24),
        (30, 62, 70),
        (255, 176, 108),
        (80, 196, 204),
    ),
    "plum": Mood(
        ((70, 38, 74), (22, 14, 34)),
        ((232, 160, 132), (76, 40, 66)),
        (36, 18, 32),
        (92, 40, 66),
        (255, 190, 140),
        (176, 120, 232),
    ),
    "ember": Mood(
        ((88, 40, 28), (24, 12, 14)),
        ((240, 170, 112), (82, 38, 34)),
        (30, 16, 14),
        (66, 48, 44),
        (255, 206, 130),
        (250, 104, 62),
    ),
}


def points(text: str) -> tuple[Point, ...]:
    pairs = (pair.split(",") for pair in text.split())
    return tuple((float(x), float(y)) for x, y in pairs)


# The profile, looking left: shares of the head's height, from the forehead to the throat.
FACE = points(
    "-0.06,-0.5 -0.2,-0.47 -0.3,-0.38 -0.345,-0.24 -0.35,-0.14 -0.335,-0.085 "
    "-0.35,-0.04 -0.385,0.03 -0.425,0.1 -0.43,0.128 -0.395,0.148 -0.36,0.16 "
    "-0.375,0.2 -0.388,0.228 -0.36,0.248 -0.38,0.272 -0.37,0.302 -0.34,0.322 "
    "-0.352,0.366 -0.34,0.41 -0.295,0.446 -0.22,0.452 -0.14,0.43 -0.1,0.46 "
    "-0.095,0.6 -0.13,0.74 "
)
BACK = points(
    "0.27,0.78 0.235,0.58 0.24,0.4 0.3,0.26 0.36,0.06 0.37,-0.14 0.32,-0.32 0.22,-0.44 0.08,-0.5 "
)


def draw(size: Size, rng: Random, mood_name: str) -> Image.Image:
    mood = MOODS[mood_name]
    width, height = size
    tall = min(height * 0.56, width * 0.72)
    middle = (width * rng.uniform(0.5, 0.56), height * 0.43)
    turn = rng.choice((1, -1))
    image = _ground(size, rng, mood, middle)
    _head(image, rng, mood, middle, tall)
    _bust(image, mood, middle, tall)
    if turn < 0:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        middle = (width - middle[0], middle[1])
    return canvas_weave(_oil(image, rng, middle, tall), rng)


def _ground(size: Size, rng: Random, mood: Mood, middle: Point) -> Image.Image:
    image = gradient(size, ((0.0, mood.ground[0]), (1.0, mood.ground[1])))
    cover = clouds(rng, size, 3, 4)
    tint(image, mix(mood.ground[0], mood.rim, 0.35), band(cover, 120, 255), 0.5)
    tint(image, mood.ground[1], band(ImageChops.invert(cover), 110, 255), 0.7)
    back = (middle[0] + size[0] * 0.16, middle[1] - size[1] * 0.02)
    return shine(image, back, max(size) * 0.42, mix((0, 0, 0), mood.rim, 0.42), 2.2)


def _place(points: tuple[Point, ...], middle: Point, tall: float) -> list[Point]:
    return [(middle[0] + x * tall, middle[1] + y * tall) for x, y in _smooth(points)]


def _smooth(points: tuple[Point, ...]) -> list[Point]:
    """The points with curves between them (Catmull and Rom)."""
    line: list[Point] = []
    padded = (points[0], *points, points[-1])
    for a, b, c, d in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        for n in range(6):
            t = n / 6
            line.append((_curve(a[0], b[0], c[0], d[0], t), _curve(a[1], b[1], c[1], d[1], t)))
    return [*line, points[-1]]


def _curve(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )


def _bust(image: Image.Image, mood: Mood, middle: Point, tall: float) -> None:
    outline = _place(
        points(
            "-0.14,0.68 -0.24,0.76 -0.5,0.88 -0.74,1.08 -0.84,1.6 0.95,1.6 0.86,1.04 "
            "0.58,0.8 0.33,0.66 0.25,0.6 0.1,0.68 "
        ),
        middle,
        tall,
    )
    cloth = gradient(
        image.size,
        (
            (0.0, mix(mood.cloth, mood.key, 0.3)),
            (0.45, mood.cloth),
            (0.62, mix(mood.cloth, (0, 0, 0), 0.5)),
            (1.0, mix(mood.cloth, mood.rim, 0.5)),
        ),
        across=True,
    )
    image.paste(cloth, (0, 0), shape(image.size, outline, soft=1.5))


def _head(image: Image.Image, rng: Random, mood: Mood, middle: Point, tall: float) -> None:
    skin = shape(image.size, [*_place(FACE, middle, tall), *_place(BACK, middle, tall)], soft=1.0)
    left, right = (middle[0] - 0.43 * tall) / image.width, (middle[0] + 0.3 * tall) / image.width
    light, shade = mood.skin
    across = right - left
    flesh = gradient(
        image.size,
        (
            (max(0.0, left), mix(light, mood.key, 0.5)),
            (left + across * 0.28, light),
            (left + across * 0.55, mix(light, shade, 0.7)),
            (min(1.0, right), shade),
        ),
        across=True,
    )
    _features(flesh, mood, middle, tall)
    edge = ImageChops.subtract(
        skin, ImageChops.offset(skin, -round(tall * 0.02), round(tall * 0.006))
    )
    tint(flesh, mood.rim, edge.filter(ImageFilter.GaussianBlur(tall * 0.006)), 0.9)
    image.paste(flesh, (0, 0), skin)
    _hair(image, rng, mood, middle, tall)


def _features(image: Image.Image, mood: Mood, middle: Point, tall: float) -> None:
    shade = mood.skin[1]
    for outline, strength, soft in (
        (points("-0.33,-0.1 -0.25,-0.125 -0.19,-0.085 -0.24,-0.1"), 0.85, 0.004),  # brow
        (points("-0.325,-0.03 -0.28,-0.052 -0.235,-0.02 -0.275,-0.012"), 0.9, 0.003),  # eye
        (points("-0.3,-0.06 -0.2,-0.06 -0.22,0.02 -0.31,0.0"), 0.34, 0.014),  # socket
        (points("-0.36,0.16 -0.31,0.13 -0.3,0.17"), 0.6, 0.006),  # nostril
        (points("-0.375,0.25 -0.3,0.245 -0.29,0.258"), 0.75, 0.004),  # between the lips
        (
            points("-0.25,0.02 -0.16,0.1 -0.2,0.3 -0.29,0.4 -0.1,0.42 -0.06,0.0"),
            0.3,
            0.05,
        ),  # cheek
        (points("-0.28,0.44 -0.08,0.4 -0.06,0.62 -0.13,0.74"), 0.75, 0.02),  # under the jaw
    ):
        tint(
            image,
            shade,
            shape(image.size, _place(outline, middle, tall), soft=tall * soft),
            strength,
        )
    lips = points("-0.378,0.235 -0.34,0.225 -0.3,0.248 -0.34,0.29 -0.37,0.29")
    tint(
        image,
        mix(mood.skin[0], (170, 40, 50), 0.6),
        shape(image.size, _place(lips, middle, tall), soft=tall * 0.006),
        0.6,
    )


def _hair(image: Image.Image, rng: Random, mood: Mood, middle: Point, tall: float) -> None:
    cap = _place(
        points(
            "-0.27,-0.42 -0.16,-0.56 0.06,-0.6 0.28,-0.53 0.41,-0.34 0.44,-0.1 0.39,0.14 "
            "0.29,0.3 0.2,0.34 0.16,0.18 0.1,0.06 0.04,-0.06 -0.02,-0.2 -0.14,-0.33 "
            "-0.24,-0.37 "
        ),
        middle,
        tall,
    )
    mask = ImageChops.lighter(shape(image.size, cap, soft=1.5), _bun(image.size, rng, middle, tall))
    sheen = clouds(rng, image.size, 16, 3)
    hair = Image.new("RGB", image.size, mood.hair)
    tint(hair, mix(mood.hair, mood.key, 0.4), band(sheen, 150, 255), 0.6)
    image.paste(hair, (0, 0), mask)
    edge = ImageChops.subtract(
        mask, ImageChops.offset(mask, -round(tall * 0.022), round(tall * 0.014))
    )
    tint(image, mood.rim, edge.filter(ImageFilter.GaussianBlur(tall * 0.007)), 0.85)
    ear = _place(points("0.0,0.0 0.045,-0.05 0.085,-0.01 0.06,0.09 0.015,0.1"), middle, tall)
    tint(image, mix(mood.skin[0], mood.skin[1], 0.45), shape(image.size, ear, soft=1.2), 0.95)


def _bun(size: Size, rng: Random, middle: Point, tall: float) -> Image.Image:
    at = (middle[0] + tall * 0.4, middle[1] - tall * rng.uniform(0.36, 0.5))
    turns = (math.tau * n / 40 for n in range(40))
    ring = [(at[0] + math.cos(a) * tall * 0.17, at[1] + math.sin(a) * tall * 0.155) for a in turns]
    return shape(size, ring, soft=1.5)


def _oil(image: Image.Image, rng: Random, middle: Point, tall: float) -> Image.Image:
    width, height = image.size
    x0, y0 = middle[0] / width, middle[1] / height
    near, down = 0.52 * tall / width, 0.64 * tall / height

    def direction(x: float, y: float) -> float:
        away = min(1.0, math.hypot((x - x0) / near, (y - y0) / down) ** 2)
        return math.atan2(y - y0, x - x0) + math.pi / 2 + 0.5 * away * math.sin(x * 7 - y * 5)

    unit = max(image.size) / 1216
    head = (x0 - near, max(0.0, y0 - down), x0 + near, min(1.0, y0 + down))
    face = (x0 - near, y0 - down * 0.5, x0 + near, y0 + down * 0.8)
    passes = (
        Pass(2200, 22 * unit, round(12 * unit), wander=1.0, lively=12),
        Pass(1500, 11 * unit, round(6 * unit), head, wander=0.5, lively=10),
        Pass(2600, 7 * unit, round(4 * unit), head, wander=0.4, lively=10),
        Pass(2400, 4 * unit, round(2 * unit), face, wander=0.4, lively=9),
    )
    return paint(image, rng, passes, direction)
