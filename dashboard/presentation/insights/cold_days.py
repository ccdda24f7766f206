"""Cold starts by day: how long they took, and below it how many of all starts they were."""

from collections.abc import Iterator
from dataclasses import dataclass

from dashboard.domain.insights.cold_starts import ColdFigures
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.start_days import StartDay
from dashboard.presentation.format import count, plural, took
from dashboard.presentation.insights.cold_day_shares import share_marks
from dashboard.presentation.insights.cold_markers import (
    Marked,
    Names,
    marker_lines,
    name_of,
    step_marks,
)
from dashboard.presentation.insights.cold_scale import (
    DaysScale,
    SecondsScale,
    day_text,
    last_day_text,
    seconds_scale,
)
from dashboard.presentation.insights.marks import (
    Dot,
    Drawing,
    Mark,
    Section,
    Table,
    across,
    band_path,
    line_path,
    px,
    text,
)
from dashboard.presentation.insights.numbers import NONE, percent, percents

PLAIN = "Start time per day"
SENTENCE = "Cold start per day with p50 and p95, warm start p50, and the share of cold starts"
HEAD = ("Day", "Starts", "Cold", "Share", "95\u202f% interval", "Cold p50", "p50 of 7 days")
HEAD_END = ("p95 of 7 days", "Warm p50 of 7 days")
APART = 15  # of two texts on each other


@dataclass(frozen=True, slots=True)
class DaysFrame:
    """Where the parts of the drawing lie."""

    width: int
    height: int
    left: int
    right: int
    top: int  # of the seconds
    bottom: int
    dot: float
    phone: bool

    @property
    def shares(self) -> int:
        """The base of the shares below."""
        return self.bottom + 72


DESK = DaysFrame(826, 346, 44, 730, 58, 248, 3.4, phone=False)
PHONE = DaysFrame(358, 338, 44, 350, 70, 240, 2.6, phone=True)


def days_section(figures: ColdFigures, period: Period, names: Names) -> Section:
    return Section(
        heading=_heading(figures, period, names),
        text=_text(figures, names),
        desk=_drawing(figures, period, names, DESK),
        phone=_drawing(figures, period, names, PHONE),
        table=Table((*HEAD, *HEAD_END), tuple(_row(day) for day in figures.days)),
    )


def _heading(figures: ColdFigures, period: Period, names: Names) -> str:
    step = figures.step
    if step is None:
        return PLAIN
    workflow, version = name_of(names, step.marker)
    size, way = took(abs(step.difference)), "longer" if step.difference > 0 else "less"
    return (
        f"{workflow} cold starts take {size} {way} since "
        f"{day_text(period.day_of(step.marker.at))} ({version})"
    )


def _text(figures: ColdFigures, names: Names) -> str:
    starts = plural(figures.share.part, "cold start")
    told = [
        f"{starts}. Dot: p50 of the day, hollow under 5.",
        "Smooth line: p50 of 7 days, band up to p95.",
    ]
    step = figures.step
    if step is not None:
        low, high = (took(abs(end)) for end in _rising(step.change.low, step.change.high))
        told.append(
            f"Stepped line: {name_of(names, step.marker)[0]} on {step.gpu}, "
            f"{step.n_before} and {plural(step.n_after, 'start')}; "
            f"change {low} to {high}, 95\u202f% interval."
        )
    told.append("Below: share of cold starts per day, 95\u202f% interval.")
    return " ".join(told)


def _rising(low: float, high: float) -> tuple[float, float]:
    return (low, high) if low >= 0 else (high, low)


def _drawing(figures: ColdFigures, period: Period, names: Names, frame: DaysFrame) -> Drawing:
    days = DaysScale(period, frame.left, frame.right)
    scale = seconds_scale(_most(figures))
    marked = Marked(figures.markers, figures.step.marker if figures.step else None)
    marks = (
        *_grid(frame, scale),
        *_band(figures, frame, days, scale),
        *marker_lines(marked, names, days, frame.top, frame.bottom, phone=frame.phone),
        *_lines(figures, frame, days, scale),
        *_dots(figures.days, frame, days, scale),
        *_step(figures, names, frame, days, scale),
        *_line_labels(figures.days[-1], frame, scale),
        *share_marks(figures, days, frame.shares, beside=not frame.phone),
        *_day_labels(period, frame, days),
    )
    return Drawing(frame.width, frame.height, SENTENCE, marks)


def _most(figures: ColdFigures) -> float:
    """How far the seconds reach: all lines, and the days that have a p50; others stand at the end.

    Where no line is drawn the longest day counts.
    """
    days, step = figures.days, figures.step
    found = [
        value
        for day in days
        for value in (day.week_p95, day.week_p50, day.week_warm, day.p50)
        if value is not None
    ]
    if step is not None:
        found += [step.p50_before, step.p50_after]
    return max(found or [day.middle for day in days if day.middle is not None], default=1.0)


def _y(frame: DaysFrame, scale: SecondsScale, seconds: float) -> float:
    return frame.bottom - scale.share(seconds) * (frame.bottom - frame.top)


def _grid(frame: DaysFrame, scale: SecondsScale) -> Iterator[Mark]:
    for seconds, label in scale.marks:
        y = _y(frame, scale, seconds)
        yield across("g" if seconds else "g0", frame.left, frame.right, y)
        yield text("t end", frame.left - 8, y + 4, label)


def _band(
    figures: ColdFigures, frame: DaysFrame, days: DaysScale, scale: SecondsScale
) -> Iterator[Mark]:
    points = [_spread(day, days.middle(n), frame, scale) for n, day in enumerate(figures.days)]
    yield from band_path("f-band", points)
    yield from line_path("l-edge", (point and point[:2] for point in points))


def _spread(
    day: StartDay, x: float, frame: DaysFrame, scale: SecondsScale
) -> tuple[float, float, float] | None:
    """Where the p95 and p50 of the week of a day lie."""
    if day.week_p50 is None or day.week_p95 is None:
        return None
    return x, _y(frame, scale, day.week_p95), _y(frame, scale, day.week_p50)


def _lines(
    figures: ColdFigures, frame: DaysFrame, days: DaysScale, scale: SecondsScale
) -> Iterator[Mark]:
    for css, values in (
        ("l-cold", [day.week_p50 for day in figures.days]),
        ("l-warm", [day.week_warm for day in figures.days]),
    ):
        yield from line_path(
            css,
            (
                None if value is None else (days.middle(n), _y(frame, scale, value))
                for n, value in enumerate(values)
            ),
        )


def _dots(
    of_days: tuple[StartDay, ...], frame: DaysFrame, days: DaysScale, scale: SecondsScale
) -> Iterator[Mark]:
    radius = min(frame.dot, max(1.2, days.width / 2))
    for n, day in enumerate(of_days):
        if day.middle is not None:
            css = "d-open" if day.p50 is None else "d-cold"
            starts = plural(day.cold, "cold start")
            title = f"{day_text(day.day)}: p50 {took(day.middle)} of {starts}"
            y = _y(frame, scale, day.middle)
            yield Dot(css, px(days.middle(n)), px(y), px(radius), title)


def _step(
    figures: ColdFigures, names: Names, frame: DaysFrame, days: DaysScale, scale: SecondsScale
) -> Iterator[Mark]:
    step = figures.step
    if step is not None:
        before, after = (_y(frame, scale, value) for value in (step.p50_before, step.p50_after))
        yield from step_marks(step, names, days, before, after)


def _line_labels(day: StartDay, frame: DaysFrame, scale: SecondsScale) -> Iterator[Mark]:
    """What the lines are and come to at their ends; on a phone above or below, else beside them."""
    lowest = frame.bottom + 4.0
    for css, name, kind, value in (
        ("tw", "p50", "warm", day.week_warm),
        ("tc", "p50", "cold", day.week_p50),
        ("tk2", "p95", "cold", day.week_p95),
    ):
        if value is None:
            continue
        beside = (16 if css == "tc" else -8) if frame.phone else 4
        y = min(_y(frame, scale, value) + beside, lowest)
        lowest = y - APART
        if frame.phone:
            yield text(f"{css} halo end", frame.right, y, f"{kind} {name} {took(value)}")
        else:
            words = f"{'warm' if css == 'tw' else name} {took(value)}"
            yield text(css, frame.right + 8, y, words)


def _day_labels(period: Period, frame: DaysFrame, days: DaysScale) -> Iterator[Mark]:
    labels = days.labels(100 if frame.phone else 90)
    y = frame.shares + 20
    for n, label in labels[:-1]:
        yield text("t mid", days.middle(n), y, label)
    n, label = labels[-1]
    words = label if frame.phone else last_day_text(period)
    if frame.phone:
        yield text("t end", frame.right, y, words)
    else:
        yield text("t mid", days.middle(n), y, words)


def _row(day: StartDay) -> tuple[str, ...]:
    share = day.share
    told = share.interval is not None and share.value is not None
    seconds = (day.p50, day.week_p50, day.week_p95, day.week_warm)
    return (
        day_text(day.day),
        count(share.n),
        count(day.cold),
        percent(share.value) if told and share.value is not None else NONE,
        percents(share.interval) or NONE,
        *(NONE if value is None else took(value) for value in seconds),
    )
