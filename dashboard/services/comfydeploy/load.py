"""How much asking all live runs want together, and what each gets of it."""

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
    rate = shared_state.watchers_rate(now)
    looked = Q(looked_at__gt=now - LOOKING)
    found = Run.objects.live().aggregate(**_bands("looked", looked, now))
    lookers = [found[f"looked{band}"] for band in range(3)]
    others = [0, 0, 0]
    if rate:
        found = Run.objects.live().aggregate(**_bands("all", Q(pk__isnull=False), now))
        others = [found[f"all{band}"] - lookers[band] for band in range(3)]
    rate = rate or settings.UPSTREAM_RATE
    wanted = schedule.demand(lookers, others)
    return Load(sum(lookers) + sum(others), rate, schedule.stretch(wanted, rate))


def _bands(name: str, which: Q, now: datetime) -> dict[str, Count]:
    asked = which & Q(next_refresh_at__isnull=False)
    return {f"{name}{n}": Count("pk", filter=asked & band) for n, band in enumerate(_ages(now))}


def _ages(now: datetime) -> tuple[Q, Q, Q]:
    young = Q(phase_since__gt=now - timedelta(seconds=schedule.MINUTE))
    grown = Q(phase_since__gt=now - timedelta(seconds=10 * schedule.MINUTE)) & ~young
    return young, grown, ~young & ~grown


class Plans:
    """Brings plans forward that were made when intervals were stretched much further."""

    def __init__(self) -> None:
        # The stretch of those that lie furthest ahead: unknown at the start of a process.
        self._made_at = math.inf

    def follow(self, now: datetime) -> None:
        """Called now and then; writes only where the stretch has fallen by a sixth or more."""
        stretch = current(now).stretch
        if stretch * 1.2 <= self._made_at:
            pull_forward(stretch, now)
            self._made_at = stretch
        self._made_at = max(self._made_at, stretch)


def pull_forward(stretch: float, now: datetime) -> int:
    """Live runs planned later than this stretch would have it come when it would; how many."""
    looked = Q(looked_at__gt=now - LOOKING)
    pulled = 0
    for who, waits in ((looked, schedule.LOOKED), (~looked | Q(looked_at=None), schedule.UNLOOKED)):
        for age, wait in zip(_ages(now), waits, strict=True):
            planned = F("observed_at") + timedelta(seconds=wait * stretch)
            late = Q(next_refresh_at__gt=F("observed_at") + timedelta(seconds=wait * stretch * 1.1))
            rows = Run.objects.live().filter(who, age, late, failures=0, status__in=KNOWN)
            pulled += rows.update(next_refresh_at=planned)
    return pulled
