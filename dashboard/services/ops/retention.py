"""Retention: removes finished runs by age, number and storage; never live or starred ones."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from dashboard.domain.polling.trouble import Trouble
from dashboard.domain.retention import RetentionLimits
from dashboard.models import RemovedRun, Run, SharedState
from dashboard.models.storage_usage import bytes_by_run
from dashboard.services import clock
from dashboard.services.clock import claim_moment
from dashboard.services.files import file_queue
from dashboard.services.machines import containers
from dashboard.services.runs import details, names, search_index, starters, versions

log = logging.getLogger(__name__)
MARK = "prune"
DAY = timedelta(days=1)
NEVER_ANSWERED = timedelta(days=7)
REMEMBERED = timedelta(days=365)
FILES_SECONDS = 5.0  # how long removing one run may take for its files
BATCH = 100
"""Runs removed in one transaction: a few milliseconds, so that writers hardly wait."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The keys of the runs to remove, and of those that were asked for and never found."""

    runs: tuple[int, ...]
    unfound: tuple[int, ...]


def limits() -> RetentionLimits:
    """The limits of the settings."""
    return RetentionLimits(settings.KEEP_DAYS, settings.KEEP_RUNS, settings.KEEP_BYTES)


def plan(limits: RetentionLimits, now: datetime) -> Plan:
    """What would be removed at `now`; nothing is changed.

    A run's age counts from its creation, as in the list. Starred and live runs
    count towards the number and the storage, but are never removed.
    """
    chosen: dict[int, None] = {}
    if limits.days is not None:
        old = Run.objects.removable().filter(sorted_at__lt=now - timedelta(days=limits.days))
        chosen.update(dict.fromkeys(old.values_list("pk", flat=True)))
    if limits.runs is not None:
        chosen.update(dict.fromkeys(_past(limits.runs)))
    if limits.size is not None:
        chosen.update(dict.fromkeys(_too_much(limits.size, chosen)))
    return Plan(tuple(chosen), tuple(_unfound(now)))


def _past(count: int) -> Sequence[int]:
    """Removable runs behind the newest `count`."""
    removable = Run.objects.removable()
    if count:
        edge = Run.objects.seen().newest().values_list("sorted_at", "pk")[count - 1 : count]
        if not edge:
            return []
        removable = removable.after(*edge[0])
    return list(removable.values_list("pk", flat=True))


def _too_much(size: int, chosen: dict[int, None]) -> list[int]:
    """The oldest removable runs that must go until the rest fits, besides the chosen ones."""
    taken = bytes_by_run()
    over = taken.total() - sum(taken[pk] for pk in chosen) - size
    found = []
    oldest = Run.objects.removable().order_by("sorted_at", "pk").values_list("pk", flat=True)
    for pk in oldest.iterator():
        if over <= 0:
            break
        if pk not in chosen:
            found.append(pk)
            over -= taken[pk]
    return found


def _unfound(now: datetime) -> Sequence[int]:
    """Rows that were never answered for: unknown for a day, or failing for a week."""
    unseen = Run.objects.filter(status__isnull=True)
    unknown = unseen.filter(
        trouble__in=(Trouble.NOT_FOUND, Trouble.FORBIDDEN), first_seen_at__lt=now - DAY
    )
    # Not those that wait for our network, the key or a limit: they may well be there.
    failing = unseen.filter(
        trouble__in=(Trouble.SERVER_ERROR, Trouble.BAD_ANSWER),
        first_seen_at__lt=now - NEVER_ANSWERED,
    )
    return list((unknown | failing).values_list("pk", flat=True))


def carry_out(plan: Plan, stop: Callable[[], bool] = lambda: False) -> int:
    """Removes what was planned and may still go; the number of runs that went.

    Between batches it ends early once `stop()` says so; the rest goes next time.
    """
    gone = _in_batches(plan.runs, stop, finished=True, starred=False)
    _in_batches(plan.unfound, stop, status__isnull=True)
    names.delete_unused()
    starters.delete_unused()
    containers.delete_unused(clock.now())
    details.delete_unused()
    versions.delete_unused()
    RemovedRun.objects.filter(at__lt=clock.now() - REMEMBERED).delete()
    return gone


def _in_batches(keys: Sequence[int], stop: Callable[[], bool], **still: object) -> int:
    gone = 0
    for start in range(0, len(keys), BATCH):
        if stop():
            break
        gone += _remove(keys[start : start + BATCH], **still)
    return gone


@transaction.atomic
def _remove(keys: Sequence[int], **still: object) -> int:
    # Locked first: what is being recorded at this moment is waited for, and then goes too.
    locked = Run.objects.select_for_update().filter(pk__in=keys, **still).order_by("pk")
    found = dict(locked.values_list("pk", "uuid"))
    # A list or a webhook that still tells of them does not bring them back.
    RemovedRun.note(found.values(), clock.now())
    search_index.remove(found)
    Run.objects.filter(pk__in=list(found)).delete()
    return len(found)


def delete_run(run: Run) -> bool:
    """Removes one run with its answer, snapshots and outputs; False when it was gone already."""
    removed = bool(_remove([run.pk]))
    remove_files()
    return removed


def remove(keys: Sequence[int]) -> int:
    """Removes runs in one transaction, their files excepted; how many were still there."""
    return _remove(keys)


def remove_files() -> None:
    """Removes files of removed runs for some seconds; watchers remove the rest."""
    file_queue.remove_orphans_within(FILES_SECONDS)


def prune_daily(now: datetime, stop: Callable[[], bool]) -> bool:
    """Prunes by the settings where nobody has for a day; whether it was this process's turn."""
    if not _claim_day(now):
        return False
    gone = carry_out(plan(limits(), clock.now()), stop)
    if gone:
        log.info("%s old runs were removed (KEEP_DAYS, KEEP_RUNS, KEEP_BYTES).", gone)
    return True


def _claim_day(now: datetime) -> bool:
    SharedState.objects.bulk_create([SharedState(name=MARK, at=now - DAY)], ignore_conflicts=True)
    yesterday = SharedState.objects.filter(name=MARK, at__lte=claim_moment(now, -DAY))
    return bool(yesterday.update(at=claim_moment(now)))
