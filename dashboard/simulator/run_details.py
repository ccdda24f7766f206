"""What only the older list of runs tells: every output, the report of node times, the error."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise

from dashboard.simulator.early_ends import early_error
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
NOT_IN_IT = ("output_id", "type", "node_id")  # of an output, what GET run alone tells


def details_row(
    ticket: Ticket, run_id: object, state: State, batch_id: str | None, answer: Row
) -> Row:
    """A row of the older list; `answer` is GET run's about the same run."""
    row = long_row(run_id, ticket.start, state, batch_id)  # type: ignore[arg-type]
    told = ("workflow_inputs", "machine_id", "gpu_event_id", "live_status", "progress")
    settings = ("is_realtime", "webhook")
    return {
        **row,
        **{name: answer[name] for name in (*told, *settings)},
        "model_id": None,
        **workflow_rows(state.details.workflow),
        "outputs": _outputs(ticket, run_id, state, answer["outputs"]),  # type: ignore[arg-type]
    }


def _outputs(ticket: Ticket, run_id: object, state: State, shown: list[Row]) -> list[Row]:
    """All outputs, in no order."""
    rows = [
        {**_without(row), **_dated(ticket, state, report.at)}
        for row, report in zip(shown, state.reports, strict=True)
    ]
    rows += _posted(ticket, run_id, state)
    seeded_random("order", run_id).shuffle(rows)
    return rows


def _without(row: Row) -> Row:
    return {name: value for name, value in row.items() if name not in NOT_IN_IT}


def _dated(ticket: Ticket, state: State, at: float) -> Row:
    moment = ticket.start + timedelta(seconds=at)
    told = milliseconds(moment.replace(microsecond=0) if state.details.whole_seconds else moment)
    return {"created_at": told, "updated_at": told}


def _posted(ticket: Ticket, run_id: object, state: State) -> Iterator[Row]:
    """What the machine posts when a run ends, which GET run leaves out."""
    plan = ticket.scenario.timetable(ticket.seed)
    if plan.ended is None or state.status != plan.end:
        return
    speed = plan.created / state.created
    posted: dict[str, object] = {}
    if state.status == "failed" and plan.started is not None:
        posted["error"] = posted_error(plan, ticket.seed)
    if plan.steps:
        posted["nodes"] = node_times(plan, ticket.seed, speed)
    for name, data in posted.items():
        yield {
            "id": str(stable_uuid(name, run_id)),
            "run_id": str(run_id),
            "data": data,
            "node_meta": None,
            **_dated(ticket, state, plan.ended / speed),
        }


def node_times(plan: Plan, seed: int, speed: float) -> list[Row]:
    """The seconds of each node that ran: together, from the first node's start to the end.

    The upload of what they saved is none of their time.
    """
    end = (plan.uploading or plan.ended or 0.0) - SMALLEST * speed
    edges = [*(step.at for step in plan.steps), max(end, plan.steps[-1].at)]
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


def posted_error(plan: Plan, seed: int) -> Row:
    """The error of a failed run: of the node that it stopped at, or of an earlier end."""
    if not plan.steps:
        return early_error(plan.details.workflow, seed)
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
