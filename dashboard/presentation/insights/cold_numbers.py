"""Shares, seconds and dollars of cold starts as their page writes them."""

from decimal import Decimal

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.shares import Interval, Share
from dashboard.presentation.format import MINUS, THIN, plural, took
from dashboard.presentation.insights.numbers import NONE, dollars, percents

MINUTE = 60
SECONDS_OF_HOUR, HOURS_TOLD = 3600, 48  # of a shorter time its hours are told instead of its days
WORSE, BETTER, SAME = "up", "down", "same"


def share_title(share: Share) -> str:
    """`4 of 116 cold, 1 to 9 %`, or that they are too few."""
    if share.interval is None:
        return f"{plural(share.n, 'start')}, too few"
    return f"{share.part:,} of {share.n:,} cold, {percents(share.interval)}"


def lost_text(seconds: float | None) -> str:
    """Seconds that were lost, which may be none: `3 h 02 m`, `0 s`."""
    if seconds is None:
        return NONE
    return took(seconds) if seconds else f"0{THIN}s"


def dollars_change(after: Decimal, before: Decimal) -> str:
    """`+$1.08`, `−$0.204`; of amounts as they are, not as they are shown."""
    return f"{_sign(after - before)}{dollars(abs(after - before))}"


def seconds_change(seconds: float) -> str:
    """`+1.1 s`, `+0.0 s`, `−3 m 56 s`."""
    size = abs(seconds)
    told = f"{size:.1f}{THIN}s" if size < MINUTE - 0.05 else took(size)
    return f"{_sign(seconds)}{told}"


def points_change(share: float) -> str:
    """A difference of shares: `−2.5 points`."""
    return f"{_sign(share)}{100 * abs(share):.1f} points"


def _sign(value: float | Decimal) -> str:
    return MINUS if value < 0 else "+"


def tone(interval: Interval) -> str:
    """Of a change of what is better when it is less; within chance it is neither."""
    if interval.holds(0):
        return SAME
    return WORSE if interval.low > 0 else BETTER


def time_before(period: Period) -> str:
    """`the 30 days before`, `the 14 hours before`."""
    hours = (period.end - period.begin).total_seconds() / SECONDS_OF_HOUR
    if hours >= HOURS_TOLD:
        return f"the {plural(round(hours / 24), 'day')} before"
    whole = max(1, round(hours))
    return "the hour before" if whole == 1 else f"the {whole} hours before"
