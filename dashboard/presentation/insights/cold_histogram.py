"""How long starts took, in bars of a second: warm ones above, cold ones below."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.domain.insights.cold_starts import ColdFigures
from dashboard.domain.insights.start_histogram import BARS
from dashboard.domain.insights.starts import StartTimes
from dashboard.presentation.format import count, plural, took
from dashboard.presentation.insights.marks import (
    Drawing,
    Mark,
    Section,
    Table,
    across,
    rect,
    text,
    upright,
    width_of,
)

FOUND, PLAIN = "Warm and cold starts are two separate groups", "How long starts take"
SENTENCE = "Histogram of start times, warm and cold apart"
HEAD = ("Seconds", "Warm starts", "Cold starts")
HEIGHT = 336
GAP = 0.5  # on both sides of a bar
WORDS_AT = 0.63  # of the width, where what cold starts come to stands
TO_LEFT = 35  # seconds: where the cold p50 is longer, that stands at the left
STEP = 15  # seconds between two labels


@dataclass(frozen=True, slots=True)
class Row:
    """One kind of start: its base line and how high its tallest bar is."""

    kind: str
    css: str
    base: int
    high: int


WARM, COLD = Row("warm", "f-warm", 116, 92), Row("cold", "f-cold", 312, 150)


def histogram_section(figures: ColdFigures, cold_after: float) -> Section:
    """`cold_after` are the seconds from which a start counts as cold."""
    histogram = figures.histogram
    rows = zip(histogram.warm, histogram.cold, strict=True)
    return Section(
        heading=FOUND if histogram.apart else PLAIN,
        text=f"{plural(figures.share.n, 'start')} in bars of 1\u202fs. "
        "Each row has its own height scale.",
        desk=_drawing(figures, cold_after, 474),
        phone=_drawing(figures, cold_after, 358),
        table=Table(
            HEAD,
            tuple(
                (_bar_text(n), count(warm), count(cold))
                for n, (warm, cold) in enumerate(rows)
                if warm or cold
            ),
        ),
    )


def _bar_text(n: int) -> str:
    return f"{n}–{n + 1}\u202fs" if n < BARS - 1 else f"{n}\u202fs and more"


def _drawing(figures: ColdFigures, cold_after: float, width: int) -> Drawing:
    histogram = figures.histogram
    limit = min(cold_after, BARS) * width / BARS
    marks = (
        *_bars(histogram.warm, WARM, width),
        *_bars(histogram.cold, COLD, width),
        across("g0", 0, width, WARM.base),
        across("g0", 0, width, COLD.base),
        upright("gv", limit, 10, COLD.base),
        *_limit_words(cold_after, limit, width),
        *_warm_words(figures, limit, width),
        *_cold_words(figures, limit, width),
        *_middle(figures.cold_start, width),
        *_labels(width, open_end=bool(histogram.warm[-1] or histogram.cold[-1])),
    )
    return Drawing(width, HEIGHT, SENTENCE, marks)


def _bars(bars: tuple[int, ...], row: Row, width: int) -> Iterator[Mark]:
    tallest, one = max(bars), width / BARS
    for n, starts in enumerate(bars):
        if starts:
            high = row.high * starts / tallest
            title = f"{_bar_text(n)}: {plural(starts, f'{row.kind} start')}"
            place = (n * one + GAP, row.base - high)
            yield rect(row.css, place, (one - 2 * GAP, high), title)


def _limit_words(cold_after: float, limit: float, width: int) -> Iterator[Mark]:
    words = f"{cold_after:g}\u202fs: counted as cold from here"
    if limit <= width / 2:
        yield text("t xs", limit + 8, 20, words)
    else:
        yield text("t xs end", limit - 8, 20, words)


def _told(times: StartTimes, bars: tuple[int, ...], kind: str) -> list[tuple[str, str]]:
    """How many there are, what they come to, and what the tallest bar stands for, with classes."""
    if not times.n:
        return []
    values = (("p50", times.p50), ("p90", times.p90))
    told = ", ".join(f"{name} {took(value)}" for name, value in values if value is not None)
    head = "tw big" if kind == WARM.kind else "tc big"
    lines = [(head, f"{count(times.n)} {kind}"), ("tk2", told)]
    return [line for line in lines if line[1]] + [
        ("t xs", f"tallest bar: {plural(max(bars), 'start')}")
    ]


def _words(told: list[tuple[str, str]], x: float, y: float) -> Iterator[Mark]:
    return (text(css, x, y + 17 * n, words) for n, (css, words) in enumerate(told))


def _warm_words(figures: ColdFigures, limit: float, width: int) -> Iterator[Mark]:
    told = _told(figures.warm_start, figures.histogram.warm, WARM.kind)
    longest = max((width_of(words) for _, words in told), default=0)
    return _words(told, min(limit + 8, width - longest), 54)


def _cold_words(figures: ColdFigures, limit: float, width: int) -> Iterator[Mark]:
    times = figures.cold_start
    told = _told(times, figures.histogram.cold, COLD.kind)
    longest = max((width_of(words) for _, words in told), default=0)
    right = min(width * WORDS_AT, width - longest)
    far = times.p50 is not None and times.p50 > TO_LEFT
    return _words(told, min(limit + 8, right) if far else right, 196)


def _middle(times: StartTimes, width: int) -> Iterator[Mark]:
    if times.p50 is not None:
        x = min(times.p50, BARS) * width / BARS
        yield upright("w", x, COLD.base - COLD.high - 4, COLD.base)
        yield text("tb xs halo end", x - 5, COLD.base - COLD.high + 2, "p50")


def _labels(width: int, *, open_end: bool) -> Iterator[Mark]:
    y = COLD.base + 18
    yield text("t", 0, y, "0")
    for seconds in range(STEP, BARS, STEP):
        yield text("t mid", seconds * width / BARS, y, f"{seconds}\u202fs")
    yield text("t end", width, y, f"{BARS}\u202fs{' +' if open_end else ''}")
