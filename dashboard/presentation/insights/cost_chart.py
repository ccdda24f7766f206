"""Bars of what runs cost: by day, and one for each row of a table."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from dashboard.domain.insights.costs import CostDay
from dashboard.domain.insights.spent import Spent, together
from dashboard.presentation.format import count, plural
from dashboard.presentation.insights.cost_numbers import share_text
from dashboard.presentation.insights.numbers import dollars

MOST_BARS = 92  # of more days, several make one bar
FILLED = 0.68  # of a bar's place
GAP = 1.5  # between the two parts of a bar
MOST_STEPS = 4  # of the scale
LETTER = 7  # units of the view box that a letter or digit takes
ROW_WIDTH, ROW_TOP, ROW_BAR = 260, 6, 12
START_UP, WORK = "f-cold", "f-run"


@dataclass(frozen=True, slots=True)
class Rect:
    """A part of a bar, by the class of its colour."""

    css: str
    x: str
    y: str
    width: str
    height: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A text of the chart."""

    css: str
    x: str
    y: str
    text: str


@dataclass(frozen=True, slots=True)
class Bar:
    """One day, or several in a row: what it says, and its one or two parts."""

    label: str
    spent: Spent
    rects: tuple[Rect, ...]

    @property
    def title(self) -> str:
        parts = parts_text(self.spent)
        return f"{self.label}: {parts}, {plural(self.spent.runs, 'run')}"

    @property
    def cells(self) -> tuple[str, ...]:
        """Runs, estimate, starting up and work, for the table behind the chart."""
        spent = self.spent
        money = (dollars(each) for each in (spent.total, spent.start_up, spent.work))
        return (count(spent.runs), *money)


@dataclass(frozen=True, slots=True)
class CostChart:
    """What a template draws: numbers in the units of its view box."""

    text: str  # what it shows, in a sentence or two
    width: int
    height: int
    left: int
    right: int
    lines: tuple[tuple[str, str], ...]  # of the scale: class and y
    marks: tuple[Mark, ...]
    bars: tuple[Bar, ...]
    days_a_bar: int


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the plot lies, and how many of its bars have a label at most."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    labels: int
    key: tuple[tuple[int, int], tuple[int, int]]  # where work and start-up are named
    shares: bool  # with the share of each


DESK = _Frame(1360, 230, 44, 1208, 16, 202, 6, ((1216, 102), (1216, 168)), shares=True)
PHONE = _Frame(358, 220, 40, 354, 42, 192, 3, ((160, 14), (0, 14)), shares=False)


def parts_text(spent: Spent) -> str:
    """`$0.693 starting up, $0.791 work`."""
    return f"{dollars(spent.start_up)} starting up, {dollars(spent.work)} work"


def day_text(day: date, newest: date) -> str:
    """`25 Oct`, and `25 Oct 2025` where that is not the year of the newest day."""
    text = f"{day.day} {day:%b}"
    return text if day.year == newest.year else f"{text} {day.year}"


def cost_chart(
    days: Sequence[CostDay], whole: Spent, *, so_far: bool, phone: bool = False
) -> CostChart:
    """The bars of days; with `so_far` the last of them is not over."""
    stretches = _stretches(days)
    steps = scale(max((spent.total for _, spent in stretches), default=Decimal(0)))
    amounts = [_step(step, steps[1]) for step in steps]
    frame = _room_for(amounts, PHONE if phone else DESK)
    place = (frame.right - frame.left) / max(len(stretches), 1)
    high = (frame.bottom - frame.top) / float(steps[-1])
    bars = [
        Bar(
            _label(of, days[-1].day, so_far=so_far),
            spent,
            _upright(spent, frame.left + place * (n + (1 - FILLED) / 2), place, high, frame.bottom),
        )
        for n, (of, spent) in enumerate(stretches)
    ]
    lines = [(step, frame.bottom - high * float(step)) for step in steps]
    return CostChart(
        text=_sentence(bars, _days_a_bar(days)),
        width=frame.width,
        height=frame.height,
        left=frame.left,
        right=frame.right,
        lines=tuple(("g" if step else "g0", _told(y)) for step, y in lines),
        marks=(
            *(
                Mark("t end", _told(frame.left - 8), _told(y + 4), amount)
                for (_, y), amount in zip(lines, amounts, strict=True)
            ),
            *_dates(bars, frame, place),
            *_key(whole, frame),
        ),
        bars=tuple(bars),
        days_a_bar=_days_a_bar(days),
    )


def scale(most: Decimal) -> list[Decimal]:
    """Dollars from 0 up to at least the most, in at most four even steps of 1, 2 or 5."""
    if not most:
        return [Decimal(0), Decimal(1)]
    size = Decimal(10) ** (most.adjusted() - 1)
    step = next(size * n for n in (1, 2, 5, 10, 20, 50) if size * n * MOST_STEPS >= most)
    return [step * n for n in range(math.ceil(most / step) + 1)]


def row_bar(spent: Spent, most: Decimal) -> tuple[Rect, ...]:
    """The bar of a table's row, on the scale of the row that costs most."""
    if not most:
        return ()
    wide = ROW_WIDTH * float(spent.total / most)
    start = wide * (spent.start_share or 0.0)
    gap = _gap(start, wide)
    found = ((START_UP, 0.0, start), (WORK, start + gap, wide - start - gap))
    return tuple(
        Rect(css, _told(x), str(ROW_TOP), _told(width), str(ROW_BAR))
        for css, x, width in found
        if width >= 0.05
    )


def stretch_text(days: int) -> str:
    """What a bar is of: `day`, `4 days`."""
    return "day" if days == 1 else f"{days} days"


def _sentence(bars: Sequence[Bar], days: int) -> str:
    text = f"Estimated cost per {stretch_text(days)}, starting up and work."
    most = max(bars, key=lambda bar: bar.spent.total)
    if not most.spent.total:
        return text
    return f"{text} The most: {dollars(most.spent.total)}, {most.label}."


def _days_a_bar(days: Sequence[CostDay]) -> int:
    return max(math.ceil(len(days) / MOST_BARS), 1)


def _stretches(days: Sequence[CostDay]) -> list[tuple[list[date], Spent]]:
    """The days, or even numbers of them, that have one bar each."""
    size = _days_a_bar(days)
    pieces = [days[first : first + size] for first in range(0, len(days), size)]
    return [([one.day for one in piece], together(one.spent for one in piece)) for piece in pieces]


def _label(days: Sequence[date], newest: date, *, so_far: bool) -> str:
    first, last = day_text(days[0], newest), day_text(days[-1], newest)
    text = first if len(days) == 1 else f"{first} to {last}"
    return f"{text} so far" if so_far and days[-1] == newest else text


def _upright(spent: Spent, x: float, place: float, high: float, bottom: int) -> tuple[Rect, ...]:
    """Start-up at the bottom, work on it."""
    whole, start = (high * float(part) for part in (spent.total, spent.start_up))
    gap = _gap(start, whole)
    found = ((START_UP, bottom - start, start), (WORK, bottom - whole, whole - start - gap))
    return tuple(
        Rect(css, _told(x), _told(y), _told(place * FILLED), _told(height))
        for css, y, height in found
        if height >= 0.05
    )


def _gap(start: float, whole: float) -> float:
    """None where a part is too small to lose it."""
    return GAP if min(start, whole - start) >= 2 * GAP else 0.0


def _dates(bars: Sequence[Bar], frame: _Frame, place: float) -> list[Mark]:
    """Every so many bars one label, and always the last."""
    if not bars:
        return []
    every = next(n for n in (1, 2, 7, 14, 28, 56) if len(bars) / n <= frame.labels)
    y = _told(frame.height - 8)
    last = Mark("t end", _told(frame.right), y, bars[-1].label.rpartition(" to ")[2])
    free = frame.right - LETTER * len(last.text) - 12
    found = []
    for n in range(0, len(bars) - 1, every):
        x, text = frame.left + place * (n + 0.5), bars[n].label.partition(" to ")[0]
        if x + LETTER * len(text) / 2 < free:
            found.append(Mark("t mid", _told(x), y, text))
    return [*found, last]


def _key(whole: Spent, frame: _Frame) -> list[Mark]:
    """What the two colours are, with the money of each."""
    share = whole.start_share
    named = (
        ("tb", "Work", whole.work, None if share is None else 1 - share),
        ("tc", "Starting up", whole.start_up, share),
    )
    found = []
    for (x, y), (css, name, amount, part) in zip(frame.key, named, strict=True):
        found.append(Mark(f"{css} big", _told(x), _told(y), f"{name} {dollars(amount)}"))
        if frame.shares and part is not None:
            told = f"{share_text(part)} of the estimate"
            found.append(Mark("tk2", _told(x), _told(y + 16), told))
    return found


def _step(amount: Decimal, step: Decimal) -> str:
    """`$0`, `$1`, `$0.50`: a mark of the scale, as fine as its steps."""
    if not amount:
        return "$0"
    places = 0 if step >= 1 else max(2, -step.adjusted())
    return f"${amount:,.{places}f}"


def _room_for(amounts: Sequence[str], frame: _Frame) -> _Frame:
    """The frame with as much room at its left as these take."""
    return replace(frame, left=max(frame.left, 10 + LETTER * max(map(len, amounts))))


def _told(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
