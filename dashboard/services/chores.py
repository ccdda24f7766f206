"""What a watcher does beside refreshing runs: following, names and logs, a few at a time."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from dashboard.models import Follow, Name
from dashboard.services import follow, logs, names
from dashboard.services.leases import lease

AT_ONCE = 4
EVERY = 1.0  # seconds between looks for chores


class Chores:
    """Finds the jobs that are due; each was taken by this process alone."""

    def __init__(self) -> None:
        self._looked_at: datetime | None = None

    def due(self, free: int, now: datetime) -> list[Callable[[], object]]:
        """Up to four jobs to be run in any order, for which `free` threads are there."""
        if self._looked_at is None:
            names.want_all(now)
        elif (now - self._looked_at).total_seconds() < EVERY:
            return []
        self._looked_at = now
        return _take(min(free, AT_ONCE), now)


def _take(limit: int, now: datetime) -> list[Callable[[], object]]:
    jobs: list[Callable[[], object]] = []
    for take in (_follows, _logs, _names):
        jobs += take(limit - len(jobs), now)
    return jobs


def _follows(limit: int, now: datetime) -> list[Callable[[], object]]:
    taken = lease(Follow.objects.all(), "next_at", limit, now)
    return [partial(follow.look, row, now) for row in taken]


def _logs(limit: int, now: datetime) -> list[Callable[[], object]]:
    return [partial(logs.fetch, run, now) for run in logs.lease_due(limit, now)]


def _names(limit: int, now: datetime) -> list[Callable[[], object]]:
    # One a second: a team's first day may have hundreds to ask for.
    taken = lease(Name.objects.all(), "next_at", min(limit, 1), now)
    return [partial(names.resolve, row, now) for row in taken]
