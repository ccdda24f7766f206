"""Numbers of keeping warm as its page writes them."""

from decimal import Decimal

from dashboard.domain.insights.shares import Interval
from dashboard.presentation.format import MINUS, THIN, count, took
from dashboard.presentation.insights.numbers import dollars

MINUTE = 60


def warm_text(seconds: int) -> str:
    return f"{count(seconds)}{THIN}s"


def signed_dollars(amount: Decimal) -> str:
    """`+$0.738`, `−$0.745`."""
    sign = "+" if amount > 0 else MINUS if amount < 0 else ""
    return sign + dollars(abs(amount))


def dollars_between(interval: Interval | None, *, signed: bool = True) -> str:
    """`+$0.587 to +$0.745`; without signs where all of it is more than nothing."""
    if interval is None:
        return ""
    write = signed_dollars if signed or interval.low < 0 else dollars
    low, high = (write(Decimal(repr(end))) for end in (interval.low, interval.high))
    return f"{low} to {high}" if low != high else low


def minutes(seconds: float) -> str:
    """Minutes to a tenth, to a hundredth below a tenth: `0.5`, `−3.4`, `0.04`."""
    value = abs(seconds) / MINUTE
    text = f"{value:,.1f}" if value >= 0.1 or not value else f"{value:.2f}"
    return (MINUS if seconds < 0 and float(text.replace(",", "")) else "") + text


def minutes_between(interval: Interval | None) -> str:
    if interval is None:
        return ""
    low, high = minutes(interval.low), minutes(interval.high)
    return f"{low} to {high}" if low != high else low


def waiting_text(seconds: float) -> str:
    """A time that people wait in a day: `29 s`, `1 m 20 s`."""
    whole = round(seconds)
    return f"{whole}{THIN}s" if 1 <= whole < MINUTE else took(whole or seconds)


def worth_text(worth: Decimal) -> str:
    """An amount as it was typed, with two places at least: `1.00`, `0.125`."""
    text = f"{worth:.4f}"
    return text[:-2] + text[-2:].rstrip("0")
