"""Run times by workflow, version and GPU: a row for each, with its runs as a strip of dots."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from dashboard.domain.filters.fields import VERSION, WORKFLOW
from dashboard.domain.insights.percentiles import MEDIAN_FROM, TAIL_FROM
from dashboard.domain.insights.speed import SpeedGroup
from dashboard.presentation.format import count, plural, took
from dashboard.presentation.insights.marks import px
from dashboard.presentation.insights.scales import Scale, scale_to
from dashboard.presentation.insights.speed_text import (
    Names,
    difference_words,
    gpu_text,
    name_of,
    tone_of,
)

MOST = 60  # rows
WIDTH, HEIGHT, MIDDLE = 520, 34, 17
RADIUS, BIN, STEP, STACK = 1.7, 3.0, 2.6, 9  # of dots; how many lie on each other at most
BEYOND = 2.5  # times the longest p90, or median, where a scale ends at the latest


@dataclass(frozen=True, slots=True)
class Strip:
    """The runs of a row: dots as one path, the band p25 to p90, the tick p50. Of places, text.

    `per_dot` is how many runs a dot stands for at most. `sentence` says it in words.
    """

    sentence: str
    dots: str
    per_dot: int
    band: tuple[str, str] | None  # its left end and width
    tick: str | None


@dataclass(frozen=True, slots=True)
class SpeedRow:
    """A row; `first` of its workflow: in those below, its name is there to be heard alone."""

    workflow: str
    first: bool
    version: str
    gpu: str
    runs: str
    p50: str
    p90: str
    few: bool  # too few for p90
    strip: Strip
    to: str
    delta: str
    tone: str
    against: str


@dataclass(frozen=True, slots=True)
class SpeedRows:
    """The rows that are shown, and how many groups are not."""

    rows: tuple[SpeedRow, ...]
    hidden: int
    per_dot: int  # the most of all rows


def speed_rows(groups: Sequence[SpeedGroup], names: Names) -> SpeedRows:
    """A row for each group, in their order; those of one workflow have one scale."""
    shown = groups[:MOST]
    rows: list[SpeedRow] = []
    for _, of_workflow in groupby(shown, key=lambda group: group.workflow):
        own = list(of_workflow)
        scale = _scale(own)
        rows += (_row(group, scale, names, first=not n) for n, group in enumerate(own))
    most = max((row.strip.per_dot for row in rows), default=1)
    return SpeedRows(tuple(rows), len(groups) - len(shown), most)


def _scale(groups: Iterable[SpeedGroup]) -> Scale:
    own = list(groups)
    longest = max(group.seconds[-1] for group in own)
    usual = max(group.p90 or group.p50 or group.seconds[-1] for group in own)
    return scale_to(min(longest, BEYOND * usual) or 1.0)


def _row(group: SpeedGroup, scale: Scale, names: Names, *, first: bool) -> SpeedRow:
    delta, against = difference_words(group.against, group.earlier)
    return SpeedRow(
        workflow=name_of(names, WORKFLOW, group.workflow),
        first=first,
        version=name_of(names, VERSION, group.version),
        gpu=gpu_text(group.gpu),
        runs=count(len(group.seconds)),
        p50=took(group.p50) if group.p50 is not None else f"under {MEDIAN_FROM}",
        p90=took(group.p90) if group.p90 is not None else f"under {TAIL_FROM}",
        few=group.p90 is None,
        strip=strip_of(group, scale),
        to=scale.labels[-1],
        delta=delta,
        tone=tone_of(group.against) if group.against else "",
        against=against,
    )


def strip_of(group: SpeedGroup, scale: Scale) -> Strip:
    """The dots of a group: its runs in steps of three pixels, on each other around the middle."""
    bins = Counter(
        min(round(scale.share(seconds) * WIDTH / BIN), int((WIDTH - RADIUS) / BIN)) or 1
        for seconds in group.seconds
    )
    per_dot = -(-max(bins.values()) // STACK)
    dots = "".join(
        _dot(place * BIN, MIDDLE + offset)
        for place, runs in sorted(bins.items())
        for offset in _offsets(-(-runs // per_dot))
    )
    band = None
    if group.p25 is not None and group.p90 is not None:
        left, right = (scale.share(end) * WIDTH for end in (group.p25, group.p90))
        band = px(left), px(max(right - left, 1.0))
    tick = px(min(scale.share(group.p50) * WIDTH, WIDTH - 2)) if group.p50 is not None else None
    told = f", p50 {took(group.p50)}" if group.p50 is not None else ""
    sentence = f"{plural(len(group.seconds), 'run')}{told}"
    return Strip(sentence, dots, per_dot, band, tick)


def _offsets(dots: int) -> list[float]:
    """Where dots lie above and below the middle, from it outwards: 0, 1, −1, 2, −2, …"""
    return [STEP * ((n + 1) // 2) * (1 if n % 2 else -1) for n in range(dots)]


def _dot(x: float, y: float) -> str:
    arc = f"a{RADIUS} {RADIUS} 0 1 0"
    return f"M{px(x - RADIUS)} {px(y)}{arc} {2 * RADIUS} 0{arc} -{2 * RADIUS} 0"
