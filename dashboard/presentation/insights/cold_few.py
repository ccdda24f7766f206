"""Few starts, each as a dot on a line of seconds."""

from collections.abc import Iterator

from dashboard.domain.insights.cold_starts import ColdFigures
from dashboard.presentation.format import plural, took
from dashboard.presentation.insights.cold_scale import seconds_scale
from dashboard.presentation.insights.marks import Dot, Drawing, Mark, across, px, text, upright

DESK, PHONE, HEIGHT, LINE = 520, 342, 92, 60
LEAST, EDGE = 60.0, 5  # seconds that the line has; room for half a dot at its ends


def few_drawing(figures: ColdFigures, cold_after: float, width: int = DESK) -> Drawing:
    """Every start of fewer than 20; `cold_after` are the seconds from which one is cold."""
    longest = max((start.seconds for start in figures.few), default=0.0)
    scale = seconds_scale(max(longest, LEAST))

    def x(seconds: float) -> float:
        return EDGE + scale.share(seconds) * (width - 2 * EDGE)

    def dots() -> Iterator[Mark]:
        for start in sorted(figures.few, key=lambda one: one.cold, reverse=True):
            kind = "cold" if start.cold else "warm"
            radius = "5" if start.cold else "4"
            title = f"{took(start.seconds)}, {kind}"
            yield Dot(f"d-{kind}", px(x(start.seconds)), px(LINE), radius, title)

    marks = (
        across("g0", EDGE, width - EDGE, LINE),
        text("t", EDGE, LINE + 26, "0"),
        text("t end", width - EDGE, LINE + 26, scale.marks[-1][1]),
        upright("gv", x(cold_after), LINE - 30, LINE + 6),
        text("t xs", x(cold_after) + 6, LINE - 24, f"{cold_after:g}\u202fs: cold from here"),
        *dots(),
    )
    return Drawing(width, HEIGHT, f"{plural(len(figures.few), 'start')}, each one dot", marks)
