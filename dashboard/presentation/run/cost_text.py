"""A run's estimated cost, in words and as a bar."""

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from dashboard.domain.machines.cost import RunCost
from dashboard.presentation.format import THIN, took

PLACES = Decimal("0.001")
FINE = Decimal("0.0001")
BELOW_FINE = Decimal("0.01")  # smaller totals are shown with four places


@dataclass(frozen=True, slots=True)
class CostPart:
    """Start-up or run: what it took, times the price."""

    kind: str  # cold or run
    label: str
    times: str
    amount: str
    percent: int  # of both parts, for the bar


@dataclass(frozen=True, slots=True)
class CostText:
    """The panel: the total, its parts, the container's whole cost, and what the price is of."""

    total: str
    parts: tuple[CostPart, ...]
    container: str
    price: str


def cost_text(
    cost: RunCost,
    *,
    gpu: str,
    seconds: tuple[float | None, float | None],
    price_of: datetime | None,
    container: Decimal | None = None,
    share: Decimal | None = None,
    share_is_most: bool = False,
) -> CostText:
    """`seconds` are those of start-up and run that the price was multiplied with."""
    places = PLACES if cost.total >= BELOW_FINE else FINE
    total = cost.total.quantize(places, ROUND_HALF_UP)
    start = None if cost.start_up is None else cost.start_up.quantize(places, ROUND_HALF_UP)
    # Rounded on its own, the second part might not add up with the first.
    work = None if cost.work is None else total - (start or 0)
    parts = [
        _part(kind, label, cost.price, spent, amount, total)
        for kind, label, spent, amount in (
            ("cold", "Start-up", seconds[0], start),
            ("run", "Run", seconds[1], work),
        )
        if spent is not None and amount is not None
    ]
    return CostText(
        total=f"≥{THIN}{money(total, places)}" if cost.at_least else money(total, places),
        parts=tuple(parts),
        container=_container(container, share, most=share_is_most),
        price=_price(gpu, price_of),
    )


def _price(gpu: str, told_at: datetime | None) -> str:
    when = "by the setting PRICES" if told_at is None else f"of {told_at.day} {told_at:%b %Y}"
    return f"{gpu} price {when}, in US dollars."


def money(amount: Decimal, places: Decimal | None = None) -> str:
    """US dollars: `$0.102`; four places below a cent, and `<$0.0001`."""
    exact = places or (PLACES if amount >= BELOW_FINE else FINE)
    shown = amount.quantize(exact, ROUND_HALF_UP)
    return f"<${FINE}" if amount and not shown else f"${shown:,}"


def _part(
    kind: str, label: str, price: Decimal, seconds: float, amount: Decimal, total: Decimal
) -> CostPart:
    share = int(100 * amount / total) if total else 0
    return CostPart(kind, label, f"{took(seconds)} × ${price.normalize():f}", money(amount), share)


def _container(cost: Decimal | None, share: Decimal | None, *, most: bool) -> str:
    """The whole cost of its container, with boot and idle time, and the run's part of it."""
    if cost is None:
        return ""
    whole = f"Its container cost {money(cost)} with boot and idle time"
    if share is None:
        return f"{whole}."
    return f"{whole}; this run’s share is {'at most ' if most else ''}{money(share)}."
