"""The rows of ComfyDeploy's lists of runs, in their fields, order and formats."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dashboard.simulator.run_answers import call_id, seconds
from dashboard.simulator.seeded_random import stable_uuid
from dashboard.simulator.things import deployment_id
from dashboard.simulator.timeline import State
from dashboard.simulator.workflows import ORG_ID, PEOPLE

Row = dict[str, object]
STRANGER = {"user_id": "user_2strangerOnAShare00000001", "org_id": "org_2strangerStudio00000000001"}


def long_row(run_id: UUID, start: datetime, state: State, batch_id: str | None) -> Row:
    """A row of the v2 list: durations as text, times in milliseconds, no outputs."""
    at = _moments(start, state)
    details = state.details
    return {
        "id": str(run_id),
        "status": state.status,
        **{f"{name}_at": milliseconds(moment) for name, moment in at.items()},
        "workflow_id": details.workflow.id,
        "user_id": details.user_id,
        "org_id": details.org_id,
        "origin": details.origin,
        "gpu": details.gpu,
        "machine_version": None,
        "machine_type": details.machine_type,
        "modal_function_call_id": call_id(run_id) if details.spawned else None,
        "webhook_status": None,
        "webhook_intermediate_status": details.webhook_intermediate,
        "batch_id": batch_id,
        "workflow_version_id": details.workflow.version_id,
        "deployment_id": deployment_id(details.workflow),
        "duration": _text(seconds(at["created"], at["ended"])),
        "comfy_deploy_cold_start": _text(seconds(at["created"], at["queued"])),
        "cold_start_duration": _text(seconds(at["queued"], at["started"])),
        "cold_start_duration_total": _text(seconds(at["created"], at["started"])),
        "run_duration": _text(seconds(at["started"], at["ended"])),
    }


def short_row(run_id: UUID, start: datetime, state: State) -> Row:
    """A row of a deployment's list: times without a zone, the status as it is stored.

    The duration is that of the run phase.
    """
    at = _moments(start, state)
    details = state.details
    ran = seconds(at["started"], at["ended"])
    return {
        "id": str(run_id),
        "status": state.stored,
        **{f"{name}_at": _naive(at[name]) for name in ("created", "started", "ended")},
        "workflow_id": details.workflow.id,
        "workflow_version_id": details.workflow.version_id,
        "machine_id": details.workflow.machine_id,
        "gpu": details.gpu,
        "origin": details.origin,
        "user_id": details.user_id,
        "deployment_id": deployment_id(details.workflow),
        "duration": _text(ran or None),
    }


def odd_rows(good: Row) -> Iterator[object]:
    """Rows that a reader must survive, made of a good one."""
    own = {**good, "org_id": ORG_ID, "user_id": PEOPLE[0]}
    yield from (None, 3, "row", [], {})
    yield {name: value for name, value in own.items() if name != "id"}
    yield {**own, "id": "nonsense"}
    yield own  # a second time
    for name, changed in _CHANGES.items():
        yield {**own, "id": str(stable_uuid("odd run", name, good["id"])), **changed}


_CHANGES: dict[str, Row] = {
    "stranger": dict(STRANGER),
    "future": {"created_at": "2199-01-01T00:00:00.000Z"},
    "naive": {"created_at": "2026-11-20T09:30:12.250000"},
    "whole minute": {"created_at": "2026-11-20T21:00Z", "updated_at": "2026-11-20T21:00Z"},
    "no dates": dict.fromkeys(("created_at", "updated_at", "ended_at", "queued_at", "started_at")),
    "numbers": {"duration": 12.5, "run_duration": "12.5 s", "cold_start_duration": "NaN"},
    "types": {"status": 7, "user_id": ["x"], "gpu": {}, "batch_id": 5, "deployment_id": False},
    "no IDs": dict.fromkeys(("user_id", "org_id", "batch_id", "deployment_id", "workflow_id")),
}


def _moments(start: datetime, state: State) -> dict[str, datetime | None]:
    after = {
        "created": state.created,
        "updated": state.updated,
        "ended": state.ended,
        "queued": state.queued,
        "started": state.started,
    }
    return {name: _moment(start, at, state) for name, at in after.items()}


def _moment(start: datetime, after: float | None, state: State) -> datetime | None:
    if after is None:
        return None
    moment = start + timedelta(seconds=after)
    return moment.replace(microsecond=0) if state.details.whole_seconds else moment


def milliseconds(moment: datetime | None) -> str | None:
    """The moment as lists write it; one on a whole second loses its seconds, as on the server."""
    if moment is None:
        return None
    if not moment.microsecond:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def _naive(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None).isoformat()


def _text(took: float | None) -> str | None:
    return None if took is None else f"{took:.6f}"
