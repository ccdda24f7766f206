"""Side jobs of a watcher: lists, logs, names, actions on many runs; a few at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.db import models

from dashboard.domain.directory import LISTS, PRICES
from dashboard.models import (
    DirectoryList,
    Follow,
    Name,
    Run,
    UpstreamUser,
    UsedMachine,
    WorkflowDetails,
)
from dashboard.services.comfydeploy import connection
from dashboard.services.comfydeploy.token_bucket import history_bucket, token_bucket
from dashboard.services.leases import give_back, lease
from dashboard.services.machines import containers, prices
from dashboard.services.machines import settings as machine_settings
from dashboard.services.ops import bulk
from dashboard.services.runs import (
    board,
    details,
    directory,
    discovery,
    joining,
    logs,
    names,
    past_lists,
    run_lists,
    starters,
)

AT_ONCE, MOST_LISTS = 4, 3
EVERY = 1.0  # seconds between two searches for side jobs


@dataclass(frozen=True, eq=False, slots=True)
class SideJob:
    """A function to call, for a row that this process has leased if there is one."""

    do: Callable[[], object]
    row: models.Model | None = None
    column: str = ""

    def __call__(self) -> None:
        self.do()

    def give_back(self) -> None:
        """Ends the lease of a job that was not done; it is due again at once."""
        if self.row is not None:
            give_back(self.row, self.column)


class SideJobs:
    """Finds the side jobs that are due and leases them for this process."""

    def __init__(self) -> None:
        self._searched_at: datetime | None = None
        self._past_first = True

    def due(
        self,
        free: int,
        now: datetime,
        *,
        short: bool = False,
        probe: bool = False,
        asks: bool = True,
    ) -> list[SideJob]:
        """Up to `free` jobs, and at most AT_ONCE, to be run in any order.

        While refreshes use up the token bucket (`short`), all but one list of runs
        at a time wait: new runs must not stay unknown. As a `probe`, ComfyDeploy is
        asked for nothing else where nothing is due. An action on many runs comes
        beside these, and alone unless `asks`: it asks ComfyDeploy for nothing.
        """
        if self._searched_at is None:
            names.schedule_all(now)
            starters.schedule_all(now)
            directory.start(now)
            prices.start(now)
            joining.start(now)
        elif (now - self._searched_at).total_seconds() < (_wait_when_short() if short else EVERY):
            return []
        self._searched_at = now
        bulk_actions = _bulk_actions(now)
        return [*bulk_actions, *self._asking(free, now, short, probe)] if asks else bulk_actions

    def _asking(self, free: int, now: datetime, short: bool, probe: bool) -> list[SideJob]:
        # New and past runs come first by turns: thousands of either must not hold back the other.
        self._past_first = not self._past_first
        found = (
            _follows(min(free, 1), now)
            if short
            else _lease_any(min(free, AT_ONCE), now, past_first=self._past_first)
        )
        return found or ([SideJob(connection.probe)] if probe else [])


def _wait_when_short() -> float:
    """Seconds between two lists, so that lists take at most half of UPSTREAM_RATE."""
    return max(EVERY, 2 / settings.UPSTREAM_RATE)


def _lease_any(limit: int, now: datetime, *, past_first: bool = False) -> list[SideJob]:
    jobs: list[SideJob] = []
    lists = (_past_lists, _logs, _follows) if past_first else (_follows, _logs, _past_lists)
    for lease_due in (_discovery, *lists, _details, _names_or_starters, _machines, _prices):
        jobs += lease_due(limit - len(jobs), now)
    return jobs


def _follows(limit: int, now: datetime) -> list[SideJob]:
    # One place is left for the rest: on the first day there may be thousands of lists.
    leased = lease(Follow.objects.active(), "next_at", min(limit, MOST_LISTS), now)
    return [SideJob(partial(run_lists.track_new_runs, row, now), row, "next_at") for row in leased]


def _past_lists(limit: int, now: datetime) -> list[SideJob]:
    """One page of past runs each, for a token of both buckets that is taken here."""
    rows = Follow.objects.active()
    if limit <= 0 or not rows.filter(history_at__lte=now).exists() or board.history_stopped():
        return []
    allowed = history_bucket().take(limit)
    tokens = token_bucket().take(allowed, leave=int(token_bucket().burst / 2))
    history_bucket().give_back(allowed - tokens)
    leased = lease(rows, "history_at", tokens, now)
    for bucket in (history_bucket(), token_bucket()):
        bucket.give_back(tokens - len(leased))
    return [SideJob(partial(past_lists.list_page, row, now), row, "history_at") for row in leased]


def _logs(limit: int, now: datetime) -> list[SideJob]:
    leased = logs.lease_due(limit, now)
    return [SideJob(partial(logs.refresh, run, now), run, "log_next_at") for run in leased]


def _discovery(limit: int, now: datetime) -> list[SideJob]:
    if not settings.COMFYDEPLOY_API_KEY:
        return []
    leased = lease(DirectoryList.objects.filter(name__in=LISTS), "next_at", limit, now)
    return [SideJob(partial(discovery.refresh, row, now), row, "next_at") for row in leased]


def _bulk_actions(now: datetime) -> list[SideJob]:
    leased = bulk.lease_due(1, now)
    return [SideJob(partial(bulk.work, row, now), row, "next_at") for row in leased]


def _details(limit: int, now: datetime) -> list[SideJob]:
    """A page of a workflow's older list, else a run that is sought in one."""
    pages = lease(WorkflowDetails.objects.all(), "next_at", min(limit, 1), now)
    if pages:
        return [SideJob(partial(details.refresh, pages[0], now), pages[0], "next_at")]
    leased = lease(Run.objects.all(), "details_at", min(limit, 1), now)
    return [SideJob(partial(details.find, run, now), run, "details_at") for run in leased]


def _machines(limit: int, now: datetime) -> list[SideJob]:
    """A machine's containers, else a machine's settings: one at a time, they are not urgent."""
    rows, one = UsedMachine.objects.all(), min(limit, 1)
    for column, ask in (("next_at", containers.refresh), ("settings_at", machine_settings.refresh)):
        if leased := lease(rows, column, one, now):
            return [SideJob(partial(ask, row, now), row, column) for row in leased]
    return []


def _prices(limit: int, now: datetime) -> list[SideJob]:
    if not settings.COMFYDEPLOY_API_KEY:
        return []
    leased = lease(DirectoryList.objects.filter(name=PRICES), "next_at", limit, now)
    return [SideJob(partial(prices.refresh, row, now), row, "next_at") for row in leased]


def _names_or_starters(limit: int, now: datetime) -> list[SideJob]:
    # One a second: on a team's first day there may be hundreds.
    return _names(limit, now) or _starters(limit, now)


def _names(limit: int, now: datetime) -> list[SideJob]:
    leased = lease(Name.objects.all(), "next_at", min(limit, 1), now)
    return [SideJob(partial(names.refresh, row, now), row, "next_at") for row in leased]


def _starters(limit: int, now: datetime) -> list[SideJob]:
    if not settings.PEOPLE:
        return []
    leased = lease(UpstreamUser.objects.all(), "next_at", min(limit, 1), now)
    return [SideJob(partial(starters.refresh, row, now), row, "next_at") for row in leased]
