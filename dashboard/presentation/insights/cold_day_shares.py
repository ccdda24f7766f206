"""How many of all starts were cold, by day, below the drawing of how long they took."""

from collections.abc import Iterator

from dashboard.domain.insights.cold_starts import ColdFigures
from dashboard.domain.insights.start_days import StartDay
from dashboard.presentation.insights.cold_numbers import share_title
from dashboard.presentation.insights.cold_scale import DaysScale, day_text
from dashboard.presentation.insights.marks import Mark, across, rect, text, upright
from dashboard.presentation.insights.numbers import percent

BAR = 0.62  # of a day's width
SHARES = 46  # how high 100 % is


def share_marks(
    figures: ColdFigures, days: DaysScale, base: int, *, beside: bool
) -> Iterator[Mark]:
    """A bar for each day on the line `base`; what all days come to, also in words `beside` it."""
    left, right, width = days.left, days.right, days.width * BAR
    yield across("g0", left, right, base)
    yield across("g", left, right, base - SHARES)
    yield text("t end", left - 8, base - SHARES + 4, "100\u202f%")
    yield text("t end", left - 8, base + 4, "0")
    for n, day in enumerate(figures.days):
        yield from _share(day, days.middle(n), width, base)
    share = figures.share
    if share.interval is not None and share.value is not None:
        y = base - share.value * SHARES
        yield across("gv", left, right, y)
        if beside:
            y = min(y, base - 11)
            yield text("tb", right + 8, y + 4, f"{percent(share.value)} cold")
            yield text("tk2", right + 8, y + 19, "of all starts")


def _share(day: StartDay, x: float, width: float, base: float) -> Iterator[Mark]:
    share = day.share
    title = f"{day_text(day.day)}: {share_title(share)}"
    if share.interval is None or share.value is None:
        yield rect("f-hatch", (x - width / 2, base - SHARES), (width, SHARES), title)
        return
    high = share.value * SHARES
    yield rect("f-grey", (x - width / 2, base - high), (width, high), title)
    ends = (base - share.interval.low * SHARES, base - share.interval.high * SHARES)
    yield upright("w-grey", x, *ends)
