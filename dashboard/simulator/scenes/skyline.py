"""A city by night across the water."""

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from dashboard.simulator.scenes.brush import (
    Color,
    Size,
    Stops,
    band,
    clouds,
    disc,
    gradient,
    mix,
    shine,
    tint,
)


@dataclass(frozen=True, slots=True)
class Mood:
    sky: Stops
    haze: Color
    far: Color
    near: Color
    windows: tuple[Color, ...]
    moon: Color


MOODS = {
    "violet": Mood(
        sky=((0.0, (16, 12, 40)), (0.4, (66, 34, 92)), (0.66, (214, 92, 122))),
        haze=(232, 106, 132),
        far=(112, 54, 108),
        near=(18, 10, 34),
        windows=((255, 214, 140), (255, 186, 112), (255, 236, 196), (250, 140, 150)),
        moon=(255, 226, 206),
    ),
    "blue": Mood(
        sky=((0.0, (6, 12, 30)), (0.4, (18, 46, 88)), (0.66, (86, 146, 178))),
        haze=(110, 170, 196),
        far=(40, 80, 116),
        near=(6, 12, 26),
        windows=((255, 222, 150), (255, 240, 206), (190, 226, 255), (255, 196, 120)),
        moon=(236, 244, 255),
    ),
    "amber": Mood(
        sky=((0.0, (24, 22, 34)), (0.4, (94, 58, 52)), (0.66, (246, 160, 84))),
        haze=(250, 178, 106),
        far=(136, 88, 66),
        near=(24, 16, 18),
        windows=((255, 218, 130), (255, 196, 104), (255, 238, 190)),
        moon=(255, 236, 200),
    ),
    "neon": Mood(
        sky=((0.0, (8, 6, 24)), (0.4, (40, 16, 84)), (0.66, (44, 128, 160))),
        haze=(66, 178, 196),
        far=(52, 52, 116),
        near=(8, 6, 24),
        windows=((255, 96, 180), (96, 230, 255), (255, 224, 150), (170, 130, 255)),
        moon=(214, 236, 255),
    ),
}
SHORE = 0.74


def draw(size: Size, rng: Random, mood_name: str) -> Image.Image:
    mood = MOODS[mood_name]
    width, height = size
    shore = round(height * SHORE)
    image = gradient(size, mood.sky)
    veil = clouds(rng, (width // 4, height), 4).resize(size, Image.Resampling.BILINEAR)
    tint(image, mood.haze, band(veil, 120, 255), 0.3)
    _stars(image, rng)
    moon = (rng.uniform(0.15, 0.85) * width, rng.uniform(0.13, 0.24) * height)
    image = shine(image, moon, min(size) * 0.24, mood.moon, 3.0)
    tint(image, mood.moon, disc(size, moon, min(size) * 0.036, 0.2))
    lights = Image.new("RGB", size)
    for depth in (0.0, 0.35, 0.68, 1.0):
        _row(image, lights, rng, mood, depth)
        _mist(image, mood, depth)
    image = ImageChops.screen(image, lights)
    glow = lights.reduce(4).filter(ImageFilter.GaussianBlur(min(size) * 0.0035))
    image = ImageChops.add(image, glow.resize(size, Image.Resampling.BICUBIC), scale=0.8)
    _water(image, rng, mood, shore)
    return image


def _stars(image: Image.Image, rng: Random) -> None:
    pen = ImageDraw.Draw(image)
    for _ in range(220):
        x, y = rng.random() * image.width, rng.random() ** 1.6 * image.height * 0.5
        pixel = image.getpixel((int(x), int(y)))
        pen.point((x, y), mix(pixel, (255, 250, 240), rng.uniform(0.2, 0.9)))  # type: ignore[arg-type]


def _mist(image: Image.Image, mood: Mood, depth: float) -> None:
    amount = round(150 * (1 - depth) ** 1.2)
    rise = gradient(
        image.size,
        ((0.3, (0, 0, 0)), (SHORE, (amount, amount, amount)), (1.0, (amount, amount, amount))),
    )
    image.paste(mood.haze, (0, 0), rise.convert("L"))


def _row(image: Image.Image, lights: Image.Image, rng: Random, mood: Mood, depth: float) -> None:
    """One row of towers, lit from within; the nearer, the darker and the larger its windows."""
    width, height = image.size
    pen, lamp = ImageDraw.Draw(image), ImageDraw.Draw(lights)
    base = height * SHORE
    unit = max(image.size) / 1216
    x = -rng.uniform(0, 40) * unit
    while x < width:
        wide = rng.uniform(26, 78) * unit * (0.7 + 0.5 * depth)
        tall = height * (0.1 + 0.4 * rng.random() ** 1.9) * (1.12 - 0.42 * depth)
        body = mix(mood.far, mood.near, min(1.0, depth * 0.95 + rng.uniform(0, 0.12)))
        box = (x, base - tall, x + wide, base)
        pen.rectangle(box, body)
        lamp.rectangle(box, 0)
        _crown(pen, rng, box, body, unit)
        _windows(lamp, rng, mood, box, (3.2 + 2.2 * depth) * unit, 0.28 + 0.55 * depth)
        x += wide + rng.choice((0, 0, 0, 6, 18)) * unit


Box = tuple[float, float, float, float]


def _crown(pen: ImageDraw.ImageDraw, rng: Random, box: Box, body: Color, unit: float) -> None:
    left, top, right, _ = box
    middle, kind = (left + right) / 2, rng.random()
    if kind < 0.3:
        inset = (right - left) * 0.22
        pen.rectangle((left + inset, top - 22 * unit, right - inset, top), body)
    elif kind < 0.45:
        pen.polygon([(left, top), (middle, top - 40 * unit), (right, top)], body)
    elif kind < 0.6:
        pen.line((middle, top - 54 * unit, middle, top), body, max(1, round(2 * unit)))


def _windows(
    lamp: ImageDraw.ImageDraw, rng: Random, mood: Mood, box: Box, pane: float, bright: float
) -> None:
    left, top, right, bottom = box
    step_x, step_y = pane * 2.1, pane * 2.6
    warm = rng.choice(mood.windows)
    busy = rng.uniform(0.12, 0.5)
    y = top + step_y
    while y < bottom - pane:
        floor = busy * rng.choice((0.4, 1.0, 1.0, 1.7))
        x = left + pane
        while x < right - pane:
            if rng.random() < floor:
                color = warm if rng.random() < 0.8 else rng.choice(mood.windows)
                share = bright * rng.uniform(0.35, 1.0)
                lamp.rectangle((x, y, x + pane * 0.9, y + pane * 1.2), mix((0, 0, 0), color, share))
            x += step_x
        y += step_y


def _water(image: Image.Image, rng: Random, mood: Mood, shore: int) -> None:
    """The city again, upside down, in stripes that the waves push aside."""
    width, height = image.size
    depth = height - shore
    mirror = image.crop((0, shore - depth, width, shore)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    long = mirror.resize((width, max(1, depth // 10)), Image.Resampling.BOX).resize(mirror.size)
    mirror = Image.blend(mirror, long, 0.55)
    waved = mirror.copy()
    y = 0
    while y < depth:
        tall = 1 + y * 5 // depth + rng.randint(0, 1)
        shift = round(rng.gauss(0, 2.2 + 7 * y / depth))
        stripe = mirror.crop((0, y, width, min(depth, y + tall)))
        waved.paste(stripe, (shift, y))
        y += tall
    dark = gradient(waved.size, ((0.0, (210, 206, 214)), (1.0, (84, 80, 96))))
    waved = ImageChops.multiply(waved, dark)
    image.paste(waved, (0, shore))
    ImageDraw.Draw(image).line((0, shore, width, shore), mix(mood.near, mood.haze, 0.25), 2)
