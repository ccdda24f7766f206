"""What only the older list of runs tells: every output, the report of node times, the error."""

from collections.abc import Iterator
from itertools import pairwise

from dashboard.simulator.ids import Ticket
from dashboard.simulator.log_lines import BREAKS
from dashboard.simulator.run_rows import Row, long_row, milliseconds
from dashboard.simulator.seeded_random import seeded_random, stable_uuid
from dashboard.simulator.things import workflow_rows
from dashboard.simulator.timeline import Plan, State

GIGABYTE = 1024**3
VRAM = {"UNETLoader": 11.9, "CheckpointLoaderSimple": 6.5, "DualCLIPLoader": 5.4, "KSampler": 3.5}
"""Gigabytes that a node adds; the rest of them add none."""
SMALLEST = 0.0002  # seconds: nodes that only pass something on


def details_row(
    ticket: Ticket, run_id: object, state: State, batch_id: str | None, answer: Row
) -> Row:
    """A row of the older list; `answer` is GET run's about the same run."""
    row = long_row(run_id, ticket.start, state, batch_id)  # type: ignore[arg-type]
    told = ("workflow_inputs", "machine_id", "gpu_event_id", "live_status", "progress")
    return {
        **row,
        **{name: answer[name] for name in told},
        **workflow_rows(state.details.workflow),
        "outputs": [*answer["outputs"], *_posted(ticket, run_id, state)],  # type: ignore[misc]
    }


def _posted(ticket: Ticket, run_id: object, state: State) -> Iterator[Row]:
    """What the machine posts when a run ends, which GET run leaves out."""
    if state.ended is None or not state.details.spawned:
        return
    plan = ticket.scenario.timetable(ticket.seed)
    if state.status == "failed" and plan.steps:
        yield _element(run_id, "error", _error(plan, ticket.seed), ticket)
    if plan.steps:
        yield _element(run_id, "nodes", node_times(plan, ticket.seed, state), ticket)


def _element(run_id: object, name: str, data: object, ticket: Ticket) -> Row:
    at = milliseconds(ticket.start)
    return {
        "id": str(stable_uuid(name, run_id)),
        "node_meta": None,
        "updated_at": at,
        "run_id": str(run_id),
        "data": data,
        "created_at": at,
        "output_id": None,
        "type": None,
        "node_id": None,
    }


def node_times(plan: Plan, seed: int, state: State) -> list[Row]:
    """The seconds of each node that ran; together they are the run without its edges."""
    assert state.ended is not None and plan.ended is not None
    speed = plan.ended / state.ended
    end = plan.uploading or plan.ended - 0.1
    edges = [*(step.at for step in plan.steps), max(end, plan.steps[-1].at + 0.1)]
    rng = seeded_random("nodes", seed)
    timed = [
        {
            "id": str(number),
            "time": round((after - at) / speed, 6),
            "class_type": step.node,
            "vram_used": int(VRAM.get(step.node, 0.0) * GIGABYTE * rng.uniform(0.95, 1.05)),
        }
        for number, (step, (at, after)) in enumerate(
            zip(plan.steps, pairwise(edges), strict=True), 1
        )
    ]
    passed_on = {"time": SMALLEST, "class_type": "ComfyUIDeployExternalText", "vram_used": 0}
    return [*timed, {"id": str(len(timed) + 1), **passed_on}]


def _error(plan: Plan, seed: int) -> Row:
    *trace, last = BREAKS[seed % len(BREAKS)].splitlines()[1:]
    kind, _, message = last.partition(": ")
    return {
        "prompt_id": str(stable_uuid("prompt", seed)),
        "node_id": str(len(plan.steps)),
        "node_type": plan.steps[-1].node,
        "executed": [str(number) for number in range(1, len(plan.steps))],
        "exception_message": f"{message}\n",
        "exception_type": kind,
        "traceback": [f"{line}\n" for line in trace[1:]],
        "current_inputs": {},
        "current_outputs": [],
    }
