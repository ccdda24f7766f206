"""Changes and shares of costs as their page writes them."""

from decimal import Decimal

from dashboard.presentation.format import MINUS
from dashboard.presentation.insights.numbers import dollars, percent


def change_text(after: Decimal, before: Decimal) -> str:
    """`+$1.56`, `−$0.204`; of amounts as they are, not as they are shown."""
    gap = after - before
    if not gap:
        return "no change"
    return f"{'+' if gap > 0 else MINUS}{dollars(abs(gap))}"


def share_text(share: float | None) -> str:
    """`44 %` of a share from 0 to 1; "" where it is not known."""
    return "" if share is None else percent(share)
