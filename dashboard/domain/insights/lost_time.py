"""What cold starts took beyond a warm one, in seconds and in money."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import fsum

from dashboard.domain.insights.percentiles import p50
from dashboard.domain.insights.starts import Start, seconds_of


@dataclass(frozen=True, slots=True)
class WarmMedians:
    """The median warm start of each machine that has one, and that over all machines."""

    of_machines: Mapping[str | None, float]
    over_all: float | None

    def of(self, machine: str | None) -> float | None:
        return self.of_machines.get(machine, self.over_all)


@dataclass(frozen=True, slots=True)
class Lost:
    """Seconds and dollars lost; None: not known. `unpriced` cold starts are not in the money."""

    seconds: float | None
    money: Decimal | None
    unpriced: int = 0


def warm_medians(starts: Iterable[Start]) -> WarmMedians:
    """What a warm start takes on each machine; machines with fewer than five have no own median."""
    warm = [start for start in starts if not start.cold]
    machines: dict[str | None, list[Start]] = {}
    for start in warm:
        if start.machine is not None:
            machines.setdefault(start.machine, []).append(start)
    medians = {machine: p50(seconds_of(own)) for machine, own in machines.items()}
    known = {machine: median for machine, median in medians.items() if median is not None}
    return WarmMedians(known, p50(seconds_of(warm)))


def lost_by(starts: Iterable[Start], medians: WarmMedians) -> Lost:
    """What the cold ones of these starts took beyond their machine's median warm start.

    A cold start that was shorter lost nothing. Without any median it is not known; the money is
    not known either where no cold start has a price.
    """
    seconds: list[float] = []
    priced: dict[Decimal, list[float]] = {}
    for start in starts:
        if not start.cold:
            continue
        warm = medians.of(start.machine)
        if warm is None:
            return Lost(None, None)
        seconds.append(max(0.0, start.seconds - warm))
        if start.price is not None:
            priced.setdefault(start.price, []).append(seconds[-1])
    unpriced = len(seconds) - sum(map(len, priced.values()))
    known = bool(priced) or not seconds
    return Lost(fsum(seconds), _money(priced) if known else None, unpriced)


def _money(seconds: Mapping[Decimal, list[float]]) -> Decimal:
    """Seconds by dollars a second; microseconds are as exact as times are reported."""
    parts = (price * Decimal(f"{fsum(own):.6f}") for price, own in seconds.items())
    return sum(parts, Decimal(0))
