"""Machines as ComfyDeploy tells them: their containers of a day, their versions, the prices."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

from dashboard.simulator.api import Request
from dashboard.simulator.containers import SimulatedContainer, Use, assign, by_run
from dashboard.simulator.http_replies import WRONG_METHOD, Reply, json_reply
from dashboard.simulator.run_book import Entry, RunBook
from dashboard.simulator.run_rows import milliseconds
from dashboard.simulator.seeded_random import stable_uuid
from dashboard.simulator.things import OWNER, Row
from dashboard.simulator.timeline import State
from dashboard.simulator.workspace import FORBIDDEN, Workspace

TOLD_FOR = timedelta(hours=24)
LONGEST_RUN = timedelta(hours=2)  # before those, a run may have begun whose container is told of
PRICES: dict[str, float] = {
    "T4": 0.00018,
    "L4": 0.00032,
    "A10G": 0.000337,
    "L40S": 0.000596,
    "A100": 0.00114,
    "A100-80GB": 0.001708,
    "H100": 0.002338,
    "H200": 0.001891,
    "B200": 0.002604,
    "CPU": 4.2e-05,
}
_EVENTS = re.compile(r"/api/machine/([^/]+)/events")
_VERSIONS = re.compile(r"/api/machine/serverless/([^/]+)/versions")


class Machines:
    """Answers what is asked about machines, and names the container of each run."""

    def __init__(self, book: RunBook, workspace: Workspace) -> None:
        self.book, self.workspace = book, workspace

    def answer(self, request: Request) -> Reply | None:
        """The reply, or None for another path than these."""
        if request.path == "/api/platform/gpu-pricing":
            return self._reply(request, "prices", PRICES)
        for pattern, told in ((_EVENTS, self._events), (_VERSIONS, self._versions)):
            if found := pattern.fullmatch(request.path):
                return self._reply(request, "containers", told(found[1], request.now))
        return None

    def _reply(self, request: Request, name: str, body: object) -> Reply:
        if request.method != "GET":
            return WRONG_METHOD
        return FORBIDDEN if name in self.workspace.forbidden else json_reply(200, body)

    def told(self, run_id: UUID, state: State, now: datetime) -> State:
        """The state with the container that the run is on, once it has a live status."""
        if state.live_status is None or state.details.gpu_event:
            return state
        container = by_run(self._containers(state.details.workflow.machine_id, now)).get(run_id)
        return replace(state, container_id=str(container.id)) if container else state

    def _containers(self, machine_id: str, now: datetime) -> list[SimulatedContainer]:
        since = now - TOLD_FOR - LONGEST_RUN
        runs = [
            run
            for run in self.book.of_machine(machine_id, now)
            if run.ticket.start > since and not run.foreign
        ]
        return _assigned(tuple(runs), self.book.speed)

    def _events(self, machine_id: str, now: datetime) -> list[object]:
        told = [
            _event(container, machine_id, now)
            for container in reversed(self._containers(machine_id, now))
            if now - TOLD_FOR <= container.start <= now
        ]
        return [*_odd(machine_id, told), *told] if self.workspace.odd else [*told]

    def _versions(self, machine_id: str, _: datetime) -> list[object]:
        machine = self.workspace.known("machine", machine_id)
        return [_version(machine, number) for number in (3, 2, 1)] if machine else []


@lru_cache(64)
def _assigned(runs: tuple[Entry, ...], speed: float) -> list[SimulatedContainer]:
    uses = [use for run in runs if (use := _use(run, speed))]
    gpu = runs[0].ticket.scenario.timetable(runs[0].ticket.seed).details.gpu if runs else None
    return assign(uses, gpu)


def _use(run: Entry, speed: float) -> Use | None:
    """The run's use of a container; None where it never reached a node of one."""
    plan = run.ticket.scenario.timetable(run.ticket.seed)
    if plan.queued is None or plan.started is None or not plan.steps or plan.details.gpu_event:
        return None
    ended = plan.ended if plan.ended is not None else plan.steps[-1].at + 60
    moments = (plan.created, plan.queued, plan.started, max(ended, plan.started))
    at = (run.ticket.start + timedelta(seconds=seconds / speed) for seconds in moments)
    return Use(run.run_id, *at)


def _event(container: SimulatedContainer, machine_id: str, now: datetime) -> Row:
    ended = container.end <= now
    return {
        "start_time": milliseconds(container.start),
        "org_id": OWNER["org_id"],
        "cost": 0.0,
        "end_time": milliseconds(container.end) if ended else None,
        "session_timeout": None,
        "gpu": container.gpu,
        "session_id": None,
        "user_id": OWNER["user_id"],
        "ws_gpu": None,
        "modal_function_id": "fc-01SIMULATED",
        "gpu_provider": "modal",
        "tunnel_url": None,
        "id": str(container.id),
        "created_at": milliseconds(container.start),
        "machine_version_id": None,
        "machine_id": machine_id,
        "updated_at": milliseconds(container.end if ended else container.start),
        "environment": None,
        "cost_item_title": None,
    }


def _odd(machine_id: str, told: list[Row]) -> Iterator[object]:
    """What no client should stumble over."""
    yield from (None, 7, {}, {"id": "nonsense"})
    for row in told[:1]:
        yield {**row, "id": str(stable_uuid("odd", 1)), "machine_id": "another"}
        yield {**row, "id": str(stable_uuid("odd", 2)), "end_time": "2001-01-01T00:00:00.1Z"}
        yield {**row, "id": str(stable_uuid("odd", 3)), "start_time": "21:00Z", "gpu": None}
        yield {**row, "id": str(stable_uuid("odd", 4)), "start_time": "2199-01-01T00:00:00.1Z"}


def _version(machine: Row, number: int) -> Row:
    at = f"2026-10-0{number}T08:12:44.310000"
    return {
        "id": str(stable_uuid("machine version", machine["id"], number)),
        "machine_id": machine["id"],
        "version": number,
        "user_id": OWNER["user_id"],
        "created_at": at,
        "updated_at": at,
        "comfyui_version": "v0.3.60",
        "gpu": machine["gpu"],
        "status": "ready",
        "org_id": OWNER["org_id"],
    }
