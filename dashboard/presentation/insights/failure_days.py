"""The share of failures by day, with its interval, and the days that stand out."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.domain.insights.failure_days import FailureDay
from dashboard.domain.insights.failures import FailureFigures
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.version_steps import VersionMarker
from dashboard.presentation.format import THIN, count, plural
from dashboard.presentation.insights.cold_markers import Marked, marker_lines
from dashboard.presentation.insights.cold_scale import DaysScale, day_text, last_day_text
from dashboard.presentation.insights.failure_words import Names, fine_percent, fine_percents
from dashboard.presentation.insights.marks import (
    Dot,
    Drawing,
    Mark,
    Section,
    Table,
    Text,
    across,
    px,
    rect,
    text,
    upright,
    width_of,
)
from dashboard.presentation.insights.numbers import NONE, percent, percents

PLAIN = "Failure share per day"
SENTENCE = f"Failure share per day with 95{THIN}% intervals"
HEAD = ("Day", "Ended", "Failed or timed out", "Share", f"95{THIN}% interval")
TOPS = (0.1, 0.2, 0.5, 1.0)  # where the scale may end
SURE = 20  # runs, under which a dot is hollow
APART = 13  # of two texts on each other
LINES = 3  # in which a day's words may stand
DIGIT, GAP = 6, 8  # of a day's width, that the number of its runs needs


@dataclass(frozen=True, slots=True)
class DaysFrame:
    """Where the parts of the drawing lie."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    phone: bool


DESK = DaysFrame(1360, 214, 44, 1260, 58, 170, phone=False)
PHONE = DaysFrame(358, 234, 44, 350, 58, 190, phone=True)


def days_section(figures: FailureFigures, period: Period, names: Names) -> Section:
    return Section(
        heading=_heading(figures),
        text=_text(figures),
        desk=_drawing(figures, period, names, DESK),
        phone=_drawing(figures, period, names, PHONE),
        table=Table(HEAD, tuple(_row(day) for day in figures.days)),
    )


def _heading(figures: FailureFigures) -> str:
    step = figures.step
    if step is None:
        return PLAIN
    return f"Failure share went {'up' if step.up else 'down'} on {day_text(step.day)}"


def _text(figures: FailureFigures) -> str:
    told = [
        "Failed or timed out, of the day’s runs that ended and were not cancelled.",
        f"Line: 95{THIN}% interval. Hollow: under {SURE} runs. Hatched: under 5.",
        f"Grey band: {_whole(figures)}. Words where a day lies above it.",
    ]
    step = figures.step
    if step and step.before.value is not None and step.since.value is not None:
        told.append(
            f"Before {day_text(step.day)}: {fine_percent(step.before.value)} of "
            f"{plural(step.before.n, 'run')}; since then: {fine_percent(step.since.value)} of "
            f"{count(step.since.n)}."
        )
    return " ".join(told)


def _whole(figures: FailureFigures) -> str:
    days = len(figures.days)
    return "the whole time" if days == 1 else f"all {days} days"


def _drawing(figures: FailureFigures, period: Period, names: Names, frame: DaysFrame) -> Drawing:
    days, top = DaysScale(period, frame.left, frame.right), _top(figures)
    marked = Marked(figures.markers, _own_marker(figures))
    marks = (
        *_grid(frame, top),
        *_band(figures, frame, top),
        *marker_lines(marked, names, days, frame.top, frame.bottom, phone=frame.phone),
        *_days(figures.days, frame, days, top),
        *_words(figures, frame, days, top),
        *_labels(figures, period, frame, days),
    )
    return Drawing(frame.width, frame.height, SENTENCE, marks)


def _own_marker(figures: FailureFigures) -> VersionMarker | None:
    new = figures.new
    return next(
        (one for one in figures.markers if new and (one.workflow, one.version) == new.version), None
    )


def _top(figures: FailureFigures) -> float:
    """The end of the scale that every interval is within."""
    shares = [figures.now.share, *(day.share for day in figures.days)]
    most = max((share.interval.high for share in shares if share.interval), default=0.0)
    return next(top for top in TOPS if top >= most)


def _y(frame: DaysFrame, top: float, share: float) -> float:
    return frame.bottom - share / top * (frame.bottom - frame.top)


def _grid(frame: DaysFrame, top: float) -> Iterator[Mark]:
    for share in (0, top / 2, top):
        y = _y(frame, top, share)
        yield across("g" if share else "g0", frame.left, frame.right, y)
        yield text("t end", frame.left - 8, y + 4, f"{share * 100:g}{THIN}%")


def _band(figures: FailureFigures, frame: DaysFrame, top: float) -> Iterator[Mark]:
    """The share of the whole time with its interval, and what it is beside it."""
    share = figures.now.share
    if share.interval is None or share.value is None:
        return
    high, low, y = (
        _y(frame, top, each) for each in (share.interval.high, share.interval.low, share.value)
    )
    width = frame.right - frame.left
    yield rect("f-band2", (frame.left, high), (width, low - high), fine_percents(share.interval))
    yield across("g0", frame.left, frame.right, y)
    if not frame.phone:
        yield text("tb", frame.right + 8, y + 1, fine_percent(share.value))
        yield text("tk2", frame.right + 8, y + 16, _whole(figures))


def _days(
    of_days: tuple[FailureDay, ...], frame: DaysFrame, days: DaysScale, top: float
) -> Iterator[Mark]:
    radius, wide = min(4, max(1.2, days.width / 2)), min(20, days.width * 0.62)
    for n, day in enumerate(of_days):
        x, share = days.middle(n), day.share
        if share.interval is None or share.value is None:
            place, size = (x - wide / 2, frame.top), (wide, frame.bottom - frame.top)
            yield rect("f-hatch", place, size, _title(day))
            continue
        ends = (_y(frame, top, end) for end in (share.interval.low, share.interval.high))
        yield upright("w-fail", x, *ends)
        css = "d-fail" if share.n >= SURE else "d-fopen"
        yield Dot(css, px(x), px(_y(frame, top, share.value)), px(radius), _title(day))


def _title(day: FailureDay) -> str:
    share = day.share
    if share.interval is None:
        return f"{day_text(day.day)}: {plural(share.n, 'run')}, too few"
    return (
        f"{day_text(day.day)}: {count(share.part)} of {plural(share.n, 'run')} failed, "
        f"{percents(share.interval)}"
    )


def _words(
    figures: FailureFigures, frame: DaysFrame, days: DaysScale, top: float
) -> Iterator[Mark]:
    """How many failed on the days that stand out, those that do so most first.

    A text moves up where another is in its way; where there is no room it is left out.
    """
    found = [
        (day.share.interval.low, day.share.interval.high, days.middle(n), day)
        for n, day in enumerate(figures.days)
        if day.share.interval and day.stands_out(figures.now.share)
    ]
    taken: list[tuple[float, float, float]] = []
    for _, high, x, day in sorted(found, key=lambda each: -each[0]):
        words = f"{count(day.share.part)} of {count(day.share.n)}"
        mark = _placed(words, x, _y(frame, top, high) - 6, frame, taken)
        if mark is not None:
            yield mark


def _placed(
    words: str, x: float, y: float, frame: DaysFrame, taken: list[tuple[float, float, float]]
) -> Text | None:
    half = width_of(words) / 2
    x = min(max(x, frame.left + half), frame.right - half if frame.phone else frame.width - half)
    for line in range(LINES):
        at = y - line * APART
        if at < frame.top - 8:
            return None
        if all(abs(x - other) >= half + wide or abs(at - up) >= APART for other, up, wide in taken):
            taken.append((x, at, half))
            return text("tf halo mid", x, at, words)
    return None


def _labels(
    figures: FailureFigures, period: Period, frame: DaysFrame, days: DaysScale
) -> Iterator[Mark]:
    """How many runs ended, where there is room for all of it, and the days."""
    numbers = [count(day.share.n) for day in figures.days]
    roomy = days.width >= max(map(len, numbers)) * DIGIT + GAP
    if roomy:
        yield text("t xs end", frame.left - 8, frame.bottom + 16, "runs")
        for n, number in enumerate(numbers):
            yield text("t xs mid", days.middle(n), frame.bottom + 16, number)
    y = frame.bottom + (36 if roomy else 20)
    labels = days.labels(100 if frame.phone else 90)
    for n, label in labels[:-1]:
        yield text("t mid", days.middle(n), y, label)
    n, label = labels[-1]
    if frame.phone:
        yield text("t end", frame.right, y, label)
    else:
        yield text("t mid", days.middle(n), y, last_day_text(period))


def _row(day: FailureDay) -> tuple[str, ...]:
    share = day.share
    told = share.interval is not None and share.value is not None
    return (
        day_text(day.day),
        count(share.n),
        count(share.part),
        percent(share.value) if told and share.value is not None else NONE,
        percents(share.interval) or NONE,
    )
