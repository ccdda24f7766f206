"""Logs of live runs: wanted by who looks, held and written by the watcher that reads them.

A log is read for all who look at it by one watcher, and at most AT_ONCE are read at once.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from dashboard.domain.logs.live_lines import LiveLines
from dashboard.domain.logs.steps import Steps, current_steps
from dashboard.domain.logs.stored_log import lines_of
from dashboard.models import LiveLog, Run
from dashboard.models.live_log import LiveState
from dashboard.services.clock import claim_moment
from dashboard.services.runs.logs import as_text

AT_ONCE = 8
WANTED_FOR = timedelta(seconds=30)  # since the last look
WRITTEN_EVERY = timedelta(seconds=10)  # a look, at most
HELD_FOR = timedelta(seconds=30)  # since the holder's last renewal
KEPT_FOR = timedelta(days=1)  # since somebody looked
STEPS_FOR = timedelta(minutes=5)  # since the last line
LAST_LINES = 20  # among which the bar is sought


# Who looks


def find(run: Run) -> LiveLog | None:
    """The live log of a run, its text unread until it is used. Reads only."""
    return LiveLog.objects.defer("body").filter(pk=run.pk).first()


def want(run: Run, now: datetime) -> LiveLog:
    """Has a live run's log read for the next 30 s; writes at most every 10 s, never asks."""
    return _want(run, find(run), now)


def _want(run: Run, found: LiveLog | None, now: datetime) -> LiveLog:
    until = now + WANTED_FOR
    if found is None:
        defaults = {"wanted_until": until, "next_at": now}
        found, _ = LiveLog.objects.get_or_create(run=run, defaults=defaults)
    if until - found.wanted_until >= WRITTEN_EVERY:
        LiveLog.objects.filter(pk=run.pk).update(wanted_until=until)
        found.wanted_until = until
    return found


def look(run: Run, now: datetime) -> LiveLog | None:
    """The live log that somebody looks at; has it read while the run is live or its log open."""
    found = find(run)
    if not run.finished or (found is not None and found.state == LiveState.OPEN):
        return _want(run, found, now)
    return found


def is_read(log: LiveLog, now: datetime) -> bool:
    """Whether a watcher reads it at the moment, as far as its row tells."""
    return log.state == LiveState.OPEN and log.next_at > now


def is_crowded_out(log: LiveLog | None, now: datetime) -> bool:
    """Whether it waits because AT_ONCE others are read. Reads only."""
    waits = log is None or (log.state == LiveState.WAITING and not is_read(log, now))
    return waits and _held(now).count() >= AT_ONCE


def is_refused(log: LiveLog) -> bool:
    """Whether it was tried last and is not to be had at the moment."""
    return log.state in (LiveState.ABSENT, LiveState.BROKEN, LiveState.ENDED)


def tag_of(log: LiveLog | None, now: datetime) -> str:
    """What is another when the log is to be drawn anew; its bar fades without a line."""
    if log is None:
        return "none"
    fresh = log.updated_at is not None and now - log.updated_at < STEPS_FOR
    return f"{log.state}-{log.updated_at}-{is_read(log, now)}-{fresh}"


def steps_of(run: Run, log: LiveLog, now: datetime) -> Steps | None:
    """The steps that the running node is at, by the last line of a log that is being read."""
    fresh = log.updated_at is not None and now - log.updated_at < STEPS_FOR
    if run.status != "running" or not fresh or not is_read(log, now):
        return None
    return current_steps(lines_of("\n".join(log.body.split("\n")[-LAST_LINES:])))


def delete_old(now: datetime) -> int:
    """Deletes the logs that nobody has looked at for a day; returns how many."""
    return LiveLog.objects.filter(wanted_until__lt=now - KEPT_FOR).delete()[0]


# Who reads


@dataclass(frozen=True, slots=True)
class Held:
    """A log that a watcher has taken to read: its run, and how many lines were seen before."""

    pk: int
    run_id: UUID
    seen: int
    failures: int


@dataclass(frozen=True, slots=True)
class Wish:
    """Until when a held log is wanted, and whether its run has ended."""

    until: datetime
    finished: bool


def any_waiting(now: datetime) -> bool:
    """Whether a log is wanted that nobody reads. Reads only."""
    return _waiting(now).exists()


def _waiting(now: datetime) -> QuerySet[LiveLog]:
    return LiveLog.objects.filter(wanted_until__gt=now, next_at__lte=claim_moment(now))


def take(holder: str, limit: int, now: datetime) -> list[Held]:
    """Takes up to `limit` logs that are wanted and that nobody reads, AT_ONCE in all.

    Writes only where there is one.
    """
    due = _waiting(now)
    waiting = list(due.order_by("next_at").values_list("pk", flat=True)[: max(0, limit)])
    taken = []
    for pk in waiting[: max(0, AT_ONCE - _held(now).count())] if waiting else []:
        hold = {"holder": holder, "next_at": claim_moment(now, HELD_FOR)}
        if not due.filter(pk=pk).update(state=LiveState.OPEN, **hold):
            continue
        if _held(now).count() > AT_ONCE:  # two watchers took the last place together
            give_up(holder, pk, LiveState.WAITING, now + timedelta(seconds=1))
            break
        taken.append(pk)
    rows = LiveLog.objects.defer("body").filter(pk__in=taken).select_related("run")
    return [_as_held(row) for row in rows]


def _held(now: datetime) -> QuerySet[LiveLog]:
    return LiveLog.objects.filter(~Q(holder=""), next_at__gt=claim_moment(now))


def _as_held(row: LiveLog) -> Held:
    return Held(row.pk, row.run.uuid, row.left_out + row.lines, row.failures)


def wishes(holder: str, now: datetime) -> dict[int, Wish]:
    """What becomes of the logs that this watcher holds; one that is not in it is lost.

    A hold that has expired is lost too: others may have taken its place among AT_ONCE.
    """
    rows = _held(now).filter(holder=holder)
    found = rows.values_list("pk", "wanted_until", "run__finished")
    return {pk: Wish(until, finished) for pk, until, finished in found}


def renew(holder: str, keys: Collection[int], now: datetime) -> None:
    """Holds these logs for another 30 s."""
    held = LiveLog.objects.filter(holder=holder, pk__in=keys)
    held.update(next_at=claim_moment(now, HELD_FOR))


def write(holder: str, pk: int, read: LiveLines, now: datetime) -> None:
    """Writes the lines that were read, as long as the log is held."""
    lines = read.lines
    LiveLog.objects.filter(holder=holder, pk=pk).update(
        body=as_text(lines), lines=len(lines), left_out=read.left_out, updated_at=now
    )


def give_up(
    holder: str, pk: int, state: LiveState, again_at: datetime, *, failed: bool = False
) -> None:
    """Ends the hold; the log may be read again from then on, where somebody wants it."""
    failures = F("failures") + 1 if failed else 0
    held = LiveLog.objects.filter(holder=holder, pk=pk)
    held.update(holder="", state=state, next_at=again_at, failures=failures)
