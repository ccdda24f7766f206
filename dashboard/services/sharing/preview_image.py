"""Draws the preview image of a shared run: 1200 × 630 pixels, dark, as PNG."""

from io import BytesIO
from itertools import groupby
from threading import Lock

from cachetools import LRUCache, cached
from django.conf import settings
from PIL import Image, ImageDraw, ImageFont, ImageOps

from dashboard.presentation.format import ELLIPSIS
from dashboard.presentation.sharing.preview_card import PreviewCard
from dashboard.services.files.reduced import FORMATS, reduced

SIZE = (1200, 630)
LEFT, FACTS = 56, 576  # pixels: the margin, and the width of the facts next to an image
INK, SECONDARY, BACKGROUND = "#f0f0f0", "#afafaf", "#0e0e0e"
TONES = {
    "done": "#71db9a",
    "fail": "#fc918e",
    "late": "#f0be6d",
    "live": "#b3b0ff",
    "cold": "#82cff7",
}
FILLS = {"cold": "#23a0dc", "run": "#d4d4d4", "queue": "#2e2e2e", "unknown": "#2e2e2e"}
STOPS = {"fail": "#f05656", "late": "#e5a243"}
BAR_TOP, BAR_HEIGHT, GAP, LEAST = 458, 44, 3, 4
SCALE = 2  # drawn larger and scaled down, for smooth edges
FONTS = ("geist-latin.woff2", "geist-latin-ext.woff2")
NO_CHARACTER = "\U000f0000"  # for private use: no font has it
_SPACES = str.maketrans({"\u202f": " ", "\u00a0": " "})


@cached(LRUCache(32), lock=Lock())
def draw_card(card: PreviewCard, image: bytes | None = None) -> bytes:
    """The card as PNG, next to `image`: a stored image or thumbnail of the run's outputs.

    Raises OSError or ValueError for an image that cannot be read.
    """
    whole = Image.new("RGB", SIZE, BACKGROUND)
    width = SIZE[0] - 2 * LEFT if image is None else FACTS - 2 * LEFT
    whole.paste(_facts(card, width), (0, 0))
    if image is not None:
        whole.paste(_covering(image, (SIZE[0] - FACTS, SIZE[1])), (FACTS, 0))
    png = BytesIO()
    whole.save(png, "PNG", optimize=False)
    return png.getvalue()


def _covering(image: bytes, size: tuple[int, int]) -> Image.Image:
    """The image on the background, scaled and cropped to fill `size`."""
    file = BytesIO(image)
    with Image.open(file, formats=FORMATS) as opened:
        alpha = reduced(file, opened, 2 * max(size)).convert("RGBA")
    shown = Image.new("RGB", alpha.size, BACKGROUND)
    shown.paste(alpha, mask=alpha.getchannel("A"))
    return ImageOps.fit(shown, size, Image.Resampling.LANCZOS)


def _facts(card: PreviewCard, width: int) -> Image.Image:
    area = (width + 2 * LEFT, SIZE[1])
    large = Image.new("RGB", (area[0] * SCALE, area[1] * SCALE), BACKGROUND)
    draw = ImageDraw.Draw(large)
    _state(draw, card)
    _text(draw, card.big, (LEFT, 200), 112, width, INK, weight=600)
    _text(draw, card.line, (LEFT, 289), 32, width, SECONDARY)
    _bar(draw, card, width)
    _brand(draw, (LEFT, 548))
    _text(draw, card.title, (LEFT + 46, 565), 24, width - 46, INK, weight=600)
    return large.resize(area, Image.Resampling.LANCZOS)


def _state(draw: ImageDraw.ImageDraw, card: PreviewCard) -> None:
    tone = TONES.get(card.tone, SECONDARY)
    _dot(draw, tone, card.tone)
    _text(draw, card.word, (LEFT + 49, 71), 30, 400, tone, weight=500)


def _dot(draw: ImageDraw.ImageDraw, tone: str, kind: str) -> None:
    """The state by shape and colour: a tick, a cross, a clock's hands or a ring."""
    x, y = LEFT + 17, 71
    solid = kind in ("done", "fail", "late")
    draw.ellipse(_scaled(x - 15, y - 15, x + 15, y + 15), fill=tone if solid else None,
                 outline=tone, width=4 * SCALE)  # fmt: skip
    lines = {
        "done": [(x - 7, y), (x - 2, y + 5), (x + 7, y - 5)],
        "fail": [(x - 5, y - 5), (x + 5, y + 5)],
        "late": [(x, y - 8), (x, y), (x + 6, y + 3)],
    }.get(kind, [])
    if lines:
        _line(draw, lines)
    if kind == "fail":
        _line(draw, [(x + 5, y - 5), (x - 5, y + 5)])


def _line(draw: ImageDraw.ImageDraw, points: list[tuple[int, int]]) -> None:
    scaled = [(x * SCALE, y * SCALE) for x, y in points]
    draw.line(scaled, fill=BACKGROUND, width=4 * SCALE, joint="curve")


def _bar(draw: ImageDraw.ImageDraw, card: PreviewCard, width: int) -> None:
    """The phase bar: each segment has its share of one linear scale, however narrow."""
    x = float(LEFT)
    for kind, share in card.pieces:
        end = x + share * width
        right = max(x + 1, end - (GAP if end < LEFT + width - 1 else 0))
        draw.rounded_rectangle(
            _scaled(x, BAR_TOP, right, BAR_TOP + BAR_HEIGHT),
            radius=min(LEAST, int(right - x)) * SCALE,
            fill=FILLS[kind],
        )
        if kind in ("queue", "unknown"):
            _hatch(draw, x, right)
        x = end
    if card.pieces and card.stopper in STOPS:
        box = _scaled(x - 2, BAR_TOP - 5, x + 2, BAR_TOP + BAR_HEIGHT + 5)
        draw.rectangle(box, fill=STOPS[card.stopper])


def _hatch(draw: ImageDraw.ImageDraw, left: float, right: float) -> None:
    step = 7
    for start in range(int(left) - BAR_HEIGHT, int(right), step):
        low, high = max(left, start), min(right, start + BAR_HEIGHT)
        if low < high:
            bottom = BAR_TOP + BAR_HEIGHT
            draw.line(_scaled(low, bottom - (low - start), high, bottom - (high - start)),
                      fill="#777777", width=SCALE)  # fmt: skip


def _brand(draw: ImageDraw.ImageDraw, at: tuple[int, int]) -> None:
    x, y = at
    draw.rounded_rectangle(_scaled(x, y, x + 34, y + 34), radius=8 * SCALE, fill=INK)
    for top, length, fill in ((7, 7, "#8a8a8a"), (14, 14, "#23a0dc"), (22, 22, "#141414")):
        box = _scaled(x + 6, y + top, x + 6 + length, y + top + 5)
        draw.rounded_rectangle(box, radius=2 * SCALE, fill=fill)


def _text(
    draw: ImageDraw.ImageDraw,
    text: str,
    at: tuple[int, int],
    size: int,
    width: int,
    fill: str,
    *,
    weight: int = 400,
) -> None:
    """One line, vertically centred at `at`; shrunk to half its size, then cut, until it fits."""
    shown = "".join(letter for letter in text.translate(_SPACES) if _file_of(letter))
    shown = " ".join(shown.split())
    smallest = size // 2
    while size > smallest and _length(shown, size, weight) > width * SCALE:
        size -= 2
    while shown and _length(shown, size, weight) > width * SCALE:
        shown = shown[:-2].rstrip() + ELLIPSIS if len(shown) > 2 else ""
    x, y = float(at[0] * SCALE), at[1] * SCALE
    for part, font in _parts(shown, size, weight):
        draw.text((x, y), part, font=font, fill=fill, anchor="lm")
        x += font.getlength(part)


def _length(text: str, size: int, weight: int) -> float:
    return sum(font.getlength(part) for part, font in _parts(text, size, weight))


def _parts(text: str, size: int, weight: int) -> list[tuple[str, ImageFont.FreeTypeFont]]:
    """The text in parts, each with the font that has its characters."""
    groups = groupby(text, key=_file_of)
    return [("".join(part), _font(file, size, weight)) for file, part in groups]


@cached(LRUCache(64), lock=Lock())
def _font(file: str, size: int, weight: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.truetype(settings.BASE_DIR / "static" / "fonts" / file, size * SCALE)
    font.set_variation_by_axes([weight])
    return font


@cached(LRUCache(2048), lock=Lock())
def _file_of(character: str) -> str:
    """The font file that has the character; "" where none has it, as for an emoji."""
    if character == " ":
        return FONTS[0]
    return next((file for file in FONTS if _has(_font(file, 24, 400), character)), "")


def _has(font: ImageFont.FreeTypeFont, character: str) -> bool:
    return bytes(font.getmask(character)) != bytes(font.getmask(NO_CHARACTER))


def _scaled(*numbers: float) -> list[float]:
    return [number * SCALE for number in numbers]
