"""How many requests all live runs need together, and how far their intervals are stretched."""

import math
import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, F, Q

from dashboard.domain.polling import schedule
from dashboard.domain.run.status import KNOWN
from dashboard.models import Run
from dashboard.services.comfydeploy import shared_state

LOOKED_AT_FOR = timedelta(seconds=30)  # after a look
COUNT_INTERVAL = 2.0  # seconds


@dataclass(frozen=True, slots=True)
class Load:
    """How many live runs share how many requests a second; `stretch` multiplies intervals."""

    runs: int = 0
    rate: float = 1.0
    stretch: float = 1.0


_lock = threading.Lock()
_last_count: tuple[float, Load] | None = None


def current(now: datetime) -> Load:
    """The load, counted at most every 2 s in a process."""
    global _last_count
    last = _last_count
    if last and time.monotonic() - last[0] < COUNT_INTERVAL:
        return last[1]
    if last and not _lock.acquire(blocking=False):
        return last[1]  # another thread is counting
    try:
        load = count(now)
        _last_count = (time.monotonic(), load)
        return load
    finally:
        if last:
            _lock.release()


def forget() -> None:
    """Drops the last count, which was for another database or rate."""
    global _last_count
    _last_count = None


def count(now: datetime) -> Load:
    """Counts the live runs now; without a watcher only looked-at runs are refreshed and count."""
    rate = shared_state.watchers_rate(now)
    looked = Q(looked_at__gt=now - LOOKED_AT_FOR)
    looked_at, unlooked = _count_by_age(looked, now), [0, 0, 0]
    if rate:
        every = _count_by_age(Q(pk__isnull=False), now)
        unlooked = [all_of - some for all_of, some in zip(every, looked_at, strict=True)]
    rate = rate or settings.UPSTREAM_RATE
    demand = schedule.demand(looked_at, unlooked)
    return Load(sum(looked_at) + sum(unlooked), rate, schedule.stretch(demand, rate))


def _count_by_age(which: Q, now: datetime) -> list[int]:
    planned = which & Q(next_refresh_at__isnull=False)
    counts = Run.objects.live().aggregate(
        **{f"band{n}": Count("pk", filter=planned & age) for n, age in enumerate(_age_bands(now))}
    )
    return [counts[f"band{n}"] for n in range(3)]


def _age_bands(now: datetime) -> tuple[Q, Q, Q]:
    """Phases of less than a minute, of less than ten, and older ones."""
    young = Q(phase_since__gt=now - timedelta(seconds=schedule.MINUTE))
    grown = Q(phase_since__gt=now - timedelta(seconds=10 * schedule.MINUTE)) & ~young
    return young, grown, ~young & ~grown


class RefreshPlans:
    """Brings refreshes forward that were planned while intervals were much longer."""

    def __init__(self) -> None:
        # The longest stretch that plans may still be made with: unknown at first.
        self._longest_stretch = math.inf

    def adapt(self, now: datetime) -> None:
        """To be called every few seconds; writes where the stretch has fallen by a sixth."""
        stretch = current(now).stretch
        if stretch * 1.2 <= self._longest_stretch:
            bring_forward(stretch, now)
            self._longest_stretch = stretch
        self._longest_stretch = max(self._longest_stretch, stretch)


def bring_forward(stretch: float, now: datetime) -> int:
    """Brings forward refreshes that were planned with a longer interval; returns how many."""
    looked = Q(looked_at__gt=now - LOOKED_AT_FOR)
    brought = 0
    for who, waits in ((looked, schedule.LOOKED), (~looked | Q(looked_at=None), schedule.UNLOOKED)):
        for age, wait in zip(_age_bands(now), waits, strict=True):
            planned = F("observed_at") + timedelta(seconds=wait * stretch)
            late = Q(next_refresh_at__gt=F("observed_at") + timedelta(seconds=wait * stretch * 1.1))
            rows = Run.objects.live().filter(who, age, late, failures=0, status__in=KNOWN)
            brought += rows.update(next_refresh_at=planned)
    return brought
