"""What a watcher does beside refreshing runs: following, names and logs, a few at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from django.conf import settings

from dashboard.models import Follow, Name
from dashboard.services.leases import give_back, lease
from dashboard.services.runs import follow, logs, names

AT_ONCE = 4
EVERY = 1.0  # seconds between looks for side jobs


@dataclass(frozen=True, eq=False, slots=True)
class SideJob:
    """What is to be done about a row that this process has taken."""

    do: Callable[[], object]
    row: Any
    column: str

    def __call__(self) -> None:
        self.do()

    def give_back(self) -> None:
        give_back(self.row, self.column)


class SideJobs:
    """Finds the jobs that are due; each was taken by this process alone."""

    def __init__(self) -> None:
        self._looked_at: datetime | None = None

    def due(self, free: int, now: datetime, *, short: bool = False) -> list[SideJob]:
        """Up to four jobs to be run in any order, for which `free` threads are there.

        While refreshes take all that may be asked (`short`), names and logs wait,
        and a list may still have its turn: new runs must not stay unknown.
        """
        if self._looked_at is None:
            names.schedule_all(now)
        elif (now - self._looked_at).total_seconds() < (_short_wait() if short else EVERY):
            return []
        self._looked_at = now
        return _follows(min(free, 1), now) if short else _take(min(free, AT_ONCE), now)


def _short_wait() -> float:
    """So that lists take at most half of the rate."""
    return max(EVERY, 2 / settings.UPSTREAM_RATE)


def _take(limit: int, now: datetime) -> list[SideJob]:
    jobs: list[SideJob] = []
    for take in (_follows, _logs, _names):
        jobs += take(limit - len(jobs), now)
    return jobs


def _follows(limit: int, now: datetime) -> list[SideJob]:
    taken = lease(Follow.objects.all(), "next_at", limit, now)
    return [SideJob(partial(follow.track_new_runs, row, now), row, "next_at") for row in taken]


def _logs(limit: int, now: datetime) -> list[SideJob]:
    taken = logs.lease_due(limit, now)
    return [SideJob(partial(logs.refresh, run, now), run, "log_next_at") for run in taken]


def _names(limit: int, now: datetime) -> list[SideJob]:
    # One a second: a team's first day may have hundreds to ask for.
    taken = lease(Name.objects.all(), "next_at", min(limit, 1), now)
    return [SideJob(partial(names.refresh, row, now), row, "next_at") for row in taken]
