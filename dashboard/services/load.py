"""How much asking all live runs want together, and what each gets of it."""

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q

from dashboard.domain import pace
from dashboard.models import Run
from dashboard.services import marks

LOOKING = timedelta(seconds=30)
COUNT_EVERY = 2.0


@dataclass(frozen=True, slots=True)
class Load:
    """How many live runs share how many requests a second; `stretch` lengthens every interval."""

    runs: int = 0
    rate: float = 1.0
    stretch: float = 1.0


_lock = threading.Lock()
_counted: tuple[float, Load] | None = None


def current(now: datetime) -> Load:
    """The load, counted at most every 2 s in a process."""
    global _counted
    kept = _counted
    if kept and time.monotonic() - kept[0] < COUNT_EVERY:
        return kept[1]
    if kept and not _lock.acquire(blocking=False):
        return kept[1]  # somebody is counting just now
    try:
        load = count(now)
        _counted = (time.monotonic(), load)
        return load
    finally:
        if kept:
            _lock.release()


def forget() -> None:
    """What was counted holds no more (another database, another rate)."""
    global _counted
    _counted = None


def count(now: datetime) -> Load:
    """Counts the live runs by who looks and by age; without a watcher only looked-at runs ask."""
    rate = marks.watchers_rate(now)
    looked = Q(looked_at__gt=now - LOOKING)
    found = Run.objects.live().aggregate(**_bands("looked", looked, now))
    lookers = [found[f"looked{band}"] for band in range(3)]
    others = [0, 0, 0]
    if rate:
        found = Run.objects.live().aggregate(**_bands("all", Q(pk__isnull=False), now))
        others = [found[f"all{band}"] - lookers[band] for band in range(3)]
    rate = rate or settings.UPSTREAM_RATE
    wanted = pace.demand(lookers, others)
    return Load(sum(lookers) + sum(others), rate, pace.stretch(wanted, rate))


def _bands(name: str, which: Q, now: datetime) -> dict[str, Count]:
    young = Q(phase_since__gt=now - timedelta(seconds=pace.MINUTE))
    grown = Q(phase_since__gt=now - timedelta(seconds=10 * pace.MINUTE)) & ~young
    asked = which & Q(next_refresh_at__isnull=False)
    bands = (young, grown, ~young & ~grown)
    return {f"{name}{n}": Count("pk", filter=asked & band) for n, band in enumerate(bands)}
