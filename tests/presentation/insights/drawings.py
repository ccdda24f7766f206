"""Where the marks of a drawing lie."""

import re

from dashboard.presentation.insights.marks import Dot, Drawing, Line, Mark, Path, Rect, Text

LETTERS = {"xs": 6.0, "big": 7.0}  # of other sizes than 12 px
ROOM = 3.0  # units that a text may be wider than it was taken for

Box = tuple[float, float, float, float]


def outside(drawing: Drawing) -> list[Mark]:
    """The marks that leave the drawing's view box, or have no place in it."""
    found = []
    for mark in drawing.marks:
        left, top, right, bottom = box(mark)
        room = ROOM if isinstance(mark, Text) else 0.1
        inside = left >= -room and top >= -0.1
        if not (inside and right <= drawing.width + room and bottom <= drawing.height + 0.1):
            found.append(mark)
    return found


def box(mark: Mark) -> Box:
    """Its left, upper, right and lower end."""
    if isinstance(mark, Line):
        xs, ys = (float(mark.x1), float(mark.x2)), (float(mark.y1), float(mark.y2))
        return min(xs), min(ys), max(xs), max(ys)
    if isinstance(mark, Rect):
        x, y, width, height = map(float, (mark.x, mark.y, mark.width, mark.height))
        assert width >= 0 and height >= 0, mark
        return x, y, x + width, y + height
    if isinstance(mark, Dot):
        x, y, r = map(float, (mark.x, mark.y, mark.r))
        return x - r, y - r, x + r, y + r
    if isinstance(mark, Path):
        return _path_box(mark.d)
    return _text_box(mark)


def _path_box(d: str) -> Box:
    xs, ys = [], []
    for command, numbers in re.findall(r"([MLHVZ])([^MLHVZ]*)", d):
        values = [float(number) for number in numbers.split()]
        if command in "MLH":
            xs.append(values[0])
        if command in "MLV":
            ys.append(values[-1])
    return min(xs), min(ys), max(xs), max(ys)


def _text_box(mark: Text) -> Box:
    css, x, y = mark.css.split(), float(mark.x), float(mark.y)
    letter = next((LETTERS[size] for size in LETTERS if size in css), 6.3)
    width = len(mark.text) * letter
    left = x - width if "end" in css else x - width / 2 if "mid" in css else x
    return left, y - 9, left + width, y
