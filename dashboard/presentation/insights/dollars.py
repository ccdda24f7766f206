"""US dollars and shares of them as Insights write them."""

from decimal import ROUND_HALF_UP, Decimal

from dashboard.presentation.format import MINUS, percent_text
from dashboard.presentation.run.cost_text import PLACES, money

CENTS, THOUSAND = Decimal("0.01"), 1_000


def dollars(amount: Decimal) -> str:
    """`$1,782`, `$40.75`, `$0.602`, `$0.0042`: below a dollar as a run's page has it."""
    if not amount:
        return "$0.00"
    if amount.quantize(CENTS, ROUND_HALF_UP) >= THOUSAND:
        return money(amount, Decimal(1))
    return money(amount, CENTS if amount.quantize(PLACES, ROUND_HALF_UP) >= 1 else None)


def change_text(after: Decimal, before: Decimal) -> str:
    """`+$1.56`, `−$0.204`; of amounts as they are, not as they are shown."""
    gap = after - before
    if not gap:
        return "no change"
    return f"{'+' if gap > 0 else MINUS}{dollars(abs(gap))}"


def share_text(share: float | None) -> str:
    """`44 %` of a share from 0 to 1; "" where it is not known. What is not all is not 100 %."""
    if share is None:
        return ""
    percent = int(Decimal(repr(share * 100)).quantize(Decimal(1), ROUND_HALF_UP))
    if 0 < share < 1:
        percent = min(max(percent, 1), 99)
    return percent_text(percent)
