"""The chart of a machine: its cold share over what its GPU costs a day, by warm time."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from dashboard.domain.insights.keep_warm import KeptWarm
from dashboard.domain.insights.warm_times import WarmTime
from dashboard.presentation.format import percent_text
from dashboard.presentation.insights.numbers import dollars, percent
from dashboard.presentation.insights.warm_numbers import warm_text

LEFT, RIGHT, TOP, BELOW = 44, 40, 26, 40  # around the plot
LETTER, LINE = 6.8, 14  # pixels of a label
MOST_TICKS = 4
QUARTER = 0.25


@dataclass(frozen=True, slots=True)
class Label:
    """A text; `at` is `start`, `mid` or `end`, which says what of it stands at `x`."""

    text: str
    x: str
    y: str
    at: str = "start"


@dataclass(frozen=True, slots=True)
class Dot:
    """One warm time, with the line of its interval."""

    x: str
    y: str
    high_y: str
    low_y: str
    is_today: bool
    title: str


@dataclass(frozen=True, slots=True)
class WarmChart:
    """What is drawn in `width` by `height`, in pixels."""

    width: int
    height: int
    sentence: str
    left: str
    right: str
    bottom: str
    tick_end: str
    rows: tuple[Label, ...]  # of the cold share, each with its line
    ticks: tuple[Label, ...]  # of the cost
    path: str
    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]  # of the dots; of those that would overlap the first
    today: Label | None


def warm_charts(kept: KeptWarm, name: str) -> tuple[WarmChart, ...]:
    """The chart for a desk and for a phone; none where costs or today's time are not known."""
    today = kept.today
    if today is None or any(one.cost is None for one in kept.times):
        return ()
    return tuple(_Plot(kept.times, today, *size).drawn(name) for size in ((540, 268), (343, 248)))


class _Plot:
    def __init__(self, times: Sequence[WarmTime], today: WarmTime, width: int, height: int) -> None:
        self.times, self.now, self.width, self.height = times, today, width, height
        self.right, self.bottom = width - RIGHT, height - BELOW
        highest = max(max(one.share, one.interval.high if one.interval else 0) for one in times)
        self.quarters = max(math.ceil(highest / QUARTER), 1)
        # A machine that costs nothing has a scale all the same.
        self.dearest = float(max(one.cost or 0 for one in times)) or 1.0

    def x(self, cost: float) -> float:
        return LEFT + (self.right - LEFT) * cost / self.dearest

    def y(self, share: float) -> float:
        return self.bottom - (self.bottom - TOP) * share / (self.quarters * QUARTER)

    def at(self, one: WarmTime) -> tuple[float, float]:
        return self.x(float(one.cost or 0)), self.y(one.share)

    def drawn(self, name: str) -> WarmChart:
        marks = [self.at(one) for one in self.times]
        today, taken = self._today()
        return WarmChart(
            width=self.width,
            height=self.height,
            sentence=self._sentence(name),
            left=_px(LEFT),
            right=_px(self.right),
            bottom=_px(self.bottom),
            tick_end=_px(self.bottom + 4),
            rows=tuple(
                Label(percent_text(25 * n), _px(LEFT - 8), _px(self.y(n * QUARTER)), "end")
                for n in range(self.quarters + 1)
            ),
            ticks=self._ticks(),
            path="M" + "L".join(f"{_px(x)} {_px(y)}" for x, y in marks),
            dots=tuple(self._dot(one) for one in self.times),
            labels=self._labels(taken),
            today=today,
        )

    def _sentence(self, name: str) -> str:
        first, last = self.times[0], self.times[-1]
        return (
            f"Cold share against GPU cost a day for {name}: from {percent(first.share)} at "
            f"{warm_text(first.seconds)} to {percent(last.share)} at {warm_text(last.seconds)}, "
            f"{percent(self.now.share)} at today’s {warm_text(self.now.seconds)}."
        )

    def _ticks(self) -> tuple[Label, ...]:
        step = _round_step(self.dearest / MOST_TICKS)
        found = []
        for n in range(int(self.dearest / step) + 1):
            amount = Decimal(repr(step)) * n
            text = f"${amount.normalize():,f}" if n else "$0"
            found.append(Label(text, _px(self.x(n * step)), _px(self.bottom + 18), "mid"))
        return tuple(found)

    def _dot(self, one: WarmTime) -> Dot:
        x, y = self.at(one)
        ends = (one.interval.high, one.interval.low) if one.interval else (one.share, one.share)
        return Dot(
            *(_px(x), _px(y), _px(self.y(ends[0])), _px(self.y(ends[1]))),
            is_today=one is self.now,
            title=f"{warm_text(one.seconds)}: {percent(one.share)} cold, "
            f"{dollars(one.cost or Decimal(0))} a day",
        )

    def _today(self) -> tuple[Label, list["_Box"]]:
        """The label of today's time, under its dot or, near the ground, above it."""
        x, y = self.at(self.now)
        text = f"{warm_text(self.now.seconds)}, set today"
        below = y + 48 < self.bottom
        at = "end" if x > self.right - len(text) * LETTER else "start"
        label = Label(text, _px(x), _px(y + 38 if below else y - 18), at)
        return label, [_box(label), *(_around(*self.at(one)) for one in self.times)]

    def _labels(self, taken: list["_Box"]) -> tuple[Label, ...]:
        found = []
        for one in self.times:
            label = None if one is self.now else self._placed(one, taken)
            if label:
                found.append(label)
                taken.append(_box(label))
        return tuple(found)

    def _placed(self, one: WarmTime, taken: list["_Box"]) -> Label | None:
        """Its label at the first of a few places where it overlaps nothing and is inside."""
        x, y = self.at(one)
        text = warm_text(one.seconds)
        places = ((x + 10, y - 6, "start"), (x, y - 16, "mid"), (x, y + 24, "mid"))
        for left, base, at in places:
            label = Label(text, _px(left), _px(base), at)
            box = _box(label)
            inside = box[0] >= LEFT and box[2] <= self.width and box[1] >= 12
            if inside and box[3] <= self.bottom and not any(_overlap(box, each) for each in taken):
                return label
        return None


_Box = tuple[float, float, float, float]  # left, top, right, bottom


def _box(label: Label) -> _Box:
    wide, x, y = len(label.text) * LETTER, float(label.x), float(label.y)
    left = x - {"start": 0.0, "mid": wide / 2, "end": wide}[label.at]
    return left, y - LINE + 3, left + wide, y + 3


def _around(x: float, y: float) -> _Box:
    return x - 6, y - 6, x + 6, y + 6


def _overlap(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _round_step(least: float) -> float:
    """The smallest of 1, 2 and 5 times a power of ten that is no smaller."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(
        step for part in (1, 2, 5, 10) if (step := round(part * power, 12)) >= least * 0.999999
    )


def _px(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
