"""Why a run had to start a machine, or to wait for one: one of a few words, with evidence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dashboard.domain.machines.cost import IDLE_LATE

IDLE, BUSY = "idle", "busy"
FIRST_OF_VERSION, FIRST_OF_MACHINE = "first-of-version", "first-of-machine"
NEW_DEPLOYMENT = "new-deployment"
WORDS = (IDLE, BUSY, FIRST_OF_VERSION, FIRST_OF_MACHINE, NEW_DEPLOYMENT)
WAITED = 2.0  # seconds in line that are worth a reason


@dataclass(frozen=True, slots=True)
class MachineRun:
    """Another run of the same machine: when it had a container, and which."""

    pk: int
    begin: datetime  # queued, else created
    ended: datetime | None
    container: str | None
    deployment: str | None = None


@dataclass(frozen=True, slots=True)
class MachineContainer:
    """A container of the machine, as far as it is known."""

    id: str
    started: datetime | None
    ended: datetime | None
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One run and what is known of its machine up to then."""

    created: datetime
    cold: bool
    in_line: float | None  # seconds that it waited for a container that was up
    container: str | None
    deployment: str | None
    fluid: bool  # the deployment has an image, settings and containers of its own
    before: Sequence[MachineRun]  # runs of the machine that were created before, the newest first
    containers: Sequence[MachineContainer]
    idle_timeout: int | None
    keep_warm: int | None
    limit: int | None
    version: int | None  # the number of `version_id`
    version_id: str | None


@dataclass(frozen=True, slots=True)
class StartReason:
    """The word, what it rests on, and whether nothing unknown can change it."""

    word: str
    sure: bool
    idle: float | None = None  # seconds since the machine's last run
    stays_warm: int | None = None  # seconds that it stays up without a run
    busy: int | None = None
    limit: int | None = None
    version: int | None = None
    last_run: int | None = None  # the key of the run that the idle time counts from

    @property
    def evidence(self) -> dict[str, float | int | None]:
        names = {
            IDLE: ("idle", "stays_warm"),
            BUSY: ("busy", "limit"),
            FIRST_OF_VERSION: ("version",),
        }
        return {name: getattr(self, name) for name in names.get(self.word, ())}


def start_reason(asked: Question) -> StartReason | None:
    """The first reason that holds; None where nothing known explains it, or nothing has to."""
    if not asked.cold:
        return _busy(asked) if (asked.in_line or 0.0) >= WAITED else None
    for reason in (_first_of_version, _new_deployment, _first_of_machine, _busy, _idle):
        if found := reason(asked):
            return found
    return None


def _first_of_version(asked: Question) -> StartReason | None:
    """The first container of a version of the machine, where another version is known before."""
    own = next((one for one in asked.containers if one.id == asked.container), None)
    if own is None or own.version is None or own.started is None:
        return None
    earlier = [one for one in asked.containers if one.started and one.started < own.started]
    versions = {one.version for one in earlier if one.version}
    if not versions or own.version in versions:
        return None
    number = asked.version if own.version == asked.version_id else None
    return StartReason(FIRST_OF_VERSION, sure=True, version=number)


def _new_deployment(asked: Question) -> StartReason | None:
    if not (asked.fluid and asked.deployment and asked.before):
        return None
    if any(run.deployment == asked.deployment for run in asked.before):
        return None
    return StartReason(NEW_DEPLOYMENT, sure=False)


def _first_of_machine(asked: Question) -> StartReason | None:
    return None if asked.before else StartReason(FIRST_OF_MACHINE, sure=False)


def _busy(asked: Question) -> StartReason | None:
    """Runs had every container that was up, or as many as the machine may have."""
    there = [run for run in asked.before if _held(run, asked.created)]
    if not there:
        return None
    used = {run.container for run in there if run.container}
    up = {one.id for one in asked.containers if _up(one, asked.created)} - {asked.container}
    if asked.cold and up - used:
        return None  # one was up and free: that they were busy explains nothing
    every = all(run.container for run in there) and bool(up or not asked.cold)
    return StartReason(BUSY, sure=every, busy=len(there), limit=asked.limit)


def _idle(asked: Question) -> StartReason | None:
    """The machine's last run ended longer ago than a container stays up."""
    ended = [run for run in asked.before if run.ended and run.ended <= asked.created]
    last = max(ended, key=lambda run: run.ended or run.begin, default=None)
    if last is None or last.ended is None:
        return None
    gap = (asked.created - last.ended).total_seconds()
    known = None if asked.fluid else asked.idle_timeout
    if known is not None and gap <= known:
        return None
    others = [one for one in asked.containers if one.id != asked.container]
    if any(_up(one, asked.created) for one in others):
        return None  # one was up: it was not idleness alone
    sure = known is not None and not asked.keep_warm and not may_be_unknown(asked, last)
    return StartReason(IDLE, sure=sure, idle=gap, stays_warm=known, last_run=last.pk)


def may_be_unknown(asked: Question, last: MachineRun) -> bool:
    """Whether the last run's container was up for longer than the runs that are known explain."""
    own = next((one for one in asked.containers if one.id == last.container), None)
    if own is None or own.ended is None or last.ended is None or asked.idle_timeout is None:
        return True
    return own.ended - last.ended > timedelta(seconds=asked.idle_timeout) + IDLE_LATE


def _held(run: MachineRun, at: datetime) -> bool:
    return run.begin <= at and (run.ended is None or run.ended > at)


def _up(container: MachineContainer, at: datetime) -> bool:
    started, ended = container.started, container.ended
    return started is not None and started <= at and (ended is None or ended > at)
