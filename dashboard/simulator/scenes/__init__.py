"""The demo's pictures: eight scenes in several moods, drawn with Pillow and repeatable chance."""

from random import Random
from types import ModuleType

from PIL import Image

from dashboard.simulator.scenes import (
    dunes,
    lighthouse,
    moonrise,
    mountains,
    portrait,
    skyline,
    terrazzo,
    vase,
)

WIDE, TALL, SQUARE, FILM = (1216, 832), (832, 1216), (1024, 1024), (1280, 720)
SCENES: dict[str, ModuleType] = {
    "dunes": dunes,
    "lighthouse": lighthouse,
    "moonrise": moonrise,
    "mountains": mountains,
    "portrait": portrait,
    "skyline": skyline,
    "terrazzo": terrazzo,
    "vase": vase,
}
SIZES = {
    "dunes": (FILM, FILM, WIDE),
    "lighthouse": (WIDE, WIDE, TALL, SQUARE),
    "moonrise": (WIDE, TALL, SQUARE),
    "mountains": (FILM, FILM, WIDE),
    "portrait": (TALL, TALL, SQUARE),
    "skyline": (FILM, FILM, WIDE),
    "terrazzo": (SQUARE, SQUARE, WIDE),
    "vase": (TALL, SQUARE, WIDE),
}
# Without a scene in the name: those that stay small as PNG.
PLAIN = ("mountains", "skyline")


def draw(look: str, rng: Random, size: tuple[int, int] | None = None) -> Image.Image:
    """A picture of this look ("lighthouse_dusk"); what it leaves open is left to chance."""
    name, _, mood = look.partition("_")
    scene = name if name in SCENES else rng.choice(PLAIN)
    moods = SCENES[scene].MOODS
    mood = mood if mood in moods else rng.choice(sorted(moods))
    picture: Image.Image = SCENES[scene].draw(size or rng.choice(SIZES[scene]), rng, mood)
    return picture
