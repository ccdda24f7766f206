"""Shares, seconds and dollars of cold starts as their page writes them."""

from decimal import ROUND_HALF_UP, Decimal

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.shares import Interval, Share
from dashboard.presentation.format import MINUS, THIN, percent_text, plural, took
from dashboard.presentation.run.cost_text import PLACES, money

NONE = "—"
CENTS, MINUTE = Decimal("0.01"), 60
SECONDS_OF_HOUR, HOURS_TOLD = 3600, 48  # of a shorter time its hours are told instead of its days
WORSE, BETTER, SAME = "up", "down", "same"


def whole_percent(share: float) -> int:
    """In whole percent; what is neither none nor all reads neither so."""
    whole = int(Decimal(repr(share * 100)).quantize(Decimal(1), ROUND_HALF_UP))
    return min(max(whole, 1), 99) if 0 < share < 1 else whole


def percent(share: float) -> str:
    return percent_text(whole_percent(share))


def percents(interval: Interval | None) -> str:
    """`32 to 40 %`; "" where there is none."""
    if interval is None:
        return ""
    low, high = (f"{100 * end:.0f}" for end in (interval.low, interval.high))
    return f"{low} to {high}{THIN}%" if low != high else f"{low}{THIN}%"


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


def dollars(amount: Decimal) -> str:
    """`$14.56`, `$0.487`, `$0.0042`, `$0`."""
    if not amount:
        return "$0"
    return money(amount, CENTS if amount.quantize(PLACES, ROUND_HALF_UP) >= 1 else None)


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
