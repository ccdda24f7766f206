"""Drawing tools that the scenes share: gradients, glows, clouds, ridges and brush strokes."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Color = tuple[int, int, int]
Size = tuple[int, int]
Point = tuple[float, float]
Stops = Sequence[tuple[float, Color]]

DIRECTIONS = 64
_COMPASS = [
    (math.cos(n * math.tau / DIRECTIONS), math.sin(n * math.tau / DIRECTIONS))
    for n in range(DIRECTIONS)
]


def mix(a: Color, b: Color, share: float) -> Color:
    return (
        round(a[0] + (b[0] - a[0]) * share),
        round(a[1] + (b[1] - a[1]) * share),
        round(a[2] + (b[2] - a[2]) * share),
    )


def blend(stops: Stops, at: float) -> Color:
    """The color of a gradient at a place between 0 and 1."""
    before = stops[0]
    for stop in stops:
        if at <= stop[0]:
            width = stop[0] - before[0]
            return mix(before[1], stop[1], (at - before[0]) / width if width else 1.0)
        before = stop
    return stops[-1][1]


def gradient(size: Size, stops: Stops, across: bool = False) -> Image.Image:
    steps = 512
    line = Image.new("RGB", (steps, 1) if across else (1, steps))
    line.putdata([blend(stops, n / (steps - 1)) for n in range(steps)])
    exact = line.resize((size[0], 1) if across else (1, size[1]), Image.Resampling.BILINEAR)
    return exact.resize(size, Image.Resampling.NEAREST)


def disc(size: Size, center: Point, radius: float, power: float = 1.0) -> Image.Image:
    """A soft mask, full in the middle and empty at the radius; `power` narrows it."""
    across = max(2, round(radius * 2))
    soft = Image.radial_gradient("L").point(
        [round(255 * max(0.0, 1 - n / 181) ** power) for n in range(256)]
    )
    mask = Image.new("L", size)
    corner = (round(center[0] - radius * 1.41), round(center[1] - radius * 1.41))
    side = round(across * 1.41)
    mask.paste(soft.resize((side, side), Image.Resampling.BICUBIC), corner)
    return mask


def tint(image: Image.Image, color: Color, mask: Image.Image, strength: float = 1.0) -> None:
    """Lays a color over the image where the mask is light."""
    box = mask.getbbox()
    if box:
        part = mask.crop(box).point([min(255, round(n * strength)) for n in range(256)])
        image.paste(color, box[:2], part)


def shine(
    image: Image.Image, center: Point, radius: float, color: Color, power: float = 2.0
) -> Image.Image:
    """Adds light around a point."""
    mask = disc(image.size, center, radius, power)
    box = mask.getbbox()
    if not box:
        return image
    light = Image.new("RGB", (box[2] - box[0], box[3] - box[1]))
    light.paste(color, (0, 0), mask.crop(box))
    lit = image.copy()
    lit.paste(ImageChops.screen(image.crop(box), light), box[:2])
    return lit


def grain(rng: Random, size: Size) -> Image.Image:
    return Image.frombytes("L", size, rng.randbytes(size[0] * size[1]))


def clouds(rng: Random, size: Size, cells: float = 3, octaves: int = 5) -> Image.Image:
    """Soft noise in several sizes, stretched to the full range; drawn at a third of the size."""
    small = (max(2, size[0] // 3), max(2, size[1] // 3))
    total = Image.new("L", small, 128)
    for octave in range(octaves):
        scale = cells * 2**octave
        coarse = (
            max(2, round(scale * size[0] / max(size))),
            max(2, round(scale * size[1] / max(size))),
        )
        layer = grain(rng, coarse).resize(small, Image.Resampling.BICUBIC)
        total = Image.blend(total, layer, 1 / (octave + 1.6))
    low, high = total.getextrema()
    width = max(1, int(high) - int(low))  # type: ignore[arg-type]
    full = total.point([max(0, min(255, (n - int(low)) * 255 // width)) for n in range(256)])  # type: ignore[arg-type]
    return full.resize(size, Image.Resampling.BILINEAR)


def band(mask: Image.Image, low: int, high: int) -> Image.Image:
    """The mask stretched so that `low` becomes empty and `high` full."""
    width = max(1, high - low)
    return mask.point([max(0, min(255, (n - low) * 255 // width)) for n in range(256)])


def ridge(rng: Random, length: int, rough: float = 0.5, peaks: int = 2) -> list[float]:
    """A line of hills between about -1 and 1, by halving steps."""
    heights = [rng.uniform(-1, 1) for _ in range(peaks)]
    spread = 1.0
    while len(heights) < length:
        spread *= rough
        filled = []
        for left, right in zip(heights, heights[1:], strict=False):
            filled += [left, (left + right) / 2 + rng.uniform(-spread, spread)]
        heights = [*filled, heights[-1]]
    return [heights[n * (len(heights) - 1) // (length - 1)] for n in range(length)]


def shape(size: Size, outline: Sequence[Point], soft: float = 0.0) -> Image.Image:
    """A polygon as a mask with smooth edges; only the box around it is worked on."""
    margin = math.ceil(soft * 3) + 1
    left = max(0, math.floor(min(x for x, _ in outline)) - margin)
    top = max(0, math.floor(min(y for _, y in outline)) - margin)
    right = min(size[0], math.ceil(max(x for x, _ in outline)) + margin)
    bottom = min(size[1], math.ceil(max(y for _, y in outline)) + margin)
    mask = Image.new("L", size)
    if right <= left or bottom <= top:
        return mask
    part = Image.new("L", ((right - left) * 2, (bottom - top) * 2))
    ImageDraw.Draw(part).polygon([((x - left) * 2, (y - top) * 2) for x, y in outline], fill=255)
    part = part.reduce(2)
    mask.paste(part.filter(ImageFilter.GaussianBlur(soft)) if soft else part, (left, top))
    return mask


def below(size: Size, line: Sequence[float]) -> Image.Image:
    """A mask of everything under a line of heights that spans the whole width."""
    step = size[0] / (len(line) - 1)
    top = [(n * step, y) for n, y in enumerate(line)]
    return shape(size, [*top, (size[0], size[1] + 2), (0, size[1] + 2)])


@dataclass(frozen=True, slots=True)
class Pass:
    """One going-over with one brush, in a box given in shares of the picture."""

    strokes: int
    length: float
    width: int
    box: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)
    wander: float = 0.5
    lively: int = 14
    only: Image.Image | None = None  # a mask: strokes begin only where it is light


Direction = Callable[[float, float], float]


def paint(
    base: Image.Image, rng: Random, passes: Sequence[Pass], direction: Direction
) -> Image.Image:
    """Paints the base anew in strokes that take their color from it."""
    canvas = base.copy()
    for one in passes:
        _go_over(canvas, base, rng, one, direction)
    return canvas


def _go_over(
    canvas: Image.Image, base: Image.Image, rng: Random, one: Pass, direction: Direction
) -> None:
    line = ImageDraw.Draw(canvas).line
    pixels = base.load()
    assert pixels is not None
    width, height = base.size
    random, turn = rng.random, DIRECTIONS / math.tau
    left, top, right, bottom = one.box
    allowed = one.only.load() if one.only else None
    for _ in range(one.strokes):
        across, high = left + (right - left) * random(), top + (bottom - top) * random()
        x, y = int(across * (width - 1)), int(high * (height - 1))
        if allowed is not None and not allowed[x, y]:
            continue
        red, green, blue = pixels[x, y]  # type: ignore[misc]
        angle = direction(across, high) + (random() - 0.5) * one.wander
        reach = one.length * (0.5 + random() * 0.7)
        along, down = _COMPASS[int(angle * turn) % DIRECTIONS]
        along, down = along * reach, down * reach
        shift, tone = int((random() - 0.5) * 2 * one.lively), int((random() - 0.5) * one.lively)
        color = (red + shift + tone, green + shift, blue + shift - tone)
        line((x - along, y - down, x + along, y + down), color, one.width)


def canvas_weave(image: Image.Image, rng: Random, strength: float = 0.12) -> Image.Image:
    """The weave of a canvas and the relief of the paint."""
    weave = grain(rng, image.size).filter(ImageFilter.GaussianBlur(0.8))
    relief = image.convert("L").filter(ImageFilter.EMBOSS)
    both = Image.blend(band(weave, 60, 195), relief, 0.6)
    lit = ImageChops.soft_light(image, Image.merge("RGB", (both, both, both)))
    return Image.blend(image, lit, min(1.0, strength * 5))
