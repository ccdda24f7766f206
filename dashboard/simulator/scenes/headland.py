"""A headland of lit stones, for whatever stands on it."""

import math
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageChops, ImageDraw

from dashboard.simulator.scenes.brush import Color, below, gradient, mix, ridge


@dataclass(frozen=True, slots=True)
class Rock:
    dark: Color
    light: Color
    sun: Color


def draw(image: Image.Image, rng: Random, rock: Rock, x: float, foot: float) -> Image.Image:
    """Draws the headland; where it is, as a mask."""
    width, height = image.size
    rough = ridge(rng, 120, 0.62)
    slopes = (rng.uniform(0.26, 0.44), rng.uniform(0.26, 0.44))
    ledge = rng.uniform(0.1, 0.2)
    line = []
    for n, bump in enumerate(rough):
        away = n / 119 - x / width
        side = slopes[away > 0]
        fall = side * min(1.0, max(0.0, abs(away) - 0.05) * 1.9) ** 0.85
        fall -= 0.05 * math.exp(-(((abs(away) - ledge - 0.08) / 0.06) ** 2))
        line.append(foot + height * (fall - 0.012 + bump * (0.012 + 0.16 * max(0.0, fall))))
    mask = below(image.size, line)
    face = Image.new("RGB", image.size, rock.dark)
    _boulders(face, rng, rock, foot)
    deep = gradient(
        image.size, ((0.0, (255, 255, 255)), (0.75, (255, 255, 255)), (1.0, (120, 112, 120)))
    )
    image.paste(ImageChops.multiply(face, deep), (0, 0), mask)
    return mask


def _boulders(face: Image.Image, rng: Random, rock: Rock, foot: float) -> None:
    """Stones with a lit top and a dark side, the small far ones first."""
    width, height = face.size
    dark, light = rock.dark, rock.light
    pen = ImageDraw.Draw(face)
    for n in range(260):
        depth = n / 260
        x, y = rng.random() * width, foot + (height - foot) * (depth**1.2 + rng.uniform(-0.12, 0.1))
        reach = (0.012 + 0.034 * depth) * max(width, height) * rng.uniform(0.6, 1.3)
        skew = rng.uniform(-0.5, 0.5)
        lit = rng.random() ** 1.4
        warm = mix(light, rock.sun, 0.35 * lit)
        top = [
            (x - reach, y),
            (x - reach * (0.4 - skew), y - reach * 0.7),
            (x + reach * 0.6, y - reach * 0.55),
            (x + reach, y + reach * 0.1),
            (x + reach * skew, y + reach * 0.3),
        ]
        side = [
            (x - reach, y),
            (x + reach * skew, y + reach * 0.3),
            (x + reach, y + reach * 0.1),
            (x + reach * 0.8, y + reach),
            (x - reach * 0.7, y + reach * 0.9),
        ]
        pen.polygon(side, mix((8, 6, 10), dark, rng.uniform(0.5, 1.2)))
        pen.polygon(top, mix(dark, warm, 0.2 + 0.7 * lit))
