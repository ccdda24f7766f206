"""Run times over the time of the page, for each series that has changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.domain.insights.percentiles import percentile
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.speed import Series, Speed
from dashboard.presentation.format import plural, took
from dashboard.presentation.insights.marks import px
from dashboard.presentation.insights.scales import Scale, scale_to
from dashboard.presentation.insights.speed_text import (
    Names,
    day_text,
    interval_text,
    marker_text,
    moment_text,
    series_name,
    signed,
    tone_of,
)

MOST = 6  # charts
DOTS = 400  # of a chart
BEYOND = 2.5  # times the p90, where a scale ends at the latest
STEPS = 3  # of the scale of seconds
SHORT = timedelta(days=3)  # of a shorter time the hours are told
ROOM = 130  # pixels of a stretch that has a label, at least


@dataclass(frozen=True, slots=True)
class Frame:
    """The size of a drawing and where its plot lies in it."""

    width: int
    left: int
    right: int
    ticks: int
    height: int = 200
    top: int = 40
    bottom: int = 174


DESK, PHONE = Frame(640, 40, 564, 5), Frame(358, 36, 290, 3)


@dataclass(frozen=True, slots=True)
class Text:
    """Words at a place; `anchor` is a class: "", "mid" or "end"."""

    x: str
    y: str
    words: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """The median of a stretch between two changes, with words beside it where there is room."""

    path: str
    value: Text | None
    runs: Text | None


@dataclass(frozen=True, slots=True)
class Drawing:
    """A chart of one width, in places as text."""

    frame: Frame
    lines: tuple[str, ...]  # the heights of the scale's lines; the first is 0
    scale: tuple[Text, ...]
    days: tuple[Text, ...]
    dots: tuple[tuple[str, str], ...]
    levels: tuple[Level, ...]
    marks: tuple[str, ...]  # where the changes are
    markers: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Stretch:
    """A row of the table behind a chart."""

    begin: str
    runs: str
    p50: str
    delta: str
    tone: str
    interval: str
    marker: str


@dataclass(frozen=True, slots=True)
class ChangeChart:
    """A series that has changed: its name, its chart in words and in two widths, its table."""

    name: str
    sentence: str
    desk: Drawing
    phone: Drawing
    stretches: tuple[Stretch, ...]
    per_dot: int  # of so many runs one is drawn


def change_charts(speed: Speed, period: Period, names: Names) -> tuple[ChangeChart, ...]:
    """The charts of the series that have changed, the newest change first, six at most."""
    order = list(dict.fromkeys((each.workflow, each.gpu) for each, _ in speed.changed))
    series = {(each.workflow, each.gpu): each for each in speed.series}
    return tuple(_chart(series[key], period, names) for key in order[:MOST])


def _chart(series: Series, period: Period, names: Names) -> ChangeChart:
    stretches = tuple(_stretches(series, period, names))
    markers = [marker_text(series, change, names, period.zone) for change in series.changes]
    told = (
        f"p50 {took(change.after)} from {marker}, before {took(change.before)}"
        for change, marker in zip(series.changes, markers, strict=True)
    )
    return ChangeChart(
        name=series_name(series, names),
        sentence=f"Run time of {series_name(series, names)}: {'; '.join(told)}",
        desk=_drawing(series, period, markers, DESK),
        phone=_drawing(series, period, markers, PHONE),
        stretches=stretches,
        per_dot=_per_dot(series),
    )


def _per_dot(series: Series) -> int:
    return -(-len(series.runs) // DOTS)


def _stretches(series: Series, period: Period, names: Names) -> Iterator[Stretch]:
    first = series.changes[0]
    begin = moment_text(series.runs[0].created, period.zone)
    yield Stretch(begin, f"{first.runs_before:,}", took(first.before), "", "", "", "")
    for change in series.changes:
        yield Stretch(
            begin=moment_text(series.moment(change), period.zone),
            runs=f"{change.runs_after:,}",
            p50=took(change.after),
            delta=signed(change.difference.value),
            tone=tone_of(change.difference),
            interval=interval_text(change.difference),
            marker=marker_text(series, change, names, period.zone).partition(" · ")[2],
        )


def _drawing(series: Series, period: Period, markers: Sequence[str], frame: Frame) -> Drawing:
    ordered = sorted(series.seconds)
    scale = scale_to(min(ordered[-1], BEYOND * percentile(ordered, 90)) or 1.0, STEPS)
    heights = [frame.bottom + (frame.top - frame.bottom) * n / STEPS for n in range(STEPS + 1)]
    places = [_across(series.moment(change), period, frame) for change in series.changes]
    step = _per_dot(series)
    return Drawing(
        frame=frame,
        lines=tuple(map(px, heights)),
        scale=tuple(
            Text(px(frame.left - 8), px(y + 4), words, "end")
            for y, words in zip(heights, scale.labels, strict=True)
        ),
        days=tuple(_days(period, frame)),
        dots=tuple(
            (px(_across(run.created, period, frame)), px(_up(seconds, scale, frame)))
            for run, seconds in zip(series.runs[::step], series.seconds[::step], strict=True)
        ),
        levels=tuple(_levels(series, places, scale, frame)),
        marks=tuple(map(px, places)),
        markers=tuple(_markers(markers, places, frame)),
    )


def _across(at: datetime, period: Period, frame: Frame) -> float:
    share = (at - period.begin) / (period.end - period.begin) if period.end > period.begin else 0.0
    return frame.left + (frame.right - frame.left) * min(max(share, 0.0), 1.0)


def _up(seconds: float, scale: Scale, frame: Frame) -> float:
    return frame.bottom + (frame.top - frame.bottom) * scale.share(seconds)


def _days(period: Period, frame: Frame) -> Iterator[Text]:
    """Days at even distances; of a short time the hours too."""
    whole = period.end - period.begin
    last = ""
    for n in range(frame.ticks):
        at = period.begin + whole * n / (frame.ticks - 1)
        here = at.astimezone(period.zone)
        words = f"{here:%H:%M}" if whole < SHORT else day_text(at, period.zone)
        if words != last:
            x = _across(at, period, frame)
            yield Text(px(x), px(frame.bottom + 20), words, "mid")
        last = words


def _levels(series: Series, places: Sequence[float], scale: Scale, frame: Frame) -> Iterator[Level]:
    first = series.changes[0]
    told = [(first.before, first.runs_before)]
    told += [(change.after, change.runs_after) for change in series.changes]
    marks = [float(frame.left), *places, float(frame.right)]
    for n, (p50, runs) in enumerate(told):
        begin, end, y = marks[n], marks[n + 1], _up(p50, scale, frame)
        value = words = None
        if n == len(told) - 1:
            high = min(max(y, frame.top + 4), frame.bottom - 14)
            value = Text(px(frame.right + 6), px(high + 4), took(p50))
            words = Text(px(frame.right + 6), px(high + 19), plural(runs, "run"))
        elif end - begin >= ROOM:
            low = y + 30 if y + 34 <= frame.bottom else y - 22
            words = Text(px(begin + 6), px(low), f"p50 {took(p50)}, {plural(runs, 'run')}")
        yield Level(f"M{px(begin)} {px(y)}H{px(end)}", value, words)


def _markers(markers: Sequence[str], places: Sequence[float], frame: Frame) -> Iterator[Text]:
    """The words beside the changes, in two lines by turns, on the side with more room."""
    for n, (words, x) in enumerate(zip(markers, places, strict=True)):
        right = x > (frame.left + frame.right) / 2
        short = words if frame is DESK else words.replace("near the first run of ", "near ")
        short = short if frame is DESK else short.replace("first run of ", "")
        yield Text(
            px(x - 6 if right else x + 6), px(12 + 15 * (n % 2)), short, "end" if right else ""
        )
