"""What is a price: US dollars for a second of a GPU."""

from decimal import Decimal, InvalidOperation

CURRENCY = "USD"
DEAREST = Decimal(10)  # dollars a second; more is no price
PLACES = Decimal("1e-10")


def read_price(told: object) -> Decimal | None:
    """A price, exact as it was written; None where it is none."""
    if isinstance(told, bool) or not isinstance(told, int | float | str | Decimal):
        return None
    try:
        price = Decimal(str(told))
        return price.quantize(PLACES) if price.is_finite() and 0 <= price <= DEAREST else None
    except InvalidOperation:
        return None
