"""What a run cost, as an estimate: prices times seconds, in exact decimals."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal
from fractions import Fraction

from dashboard.domain.run.queue_split import MACHINE_AND_COMFYUI

MICRODOLLAR = Decimal("0.000001")
MOST_MICROS = 10**15  # a billion dollars: a float has each of its millionths, and filters end there
IDLE_LATE = timedelta(seconds=5)  # by which a container may end after its idle time
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class RunCost:
    """US dollars, in whole millionths. None: not known."""

    price: Decimal  # a second
    start_up: Decimal | None  # ComfyUI's start
    work: Decimal | None  # the run phase

    @property
    def total(self) -> Decimal:
        return (self.start_up or Decimal(0)) + (self.work or Decimal(0))

    @property
    def micros(self) -> int:
        """The total in millionths of a dollar: a whole number, which every database has exactly."""
        return min(int(self.total / MICRODOLLAR), MOST_MICROS)

    @property
    def at_least(self) -> bool:
        """Whether a part is not known, so that the run has cost more."""
        return self.start_up is None or self.work is None


def run_cost(
    price: Decimal | None, start_seconds: float | None, run_seconds: float | None
) -> RunCost | None:
    """The cost of a run's own seconds; None where no price or neither time is known.

    Its wait and the idle time of its container are not in it.
    """
    if price is None or (start_seconds is None and run_seconds is None):
        return None
    return RunCost(price, _of(price, start_seconds), _of(price, run_seconds))


def start_up_seconds(cold_start: float | None, queue_kind: str, boot: float | None) -> float | None:
    """The seconds that are paid for as start-up: ComfyUI's start.

    In an optimised runner it lies in the boot of the machine, which is added then.
    """
    if cold_start is None or queue_kind != MACHINE_AND_COMFYUI:
        return cold_start
    return cold_start + (boot or 0.0)


def _of(price: Decimal, seconds: float | None) -> Decimal | None:
    return None if seconds is None else (price * Decimal(repr(seconds))).quantize(MICRODOLLAR)


def container_cost(
    price: Decimal | None, started: datetime | None, ended: datetime | None
) -> Decimal | None:
    """The whole cost of a container, with its boot and idle time; None while it is up."""
    if price is None or started is None or ended is None or ended < started:
        return None
    micros = (ended - started) // _MICROSECOND
    return (price * micros / 1_000_000).quantize(MICRODOLLAR)


@dataclass(frozen=True, slots=True)
class BusyTime:
    """When one run was worked on in a container."""

    run: int
    started: datetime
    ended: datetime


def container_shares(cost: Decimal, times: Iterable[BusyTime]) -> dict[int, Decimal]:
    """Each run's part of a container's cost, by its busy seconds; the parts add up to the cost.

    Runs that overlap share the seconds that they have in common. What rounding leaves goes
    to those it has taken most from. Empty where no run was busy.
    """
    busy = _busy_seconds(list(times))
    whole = sum(busy.values())
    if not whole:
        return {}
    exact = {run: Fraction(cost) * part / whole for run, part in busy.items()}
    shares = {run: _rounded_down(part) for run, part in exact.items()}
    rest = int((cost - sum(shares.values())) / MICRODOLLAR)
    by_loss = sorted(shares, key=lambda run: (Fraction(shares[run]) - exact[run], run))
    for run in by_loss[:rest]:
        shares[run] += MICRODOLLAR
    return shares


def _rounded_down(part: Fraction) -> Decimal:
    whole = Decimal(part.numerator) / Decimal(part.denominator)
    return whole.quantize(MICRODOLLAR, rounding=ROUND_DOWN)


def _busy_seconds(times: list[BusyTime]) -> Mapping[int, Fraction]:
    """Microseconds for which each run had the container, alone or by shares."""
    found: dict[int, Fraction] = {}
    edges = sorted({moment for one in times for moment in (one.started, one.ended)})
    for begin, end in zip(edges, edges[1:], strict=False):
        there = [one.run for one in times if one.started <= begin and end <= one.ended]
        for run in there:
            part = Fraction((end - begin) // _MICROSECOND, len(there))
            found[run] = found.get(run, Fraction(0)) + part
    return found


def decimal_text(amount: Decimal | None) -> str | None:
    """An amount for JSON: at least four places, at most six."""
    if amount is None:
        return None
    text = f"{amount.quantize(MICRODOLLAR):f}"
    return text[:-2] + text[-2:].rstrip("0")


def explains(
    started: datetime,
    ended: datetime,
    runs: Iterable[tuple[datetime, datetime]],
    idle_timeout: int | None,
) -> bool:
    """Whether the known runs of a container account for its whole life.

    Each run holds it from when it was given the run to its end. Where it stayed up for longer
    than its idle time without one, runs must have been on it that are not known.
    """
    if idle_timeout is None:
        return False
    longest, free_since = timedelta(seconds=idle_timeout) + IDLE_LATE, None
    for begin, end in sorted(runs):
        if free_since is not None and begin - free_since > longest:
            return False
        free_since = max(end, free_since or end)
    return free_since is not None and ended - free_since <= longest and started <= ended
