"""The phase bar: what is drawn, in shares of one linear scale.

A leader is a label above the bar with a line to its segment, for labels that do not fit inside.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from dashboard.domain.run.facts import Timed
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import clock, took
from dashboard.presentation.run.scale import FITS, Tick, at, axis, live_scale
from dashboard.presentation.run.scale import page_scale as page_scale
from dashboard.presentation.run.scale import scale_ticks as scale_ticks
from dashboard.presentation.run.segments import (
    OUTCOME_TONES,
    UNSEEN,
    Segment,
    segments_of,
    whole_queue,
)
from dashboard.presentation.run.time_left import TimeLeft

INSIDE, NUMBER_INSIDE = 96, 56
LETTER, MARGIN = 7.4, 26
PAINTS = {"queue": "url(#hatch)", "unknown": "url(#dots)"}
LEAD_HEIGHTS = (0, 20, 38)  # pixels above the bar: no leader, first step, second step
ZONE_CLEAR = 0.3  # of the width, between a leader and the words of the likely end
LEGEND = 640  # a narrower bar has its labels in a list below


@dataclass(frozen=True, slots=True)
class BarSegment:
    """A stretch of the bar; `word_from` is the bar's width from which its label fits inside."""

    kind: str  # queue, cold, run or unknown (dotted)
    x: str
    width: str
    middle: str
    label: str
    value: str
    word_from: int | None  # None: never
    number_from: int | None
    lead: bool = False  # has a label above, on a leader, where none fits inside
    step: int = 0  # 1 = the leader's label stands one step higher
    anchor: str = "start"
    growing: bool = False
    at_least: bool = False
    open_end: bool = False
    since: datetime | None = None
    first: bool = False
    last: bool = False

    @property
    def css(self) -> str:
        """Its class names in one string: rows of lists are made of these by the hundred."""
        flags = (("is-first", self.first), ("is-last", self.last), ("is-growing", self.growing))
        return " ".join(["seg", f"seg-{self.kind}", *(name for name, on in flags if on)])

    @property
    def paint(self) -> str:
        return PAINTS.get(self.kind, "")

    @property
    def lead_y(self) -> int:
        """How far above the bar the leader's label stands."""
        return -LEAD_HEIGHTS[1 + self.step] if self.lead else 0

    @property
    def hide_from(self) -> int | None:
        """The width from which something fits inside, so that the leader goes."""
        fits = [width for width in (self.number_from, self.word_from) if width is not None]
        return min(fits) if fits else None


@dataclass(frozen=True, slots=True)
class Zone:
    """The stretch from p50 to p90 of earlier ends; without a width only its words are left."""

    x: str
    width: str
    text_x: str
    anchor: str
    label: str  # empty where a leader's label stands in its place


@dataclass(frozen=True, slots=True)
class PhaseBar:
    segments: tuple[BarSegment, ...]
    ticks: tuple[Tick, ...]
    name: str  # one sentence, for screen readers
    scale: float
    end: str
    marker: str | None = None  # "now" of a live run
    stopper: str | None = None  # the tone of an end that was no success
    zone: Zone | None = None  # where a live run is likely to end

    @property
    def top(self) -> int:
        """The height that the leaders' labels need above."""
        steps = [1 + part.step for part in self.segments if part.lead]
        return LEAD_HEIGHTS[max(steps, default=1 if self.zone else 0)]


@dataclass(frozen=True, slots=True)
class NoPhaseBar:
    reason: str


@dataclass(frozen=True, slots=True)
class MiniBar:
    segments: tuple[BarSegment, ...]
    guides: tuple[str, ...]
    end: str
    torn: bool
    stopper: str | None
    name: str
    marker: str | None = None


def draw_bar(
    run: Timed, visibility: Visibility, past: TimeLeft | None = None
) -> PhaseBar | NoPhaseBar:
    """The bar of a run's page, or the reason why there is none.

    `past` is what earlier runs say of a live one: its scale holds their p90 too.
    """
    parts = segments_of(run, visibility)
    if isinstance(parts, str):
        return NoPhaseBar(parts)
    reached = sum(part.seconds for part in parts)
    likely = _likely(parts, reached, past)
    scale = reached if run.finished else live_scale(max(reached, *(likely or (0.0,))))
    if scale <= 0:
        return NoPhaseBar("No times reported")
    segments = _leaders(_segments(_dated(parts, visibility), scale))
    return PhaseBar(
        segments=segments,
        ticks=axis(scale, reached, _end_label(run, reached), ends=run.finished),
        name=_name(run, parts, reached),
        scale=scale,
        end=at(reached, scale),
        marker=at(reached, scale) if not run.finished and not visibility.lost else None,
        stopper=OUTCOME_TONES.get(run.status or "") if run.finished else None,
        zone=_zone(segments, likely, reached, scale, past),
    )


def _likely(
    parts: tuple[Segment, ...], reached: float, past: TimeLeft | None
) -> tuple[float, float] | None:
    """From where to where on the bar the end is likely, in seconds; nothing behind now."""
    if past is None or past.likely is None or not parts[-1].growing:
        return None
    begin = reached - parts[-1].seconds
    return max(reached, begin + past.likely[0]), begin + past.likely[1]


def _zone(
    segments: tuple[BarSegment, ...],
    likely: tuple[float, float] | None,
    reached: float,
    scale: float,
    past: TimeLeft | None,
) -> Zone | None:
    label = past.zone_text if past else ""
    if not label or not (likely or segments[-1].growing):
        return None
    first, last = likely or (reached, reached)
    share = first / scale
    taken = any(
        part.lead and abs(float(part.middle.rstrip("%")) / 100 - share) < ZONE_CLEAR
        for part in segments
    )
    return Zone(
        x=at(first, scale),
        width=f"{(last - first) / scale * 100:.3f}%",
        text_x=at(last if share > 0.7 else first, scale),
        anchor="end" if share > 0.7 else "start",
        label="" if taken else label,
    )


def draw_mini_bar(run: Timed, scale: float, visibility: Visibility | None = None) -> MiniBar | None:
    """The bar of a row on its page's scale; without `visibility` it is independent of the clock."""
    parts = segments_of(run, visibility)
    if isinstance(parts, str):
        return None
    parts = whole_queue(parts)
    reached = sum(part.seconds for part in parts)
    torn = reached > scale
    stopper = OUTCOME_TONES.get(run.status or "") if run.finished and not torn else None
    live = visibility is not None and not run.finished and not visibility.lost
    return MiniBar(
        segments=_segments(parts, scale),
        guides=tuple(tick.x for tick in scale_ticks(scale)),
        end=at(reached, scale),
        torn=torn,
        stopper=stopper,
        name=_name(run, parts, reached),
        marker=at(reached, scale) if live else None,
    )


def _dated(parts: tuple[Segment, ...], visibility: Visibility) -> tuple[Segment, ...]:
    if parts[-1].label != UNSEEN or visibility.observed_at is None:
        return parts
    moment = f"{clock(visibility.observed_at)} UTC"
    last = replace(parts[-1], label=f"{UNSEEN} since", value=moment, since=visibility.observed_at)
    return (*parts[:-1], last)


def _segments(parts: tuple[Segment, ...], scale: float) -> tuple[BarSegment, ...]:
    bar: list[BarSegment] = []
    begin = 0.0
    for part in parts:
        if begin > scale:
            break
        share = (min(begin + part.seconds, scale) - begin) / scale
        bar.append(_segment(part, begin, share, scale))
        begin += part.seconds
    bar[0] = replace(bar[0], first=True)
    bar[-1] = replace(bar[-1], last=True)
    return tuple(bar)


def _segment(part: Segment, begin: float, share: float, scale: float) -> BarSegment:
    text = f"{part.label} {part.value}{' so far' if part.growing else ''}"
    middle = begin / scale + share / 2
    # A moment alone, without “No updates since”, says nothing.
    number = 0.0 if part.label.startswith(UNSEEN) else share
    return BarSegment(
        kind=part.kind,
        x=at(begin, scale),
        width=f"{share * 100:.3f}%",
        middle=f"{middle * 100:.3f}%",
        label=part.label,
        value=part.value,
        word_from=_fits(share, max(INSIDE, len(text) * LETTER + MARGIN)),
        number_from=_fits(number, max(NUMBER_INSIDE, len(part.value) * LETTER + MARGIN)),
        anchor="end" if middle > 0.7 else "start",
        growing=part.growing,
        at_least=part.at_least,
        open_end=part.open_end,
        since=part.since,
    )


def _fits(share: float, needed: float) -> int | None:
    if share <= 0:
        return None
    return next((width for width in FITS if width * share >= needed), None)


def _leaders(segments: tuple[BarSegment, ...]) -> tuple[BarSegment, ...]:
    """Labels above for what may be too narrow; a third such neighbour is in the table alone."""
    result: list[BarSegment] = []
    in_a_row = 0
    for segment in segments:
        needs = bool(segment.label) and (segment.hide_from or LEGEND + 1) > LEGEND
        in_a_row = in_a_row + 1 if needs else 0
        result.append(replace(segment, lead=needs and in_a_row <= 2))
    for place, (one, after) in enumerate(pairwise(result)):
        if one.lead and after.lead:
            result[place : place + 2] = _stepped(one, after)
    return tuple(result)


def _stepped(one: BarSegment, after: BarSegment) -> tuple[BarSegment, BarSegment]:
    """Two labels side by side: the one whose text would cross the other's line stands higher."""
    if after.anchor == "end":
        return replace(one, anchor="end"), replace(after, step=1)
    return replace(one, step=1), after


def _end_label(run: Timed, reached: float) -> str:
    if not run.finished:
        return "now"
    if run.total is None:
        return "end not reported"
    words = {"failed": "failed at ", "cancelled": "cancelled at ", "timeout": "timed out at "}
    word = words.get(run.status or "")
    return f"{word}{took(reached)}" if word else f"{took(reached)} total"


def _name(run: Timed, parts: tuple[Segment, ...], reached: float) -> str:
    phases = ", ".join(f"{part.label} {part.value}".strip() for part in parts if part.label)
    if not run.finished:
        return f"{phases}; {took(reached)} so far."
    if run.total is None:
        return f"{phases}; end not reported."
    ended = {"failed": "failed", "cancelled": "cancelled", "timeout": "timed out"}
    word = ended.get(run.status or "", "in total")
    return f"{phases}; {word}{' after' if word != 'in total' else ''} {took(run.total)}."
