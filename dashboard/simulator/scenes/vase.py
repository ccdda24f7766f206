"""A product packshot: a glazed vase on a seamless backdrop."""

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
    backdrop: tuple[Color, Color]
    glaze: tuple[Color, Color, Color]  # light side, body, shadow


MOODS = {
    "terracotta": Mood(
        ((240, 228, 214), (206, 184, 164)), ((242, 170, 128), (196, 98, 62), (74, 30, 22))
    ),
    "teal": Mood(
        ((226, 232, 230), (176, 190, 188)), ((150, 214, 208), (28, 122, 124), (6, 40, 48))
    ),
    "ochre": Mood(
        ((238, 226, 196), (202, 176, 132)), ((255, 226, 150), (214, 156, 52), (86, 52, 14))
    ),
    "ink": Mood(((224, 224, 228), (168, 170, 180)), ((120, 132, 168), (38, 44, 78), (8, 9, 22))),
    "celadon": Mood(
        ((236, 234, 224), (192, 194, 178)), ((216, 232, 206), (132, 164, 134), (34, 58, 50))
    ),
    "rose": Mood(
        ((242, 228, 226), (208, 178, 174)), ((250, 206, 200), (206, 122, 122), (86, 34, 46))
    ),
}
FLOOR = 0.72


def draw(size: Size, rng: Random, mood_name: str) -> Image.Image:
    mood = MOODS[mood_name]
    image = _studio(size, rng, mood)
    unit = min(size[0], size[1] * 0.9)
    center = size[0] * rng.uniform(0.47, 0.53)
    foot = size[1] * rng.uniform(0.8, 0.84)
    tall = size[1] * rng.uniform(0.5, 0.57)
    profile = _profile(rng, unit * rng.uniform(0.2, 0.25))
    _shadow(image, center, foot, unit, profile)
    outline = _outline(profile, center, foot, tall)
    image.paste(_body(size, rng, mood, profile, (center, foot, tall)), (0, 0), shape(size, outline))
    _mouth(image, mood, center, foot - tall, profile[-1])
    if rng.random() < 0.75:
        _twig(image, rng, center, foot - tall, tall)
        _lip(image, mood, center, foot - tall, profile[-1])
    dust = grain(rng, size).filter(ImageFilter.GaussianBlur(0.7))
    fine = Image.merge("RGB", (dust, dust, dust))
    return Image.blend(image, ImageChops.soft_light(image, fine), 0.16)


def _studio(size: Size, rng: Random, mood: Mood) -> Image.Image:
    """A backdrop that bends into the floor without a line, lit from the left."""
    light, dark = mood.backdrop
    image = gradient(
        size,
        (
            (0.0, mix(light, dark, 0.55)),
            (FLOOR - 0.16, light),
            (FLOOR + 0.02, mix(light, dark, 0.4)),
            (1.0, mix(light, (255, 255, 255), 0.12)),
        ),
    )
    image = shine(image, (size[0] * 0.3, size[1] * 0.35), max(size) * 0.6, (54, 50, 44), 1.4)
    fall = gradient(
        size, ((0.0, (255, 255, 255)), (0.6, (246, 245, 244)), (1.0, (186, 182, 182))), True
    )
    wall = clouds(rng, size, 3, 4)
    image = ImageChops.multiply(image, fall)
    tint(image, dark, band(wall, 120, 255), 0.12)
    return image


def _profile(rng: Random, wide: float) -> list[float]:
    """Half widths from the foot to the mouth: foot, belly, neck, lip."""
    belly = rng.uniform(0.28, 0.5)
    neck = rng.uniform(0.24, 0.42)
    foot = rng.uniform(0.42, 0.58)
    profile = []
    for n in range(121):
        t = n / 120
        bulge = math.exp(-(((t - belly) / 0.26) ** 2))
        base = foot + (neck - foot) * t
        flare = 0.22 * max(0.0, (t - 0.86) / 0.14) ** 2
        heel = -0.1 * max(0.0, 1 - t / 0.05) ** 2
        profile.append(wide * (base + (1.0 - base) * bulge * 0.95 + flare + heel))
    return profile


def _outline(profile: list[float], x: float, foot: float, tall: float) -> list[Point]:
    last = len(profile) - 1
    right = [(x + half, foot - tall * n / last) for n, half in enumerate(profile)]
    left = [(x - half, y) for (_, y), half in zip(right, profile, strict=True)]
    sag = profile[0] * 0.13
    base = [
        (x + math.cos(a) * profile[0], foot + math.sin(a) * sag)
        for a in (math.pi * n / 24 for n in range(25))
    ]
    return [*reversed(left), *reversed(base), *right]


def _shadow(image: Image.Image, x: float, foot: float, unit: float, profile: list[float]) -> None:
    wide = max(profile)
    for reach, drop, blur, strength in ((2.3, 0.2, 0.05, 0.42), (1.15, 0.1, 0.014, 0.5)):
        mask = Image.new("L", image.size)
        left = x - wide * 0.75
        ImageDraw.Draw(mask).ellipse(
            (
                left,
                foot - unit * drop * 0.42,
                left + wide * (0.9 + reach),
                foot + unit * drop * 0.34,
            ),
            fill=255,
        )
        tint(image, (46, 34, 32), mask.filter(ImageFilter.GaussianBlur(unit * blur)), strength)


def _body(
    size: Size, rng: Random, mood: Mood, profile: list[float], place: tuple[float, float, float]
) -> Image.Image:
    """The glaze: turned, speckled, dipped a second time, and dark towards the foot."""
    x, foot, tall = place
    light, body, shadow = mood.glaze
    glaze = _turned(size, mood, profile, place)
    spots = clouds(rng, size, 110, 2)
    tint(glaze, mix(shadow, body, 0.3), band(ImageChops.invert(spots), 175, 225), 0.42)
    tint(glaze, light, band(spots, 185, 240), 0.2)
    drip = clouds(rng, (size[0], max(2, size[1] // 3)), 7, 2).resize(size)
    tint(glaze, mix(light, (255, 255, 255), 0.2), _dip(size, drip, foot - tall * 0.7), 0.34)
    ground, white = foot / size[1], (255, 255, 255)
    deep = gradient(size, ((0.0, white), (ground - 0.12, white), (ground, (150, 140, 140))))
    glaze = ImageChops.multiply(glaze, deep)
    shiny = (x - max(profile) * 0.42, foot - tall * 0.5)
    tint(glaze, (255, 252, 244), disc(size, shiny, max(profile) * 0.3, 2.6), 0.55)
    return glaze


def _turned(
    size: Size, mood: Mood, profile: list[float], place: tuple[float, float, float]
) -> Image.Image:
    """Row by row: each row is the same light bent round its own width."""
    x, foot, tall = place
    light, body, shadow = mood.glaze
    stops = (
        (0.0, mix(body, shadow, 0.55)),
        (0.1, mix(body, shadow, 0.1)),
        (0.27, light),
        (0.36, mix(light, body, 0.55)),
        (0.58, body),
        (0.84, mix(body, shadow, 0.72)),
        (0.95, shadow),
        (1.0, mix(shadow, mood.backdrop[1], 0.3)),
    )
    row = gradient((256, 1), stops, across=True)
    glaze = Image.new("RGB", size, body)
    last = len(profile) - 1
    for y in range(round(foot - tall), round(foot + profile[0] * 0.16)):
        share = min(1.0, max(0.0, (foot - y) / tall))
        half = max(2, round(profile[round(share * last)]))
        bent = row.resize((half * 2 + 2, 1), Image.Resampling.BILINEAR)
        glaze.paste(bent, (round(x) - half - 1, y))
    return glaze


def _dip(size: Size, drip: Image.Image, level: float) -> Image.Image:
    """Where a second glaze was dipped over the shoulder, with an uneven edge."""
    height = size[1]
    ramp = gradient(
        size,
        (
            (max(0.0, level / height - 0.03), (255, 255, 255)),
            (min(1.0, level / height + 0.05), (0, 0, 0)),
        ),
    ).convert("L")
    return band(Image.blend(ramp, drip, 0.42), 118, 140)


def _mouth(image: Image.Image, mood: Mood, x: float, y: float, half: float) -> None:
    light, body, shadow = mood.glaze
    rim = gradient(image.size, ((0.3, mix(body, light, 0.75)), (0.7, mix(body, shadow, 0.3))), True)
    image.paste(rim, (0, 0), shape(image.size, _ring(x, y, half)))
    inside = mix(shadow, (0, 0, 0), 0.35)
    image.paste(inside, (0, 0), shape(image.size, _ring(x, y + half * 0.012, half * 0.87)))


def _ring(x: float, y: float, half: float) -> list[Point]:
    turns = (math.tau * n / 90 for n in range(90))
    return [(x + math.cos(a) * half, y + math.sin(a) * half * 0.2) for a in turns]


def _lip(image: Image.Image, mood: Mood, x: float, y: float, half: float) -> None:
    light, body, _ = mood.glaze
    outer, inner = _ring(x, y, half), _ring(x, y, half * 0.87)
    front = [*outer[:46], *reversed(inner[:46])]
    image.paste(mix(body, light, 0.5), (0, 0), shape(image.size, front))


def _twig(image: Image.Image, rng: Random, x: float, y: float, tall: float) -> None:
    """A dry branch with a few leaves."""
    big = image.resize((image.width * 2, image.height * 2))
    pen = ImageDraw.Draw(big)
    for _ in range(rng.randint(2, 4)):
        lean, px, py = rng.uniform(-0.5, 0.5), x + rng.uniform(-4, 4), y + tall * 0.03
        bark = mix((92, 66, 44), (128, 104, 72), rng.random())
        leaf = mix((112, 122, 84), (176, 158, 104), rng.random())
        for n in range(22):
            nx = px + math.sin(lean) * tall * 0.019
            ny = py - math.cos(lean) * tall * 0.019
            pen.line((px * 2, py * 2, nx * 2, ny * 2), bark, max(2, 6 - n // 4))
            if n > 6 and rng.random() < 0.55:
                _leaf(
                    pen,
                    rng,
                    (nx * 2, ny * 2),
                    lean,
                    tall * 0.09,
                    mix(leaf, (60, 70, 46), rng.random() * 0.4),
                )
            px, py, lean = nx, ny, lean * 1.025 + rng.uniform(-0.07, 0.07)
    image.paste(big.reduce(2))


def _leaf(
    pen: ImageDraw.ImageDraw, rng: Random, at: Point, lean: float, size: float, color: Color
) -> None:
    way = lean + rng.choice((-1, 1)) * rng.uniform(0.5, 1.2)
    size *= rng.uniform(0.6, 1.2)
    tip = (at[0] + math.sin(way) * size, at[1] - math.cos(way) * size)
    middle = ((at[0] + tip[0]) / 2, (at[1] + tip[1]) / 2)
    aside = (math.cos(way) * size * 0.2, math.sin(way) * size * 0.2)
    left = (middle[0] + aside[0], middle[1] + aside[1])
    right = (middle[0] - aside[0], middle[1] - aside[1])
    pen.polygon([at, left, tip, right], color)
    pen.polygon([at, left, tip], mix(color, (255, 250, 220), 0.16))
