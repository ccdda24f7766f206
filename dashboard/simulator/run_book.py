"""Every run that lists and the feed tell of: the demo's by the clock, and those made on purpose."""

from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from operator import itemgetter
from threading import Lock
from typing import Any
from uuid import UUID

from dashboard.simulator.api import state_of
from dashboard.simulator.demo_schedule import DemoSchedule
from dashboard.simulator.ids import Ticket, decode, encode
from dashboard.simulator.run_rows import STRANGER
from dashboard.simulator.scenarios import SCENARIOS
from dashboard.simulator.timeline import State
from dashboard.simulator.workflows import number_of, place, workflow_at

# What made history consists of: all of it ends within two minutes.
PAST = [
    "warm",
    "warm",
    "warm",
    "cold",
    "warm",
    "fail-midway",
    "warm",
    "private",
    "warm",
    "cancel-running",
]
PAST_SEEDS = 64  # plans are kept, so few seeds make many runs cheap
ENDED_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """A listed run. What is given here stands instead of what its seed says."""

    run_id: UUID
    ticket: Ticket
    workflow_id: str
    batch_id: str | None = None
    user_id: str | None = None
    org_id: str | None = None

    @property
    def foreign(self) -> bool:
        """Whether a stranger made it, on the workspace's public share."""
        return self.org_id is not None

    def state(self, now: datetime, speed: float) -> State:
        return self.told(state_of(self.ticket, now, speed))

    def told(self, state: State) -> State:
        """The state of this run under its own user and organisation."""
        if self.user_id is None and self.org_id is None:
            return state
        user_id = self.user_id or state.details.user_id
        org_id = self.org_id or state.details.org_id
        return replace(state, details=replace(state.details, user_id=user_id, org_id=org_id))


@lru_cache(20_000)
def entry(run_id: UUID, batch_id: str | None = None) -> Entry:
    """The entry of a simulated run. Raises ValueError for another ID."""
    ticket = decode(run_id)
    if ticket is None:
        raise ValueError(f"No run of the simulator: {run_id}")
    return Entry(run_id, ticket, _workflow_id(ticket), batch_id)


def _workflow_id(ticket: Ticket) -> str:
    number = number_of(ticket.seed)
    if number is not None:
        return workflow_at(number).id
    return ticket.scenario(ticket.start, ticket.seed, ticket.start).details.workflow.id


@lru_cache(20_000)
def machine_of(run: Entry) -> str:
    """The machine that the run is on."""
    return run.ticket.scenario.timetable(run.ticket.seed).details.workflow.machine_id


@lru_cache(20_000)
def last_change(run: Entry, speed: float) -> datetime:
    """When the last event of the run is; nothing changes after it."""
    plan = run.ticket.scenario.timetable(run.ticket.seed)
    ends = (plan.created, plan.queued, plan.started, plan.running, plan.ended, plan.restarted)
    last = max(*(at for at in ends if at is not None), *(report.at for report in plan.reports), 0.0)
    return run.ticket.start + timedelta(seconds=last / speed)


def _start(run: Entry) -> datetime:
    return run.ticket.start


def _after(lasting: list[tuple[datetime, Any]], moment: datetime) -> list[tuple[datetime, Any]]:
    return lasting[bisect_right(lasting, moment, key=itemgetter(0)) :]


class RunBook:
    """The runs by workflow. Safe to use from several threads."""

    def __init__(self, schedule: DemoSchedule, speed: float, clock: Callable[[], datetime]) -> None:
        self.schedule, self.speed, self.clock = schedule, speed, clock
        self._lock = Lock()
        self._made: dict[UUID, Entry] = {}
        self._by_workflow: defaultdict[str, list[Entry]] = defaultdict(list)
        self._lasting: list[tuple[datetime, UUID]] = []  # by the time of the last change
        self.announced: list[Entry] = []  # runs made at this moment, in order; only grows
        self._second, self._planned = -1, list[Entry]()
        self._ends: list[tuple[datetime, Entry]] = []  # of the planned runs

    def made(self, run_id: UUID) -> Entry | None:
        """The run made on purpose with this ID, or None."""
        return self._made.get(run_id)

    def start(
        self,
        scenario: str,
        workflow: int,
        seed: int,
        age: float = 0.0,
        *,
        batch: str | None = None,
        user: str | None = None,
        foreign: bool = False,
    ) -> Entry:
        """Adds a run of the workflow of this number, `age` seconds old."""
        foreign = foreign or SCENARIOS[scenario].foreign
        with self._lock:
            begun = self.clock() - timedelta(seconds=age)
            run = replace(
                entry(encode(scenario, begun, place(workflow, seed)), batch),
                user_id=user or (STRANGER["user_id"] if foreign else None),
                org_id=STRANGER["org_id"] if foreign else None,
            )
            if run.run_id not in self._made:
                self._add([run])
                self._announce(run, age)
            return run

    def _announce(self, run: Entry, age: float) -> None:
        if run.foreign:
            return  # its events go to the stranger's organisation
        insort(self._lasting, (last_change(run, self.speed), run.run_id))
        if age == 0:
            self.announced.append(run)

    def position(self) -> tuple[datetime, int]:
        """The moment, and how many runs were announced before it."""
        with self._lock:
            return self.clock(), len(self.announced)

    def moving(self, since: datetime, until: datetime) -> list[Entry]:
        """The runs that may have changed between the two moments."""
        self.planned(until)
        with self._lock:
            ends, made = _after(self._ends, since), _after(self._lasting, since)
            planned = [run for _, run in ends if run.ticket.start <= until]
            return planned + [self._made[run_id] for _, run_id in made]

    def add_history(self, workflow: int, count: int, over: timedelta) -> list[UUID]:
        """Adds finished runs, spread evenly over the time before now; newest first."""
        newest = self.clock() - ENDED_FOR
        step = max(over - ENDED_FOR, timedelta()) / max(count, 1)
        runs = [
            entry(encode(PAST[n % len(PAST)], newest - n * step, place(workflow, n % PAST_SEEDS)))
            for n in range(count)
        ]
        with self._lock:
            self._add(reversed(runs))
        return [run.run_id for run in runs]

    def _add(self, runs: Iterable[Entry]) -> None:
        for run in runs:
            if run.run_id not in self._made:
                self._made[run.run_id] = run
                insort(self._by_workflow[run.workflow_id], run, key=_start)

    def of_workflow(self, workflow_id: str, now: datetime) -> list[Entry]:
        """The runs of this workflow that have begun, newest first."""
        planned = (run for run in self.planned(now) if run.workflow_id == workflow_id)
        with self._lock:
            made = self._by_workflow.get(workflow_id, ())
            runs = [*planned, *made]
        return sorted((run for run in runs if _start(run) <= now), key=_start, reverse=True)

    def of_machine(self, machine_id: str, now: datetime) -> list[Entry]:
        """The runs on this machine that have begun, of all workflows that share it."""
        with self._lock:
            made = [run for runs in self._by_workflow.values() for run in runs]
        return [
            run
            for run in (*self.planned(now), *made)
            if machine_of(run) == machine_id and _start(run) <= now
        ]

    def planned(self, now: datetime) -> list[Entry]:
        """The demo's runs, those of the next second too; made once a second."""
        second = int(now.timestamp())
        with self._lock:
            if second != self._second:
                self._second, self._planned = second, self._plan(now)
                ends = [(last_change(run, self.speed), run) for run in self._planned]
                self._ends = sorted(ends, key=itemgetter(0))
            return self._planned

    def _plan(self, now: datetime) -> list[Entry]:
        ahead = now.replace(microsecond=0) + timedelta(seconds=1)
        return [entry(run.run_id, run.batch_id or None) for run in self.schedule.runs(ahead)]
