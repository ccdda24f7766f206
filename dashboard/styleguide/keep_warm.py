"""Made-up machines of the page that replays warm times, one for each thing it may say."""

from collections.abc import Iterator
from decimal import Decimal

from dashboard.domain.insights import keep_warm as words
from dashboard.domain.insights.keep_warm import KeptWarm, MachineFacts
from dashboard.domain.insights.shares import Interval, Share
from dashboard.domain.insights.warm_times import WarmTime

RUNS, DAYS, TODAY = 510, 30, 60
NAME = "flux-h100-eu"
PRICE = Decimal("0.002338")
# Seconds, boots, and a day's waiting in seconds and cost in dollars.
TIMES = (
    *((2, 393, 415, "1.455"), (15, 311, 333, "1.661"), (30, 250, 271, "1.865")),
    *((60, 184, 205, "2.200"), (120, 153, 176, "2.938"), (240, 133, 161, "4.260")),
    *((600, 122, 145, "7.860"), (1_200, 117, 139, "13.450")),
)
COLD, WAITING, COST = 187, 205, Decimal("2.200")  # observed, and today's a day


def machines() -> Iterator[tuple[str, KeptWarm]]:
    """A machine that fits, and one for each reason not to give advice."""
    yield "fits", _machine(None, times=_times())
    unpriced = tuple(_unpriced(one) for one in _times())
    yield words.NO_PRICE, _machine(words.NO_PRICE, times=unpriced, price=None)
    unset = tuple(_time(*one, compared=False) for one in TIMES)
    yield words.NO_SETTING, _machine(words.NO_SETTING, MachineFacts(), unset, replayed=None)
    told = MachineFacts(TODAY, 2, unexplained=0.18)
    yield words.UNEXPLAINED, _machine(words.UNEXPLAINED, told)
    yield words.WARMER, _machine(words.WARMER, replayed=0.5)
    yield words.COLDER, _machine(words.COLDER, replayed=0.12)
    for word in (words.NO_BOOT, words.TOO_MANY, words.FEW):
        yield word, _machine(word, cold=3, runs=91, replayed=None)
    own = MachineFacts(own=True)
    yield words.OWN, _machine(words.OWN, own, runs=0, cold=0, replayed=None, price=None)


def _times() -> tuple[WarmTime, ...]:
    return tuple(_time(*one) for one in TIMES)


def _time(
    seconds: int, boots: int, waiting: float, cost: str, *, compared: bool = True
) -> WarmTime:
    share, avoided, extra = boots / RUNS, WAITING - waiting, Decimal(cost) - COST
    least, most = sorted((avoided * 0.7, avoided * 1.3))
    told = compared and avoided != 0
    return WarmTime(
        seconds=seconds,
        boots=boots,
        runs=RUNS,
        interval=Interval(share - 0.04, share + 0.04),
        waiting=waiting,
        cost=Decimal(cost),
        avoided=avoided if compared else None,
        avoided_interval=Interval(least, most) if compared else None,
        extra=extra if compared else None,
        extra_interval=_around(float(extra)) if told else None,
        per_minute=extra / Decimal(avoided) * 60 if told else None,
        per_minute_interval=_around(float(extra) / avoided * 60) if told else None,
    )


def _around(value: float) -> Interval:
    low, high = sorted((value * 0.8, value * 1.3))
    return Interval(low, high)


def _machine(
    why_not: str | None,
    facts: MachineFacts = MachineFacts(TODAY, 2),  # noqa: B008 - it is frozen
    times: tuple[WarmTime, ...] = (),
    *,
    runs: int = RUNS,
    cold: int = COLD,
    replayed: float | None = 184 / RUNS,
    price: Decimal | None = PRICE,
) -> KeptWarm:
    gpu = None if facts.own else "H100"
    return KeptWarm(
        *("machine", gpu, facts, price, max(runs, 62), Share(cold, runs), replayed, why_not),
        times=times,
    )


def _unpriced(one: WarmTime) -> WarmTime:
    return WarmTime(
        *(one.seconds, one.boots, one.runs, one.interval, one.waiting, None),
        *(one.avoided, one.avoided_interval, None, None, None, None),
    )
