"""Shares and US dollars as every page of Insights writes them."""

from decimal import ROUND_HALF_UP, Decimal

from dashboard.domain.insights.shares import Interval
from dashboard.presentation.format import THIN, percent_text
from dashboard.presentation.run.cost_text import PLACES, money

NONE = "—"
CENTS, THOUSAND = Decimal("0.01"), 1_000


def whole_percent(share: float) -> int:
    """In whole percent; what is neither none nor all reads neither so."""
    whole = int(Decimal(repr(share * 100)).quantize(Decimal(1), ROUND_HALF_UP))
    return min(max(whole, 1), 99) if 0 < share < 1 else whole


def percent(share: float) -> str:
    """`36 %` of a share from 0 to 1."""
    return percent_text(whole_percent(share))


def percents(interval: Interval | None) -> str:
    """`32 to 40 %`; "" where there is none."""
    if interval is None:
        return ""
    low, high = (f"{100 * end:.0f}" for end in (interval.low, interval.high))
    return f"{low} to {high}{THIN}%" if low != high else f"{low}{THIN}%"


def dollars(amount: Decimal) -> str:
    """`$1,782`, `$40.75`, `$0.602`, `$0.0042`, `$0`: below a dollar as a run's page has it."""
    if not amount:
        return "$0"
    if amount.quantize(CENTS, ROUND_HALF_UP) >= THOUSAND:
        return money(amount, Decimal(1))
    return money(amount, CENTS if amount.quantize(PLACES, ROUND_HALF_UP) >= 1 else None)
