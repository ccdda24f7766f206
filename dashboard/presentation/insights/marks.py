"""What charts are drawn of: marks with a class of the style sheet, and places as text."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeVar

Point = TypeVar("Point")
LETTER = 6.6  # units of the view box that a letter takes, at most, at 12 px


@dataclass(frozen=True, slots=True)
class Line:
    shape: ClassVar[str] = "line"
    css: str
    x1: str
    y1: str
    x2: str
    y2: str


@dataclass(frozen=True, slots=True)
class Rect:
    """A bar or cell; `title` is what it says when it is pointed at."""

    shape: ClassVar[str] = "rect"
    css: str
    x: str
    y: str
    width: str
    height: str
    title: str = ""
    round: str = "0"


@dataclass(frozen=True, slots=True)
class Dot:
    shape: ClassVar[str] = "dot"
    css: str
    x: str
    y: str
    r: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Path:
    shape: ClassVar[str] = "path"
    css: str
    d: str


@dataclass(frozen=True, slots=True)
class Text:
    shape: ClassVar[str] = "text"
    css: str
    x: str
    y: str
    text: str


Mark = Line | Rect | Dot | Path | Text


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart: the size of its view box, what it shows in one sentence, its marks in order."""

    width: int
    height: int
    sentence: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The numbers behind a chart."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A chart in two widths with its heading, what it shows, and its numbers.

    `bold` and `note` stand below it.
    """

    heading: str
    text: str
    desk: Drawing
    phone: Drawing
    table: Table
    note: str = ""
    bold: str = ""
    bold_rest: str = ""


def px(value: float) -> str:
    """A place in a drawing, to a tenth."""
    text = f"{value:.1f}".removesuffix(".0")
    return "0" if text == "-0" else text


def across(css: str, left: float, right: float, y: float) -> Line:
    return Line(css, px(left), px(y), px(right), px(y))


def upright(css: str, x: float, top: float, bottom: float) -> Line:
    return Line(css, px(x), px(top), px(x), px(bottom))


def rect(
    css: str,
    place: tuple[float, float],
    size: tuple[float, float],
    title: str = "",
    corner: float = 0,
) -> Rect:
    """A rectangle from its upper left corner."""
    return Rect(css, px(place[0]), px(place[1]), px(size[0]), px(size[1]), title, px(corner))


def text(css: str, x: float, y: float, words: str) -> Text:
    return Text(css, px(x), px(y), words)


def width_of(words: str) -> float:
    return len(words) * LETTER


def line_path(css: str, points: Iterable[tuple[float, float] | None]) -> Iterator[Path]:
    """A line through points; None breaks it, and a point alone is a short stroke."""
    for part in _parts(points):
        (x, y), *rest = part if len(part) > 1 else [part[0], (part[0][0] + 0.1, part[0][1])]
        yield Path(css, f"M{px(x)} {px(y)}" + "".join(f"L{px(a)} {px(b)}" for a, b in rest))


def band_path(css: str, points: Iterable[tuple[float, float, float] | None]) -> Iterator[Path]:
    """The area between two lines, of points (x, upper y, lower y); None breaks it."""
    for part in _parts(points):
        if len(part) > 1:
            upper = [(x, top) for x, top, _ in part]
            lower = [(x, bottom) for x, _, bottom in reversed(part)]
            ends = "L".join(f"{px(x)} {px(y)}" for x, y in [*upper, *lower])
            yield Path(css, f"M{ends}Z")


def _parts(points: Iterable[Point | None]) -> Iterator[Sequence[Point]]:
    part: list[Point] = []
    for point in [*points, None]:
        if point is not None:
            part.append(point)
        elif part:
            yield part
            part = []
