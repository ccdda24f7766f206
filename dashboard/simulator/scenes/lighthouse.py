"""A lighthouse on wet rock, in oil."""

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw

from dashboard.simulator.scenes import headland
from dashboard.simulator.scenes.brush import (
    Color,
    Pass,
    Size,
    Stops,
    band,
    below,
    canvas_weave,
    clouds,
    disc,
    gradient,
    mix,
    paint,
    ridge,
    shape,
    shine,
    tint,
)


@dataclass(frozen=True, slots=True)
class Mood:
    sky: Stops
    sea: Stops
    hills: Color
    rock: tuple[Color, Color]
    red: Color
    white: Color
    sun: Color
    lamp: Color
    cloud: Color
    dark: float  # how far the tower lies in shadow
    sun_at: float = 0.57


MOODS = {
    "dusk": Mood(
        sky=(
            (0.0, (58, 52, 98)),
            (0.3, (112, 78, 128)),
            (0.48, (201, 112, 110)),
            (0.58, (244, 160, 86)),
            (0.64, (252, 204, 120)),
        ),
        sea=((0.0, (226, 150, 96)), (0.3, (138, 92, 108)), (1.0, (48, 44, 74))),
        hills=(66, 48, 72),
        rock=((36, 28, 34), (126, 88, 74)),
        red=(160, 58, 44),
        white=(236, 214, 190),
        sun=(255, 206, 120),
        lamp=(255, 240, 190),
        cloud=(232, 134, 116),
        dark=0.34,
    ),
    "storm": Mood(
        sky=((0.0, (46, 58, 66)), (0.35, (86, 104, 106)), (0.64, (172, 184, 172))),
        sea=((0.0, (134, 150, 144)), (0.4, (78, 98, 100)), (1.0, (30, 42, 50))),
        hills=(58, 70, 74),
        rock=((22, 26, 30), (98, 98, 90)),
        red=(142, 52, 44),
        white=(212, 216, 206),
        sun=(206, 212, 190),
        lamp=(255, 244, 206),
        cloud=(206, 214, 208),
        dark=0.3,
    ),
    "morning": Mood(
        sky=(
            (0.0, (112, 160, 190)),
            (0.3, (178, 198, 206)),
            (0.5, (240, 212, 200)),
            (0.64, (255, 234, 196)),
        ),
        sea=((0.0, (240, 222, 192)), (0.35, (166, 184, 188)), (1.0, (88, 112, 128))),
        hills=(140, 132, 138),
        rock=((62, 50, 48), (182, 150, 122)),
        red=(178, 66, 50),
        white=(250, 240, 224),
        sun=(255, 244, 204),
        lamp=(255, 246, 220),
        cloud=(255, 240, 228),
        dark=0.16,
    ),
    "night": Mood(
        sky=((0.0, (10, 18, 44)), (0.4, (22, 42, 86)), (0.64, (50, 82, 126))),
        sea=((0.0, (44, 74, 112)), (0.4, (20, 38, 74)), (1.0, (8, 14, 34))),
        hills=(14, 24, 46),
        rock=((8, 12, 24), (58, 66, 88)),
        red=(108, 44, 46),
        white=(166, 176, 190),
        sun=(190, 210, 232),
        lamp=(255, 236, 178),
        cloud=(58, 88, 134),
        dark=0.4,
        sun_at=0.2,
    ),
}
HORIZON = 0.63


def draw(size: Size, rng: Random, mood_name: str) -> Image.Image:
    mood = MOODS[mood_name]
    width, height = size
    tower_x = rng.uniform(0.28, 0.62) * width
    sun = (rng.choice((0.14, 0.85)) * width, mood.sun_at * height)
    image = _sky(size, rng, mood, sun)
    _sea(image, rng, mood, sun[0])
    _hills(image, rng, mood)
    foot = height * rng.uniform(0.66, 0.72)
    top = height * rng.uniform(0.15, 0.21)
    land = headland.draw(image, rng, headland.Rock(*mood.rock, mood.sun), tower_x, foot)
    lamp = _tower(image, mood, tower_x, foot, top)
    unit = min(size)
    image = shine(image, lamp, unit * 0.3, mood.lamp, 3.6)
    if mood_name in {"night", "storm"}:
        image = _beam(image, rng, mood, lamp)
    image = _oil(image, rng, lamp, foot, land)
    image = shine(image, lamp, unit * 0.07, mood.lamp, 2.0)
    return canvas_weave(image, rng)


def _sky(size: Size, rng: Random, mood: Mood, sun: tuple[float, float]) -> Image.Image:
    image = gradient(size, mood.sky)
    low = mood.sun_at > 0.4
    image = shine(image, sun, max(size) * (0.55 if low else 0.2), mood.sun, 2.4)
    cover = clouds(rng, (size[0] // 3, size[1]), 4).resize(size, Image.Resampling.BILINEAR)
    tint(image, mood.cloud, band(cover, 120, 255), 0.6)
    tint(image, mood.sky[0][1], band(ImageChops.invert(cover), 150, 255), 0.5)
    image = shine(image, sun, max(size) * (0.3 if low else 0.09), mood.sun, 2.6)
    tint(image, mood.sun, disc(size, sun, min(size) * 0.05, 0.4), 0.9)
    return image


def _sea(image: Image.Image, rng: Random, mood: Mood, sun_x: float) -> None:
    width, height = image.size
    level = round(height * HORIZON)
    water = gradient((width, height - level), mood.sea)
    path = shape(
        water.size,
        [
            (sun_x - width * 0.03, 0),
            (sun_x + width * 0.03, 0),
            (sun_x + width * 0.16, water.height),
            (sun_x - width * 0.16, water.height),
        ],
        soft=width * 0.02,
    )
    tint(water, mood.sun, path, 0.62)
    pen = ImageDraw.Draw(water)
    for _ in range(260):
        y = rng.random() ** 1.5 * water.height
        x, reach = rng.random() * width, (0.01 + 0.05 * y / water.height) * width
        light = rng.random() < 0.5
        tone = mix(mood.sea[1][1], mood.sea[0][1] if light else mood.sea[2][1], 0.7)
        pen.line((x - reach, y, x + reach, y + rng.uniform(-2, 2)), tone, 2 + int(y / 60))
    image.paste(water, (0, level))


def _hills(image: Image.Image, rng: Random, mood: Mood) -> None:
    width, height = image.size
    for lift, share in ((0.055, 0.42), (0.03, 0.15)):
        line = [HORIZON * height - lift * height * max(0.0, h + 0.45) for h in ridge(rng, 96, 0.55)]
        mask = below(image.size, line)
        mask.paste(0, (0, round(HORIZON * height) + 4, width, height))
        tint(image, mix(mood.hills, mood.sky[-1][1], share), mask)


def _tower(
    image: Image.Image, mood: Mood, x: float, foot: float, top: float
) -> tuple[float, float]:
    """Draws the tower; where its lamp is."""
    tall = foot - top
    wide, narrow, shoulder = tall * 0.105, tall * 0.066, top + tall * 0.17
    stripes = Image.new("RGB", image.size, mood.white)
    pen = ImageDraw.Draw(stripes)
    part = (foot - shoulder) / 5
    for n in (1, 3):
        pen.rectangle((0, shoulder + part * n, image.width, shoulder + part * (n + 1)), mood.red)
    round_ = (
        (0.0, (40, 34, 44)),
        (0.3, (255, 255, 255)),
        (0.55, (235, 228, 225)),
        (1.0, (70, 60, 74)),
    )
    shade = gradient((round(wide * 2), image.height), round_, across=True)
    lit = Image.new("RGB", image.size, (255, 255, 255))
    plain = lit.crop((0, 0, *shade.size))
    lit.paste(Image.blend(plain, shade, mood.dark * 2), (round(x - wide), 0))
    sides = [
        (x - narrow, shoulder),
        (x + narrow, shoulder),
        (x + wide, foot + 6),
        (x - wide, foot + 6),
    ]
    image.paste(ImageChops.multiply(stripes, lit), (0, 0), shape(image.size, sides))
    return _lantern(ImageDraw.Draw(image), mood, x, top, tall)


def _lantern(
    pen: ImageDraw.ImageDraw, mood: Mood, x: float, top: float, tall: float
) -> tuple[float, float]:
    """The gallery with its rail, the lamp's room and the roof."""
    narrow, shoulder, rail = tall * 0.066, top + tall * 0.17, top + tall * 0.125
    dark = mix(mood.rock[0], mood.red, 0.25)
    pen.rectangle((x - narrow * 1.55, shoulder - tall * 0.012, x + narrow * 1.55, shoulder), dark)
    for n in range(7):
        post = x + narrow * 1.5 * (n / 3 - 1)
        pen.line((post, rail, post, shoulder), dark, 2)
    pen.line((x - narrow * 1.5, rail, x + narrow * 1.5, rail), dark, 2)
    low, high = shoulder - tall * 0.012, top + tall * 0.055
    pen.rectangle((x - narrow * 0.72, high, x + narrow * 0.72, low), mood.lamp)
    eaves = top + tall * 0.06
    pen.polygon([(x - narrow * 0.95, eaves), (x, top), (x + narrow * 0.95, eaves)], mood.red)
    pen.line((x, top - tall * 0.025, x, top), dark, 3)
    return (x, (high + low) / 2)


def _beam(image: Image.Image, rng: Random, mood: Mood, lamp: tuple[float, float]) -> Image.Image:
    light = Image.new("RGB", image.size)
    reach = image.width * 1.2
    for way, strength in (
        (math.pi + rng.uniform(0.05, 0.22), 0.5),
        (rng.uniform(-0.2, -0.05), 0.3),
    ):
        ends = [
            (lamp[0] + math.cos(way + w) * reach, lamp[1] + math.sin(way + w) * reach)
            for w in (-0.05, 0.05)
        ]
        tint(light, mood.lamp, shape(image.size, [lamp, *ends], soft=image.width * 0.008), strength)
    return ImageChops.screen(image, light)


def _oil(
    image: Image.Image, rng: Random, lamp: tuple[float, float], foot: float, land: Image.Image
) -> Image.Image:
    width, height = image.size
    lamp_x, lamp_y = lamp[0] / width, lamp[1] / height
    ground, half = foot / height, 0.11 * (foot - lamp[1]) / width
    swirl = rng.uniform(0.35, 0.8)

    def direction(x: float, y: float) -> float:
        if abs(x - lamp_x) < half and y > lamp_y:
            return math.pi / 2
        if y > HORIZON - 0.09:
            return 0.0
        return math.atan2(y - lamp_y, x - lamp_x) + math.pi / 2 + swirl * math.sin(x * 5 + y * 3)

    unit = max(image.size) / 1216
    tower = (lamp_x - half * 1.4, max(0.0, lamp_y - 0.1), lamp_x + half * 1.4, ground + 0.01)
    rocks = (0.0, ground - 0.01, 1.0, 1.0)
    water = ImageChops.invert(land)
    passes = (
        Pass(2600, 18 * unit, round(10 * unit), wander=0.5),
        Pass(3400, 12 * unit, round(6 * unit), (0.0, 0.0, 1.0, HORIZON), wander=0.7),
        Pass(
            1500, 9 * unit, round(4 * unit), (0.0, HORIZON - 0.04, 1.0, 1.0), wander=0.2, only=water
        ),
        Pass(2000, 10 * unit, round(7 * unit), rocks, wander=2.4, lively=16, only=land),
        Pass(1500, 6 * unit, round(4 * unit), rocks, wander=6.3, lively=24, only=land),
        Pass(1100, 5 * unit, round(3 * unit), tower, wander=0.4),
    )
    return paint(image, rng, passes, direction)
