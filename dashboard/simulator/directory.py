"""The requests of ComfyDeploy's own dashboard: names, lists of runs, and logs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from dashboard.simulator import http_replies
from dashboard.simulator.api import Request, state_of
from dashboard.simulator.demo_schedule import DemoSchedule
from dashboard.simulator.http_replies import Reply, detail, json_reply
from dashboard.simulator.ids import Ticket, decode
from dashboard.simulator.log_lines import log_lines
from dashboard.simulator.run_answers import seconds
from dashboard.simulator.timeline import LIVE, State
from dashboard.simulator.workflows import WORKFLOWS, Workflow
from dashboard.simulator.workspace import Workspace, deployment_id, machine_name

ARCHIVED_AFTER = 30.0
_NAMED = re.compile(r"/api/(workflow|workflow-version|deployment|machine)/([^/]+)")
_LISTED = re.compile(r"/api/(v2/workflow|deployment)/([^/]+)/runs")
_LOG = re.compile(r"/api/v2/clickhouse-run-logs/([^/]+)")
EDITED = "2026-10-05T08:12:44.310Z"


@dataclass(frozen=True, slots=True)
class Directory:
    """Answers names and lists of runs for the demo's, and logs for any run of the simulator."""

    schedule: DemoSchedule
    speed: float = 1.0
    workspace: Workspace = field(default_factory=Workspace)

    def answer(self, request: Request) -> Reply | None:
        """The reply, or None for a path that is none of these."""
        for pattern, tell in ((_LOG, self._log), (_LISTED, self._list), (_NAMED, self._name)):
            found = pattern.fullmatch(request.path)
            if found:
                return tell(request, *found.groups()) if request.method == "GET" else WRONG
        return self.workspace.answer(request)

    def _name(self, _: Request, kind: str, given: str) -> Reply:
        for workflow in WORKFLOWS:
            told = _things(workflow)
            if told[kind]["id"] == given and self.workspace.has(given):
                return json_reply(200, self.workspace.renamed(told[kind]))
        return detail(404, f"{kind.split('-')[0].capitalize()} not found")

    def _list(self, request: Request, kind: str, given: str) -> Reply:
        deployment = kind == "deployment"
        chosen = next(
            (w for w in WORKFLOWS if given == (deployment_id(w) if deployment else w.id)), None
        )
        if chosen is None:
            return http_replies.BROKEN if deployment else json_reply(200, [])
        limit, offset = (
            _number(request, "limit", 60 if deployment else 100),
            _number(request, "offset"),
        )
        rows = list(self._rows(chosen, request.now, deployment))[offset : offset + limit]
        meta = {"totalRowCount": 0, "filterRowCount": 0, "chartData": []}
        return json_reply(200, {"data": rows, "meta": meta} if deployment else rows)

    def _rows(
        self, workflow: Workflow, now: datetime, deployment: bool
    ) -> Iterator[dict[str, object]]:
        for run_id in self.schedule.newest(now):
            ticket = decode(run_id)
            state = state_of(ticket, now, self.speed) if ticket else None
            if ticket and state and state.details.workflow.id == workflow.id:
                yield (_short_row if deployment else _row)(run_id, ticket.start, state)

    def _log(self, request: Request, given: str) -> Reply:
        run_id = http_replies.read_uuid(given)
        if run_id is None:
            return http_replies.malformed("path", given)
        ticket = decode(run_id)
        if ticket is None or ticket.scenario.foreign or request.now < ticket.start:
            return http_replies.UNKNOWN_RUN
        return json_reply(200, self._entries(run_id, ticket, request.now))

    def _entries(self, run_id: UUID, ticket: Ticket, now: datetime) -> list[dict[str, object]]:
        state = state_of(ticket, now, self.speed)
        end = state.ended
        elapsed = (now - ticket.start).total_seconds()
        if state.status in LIVE or end is None or elapsed < end + ARCHIVED_AFTER / self.speed:
            return []
        return [
            {
                "run_id": str(run_id),
                "timestamp": _milliseconds(ticket.start + timedelta(seconds=at)),
                "log": text,
                "user_id": None,
                "org_id": None,
                "log_type": None,
            }
            for at, text in log_lines(state, ticket.seed)
        ]


WRONG = http_replies.WRONG_METHOD


def _things(workflow: Workflow) -> dict[str, dict[str, object]]:
    """The workflow, its version, deployment and machine as JSON; only the fields that are read."""
    stamps = {"created_at": EDITED, "updated_at": EDITED}
    named = {"id": workflow.id, "name": workflow.name, "pinned": False, **stamps}
    return {
        "workflow": named,
        "workflow-version": {
            "id": workflow.version_id,
            "workflow_id": workflow.id,
            "version": 3,
            "comment": "",
            "workflow_api": {},
            **stamps,
        },
        "deployment": {
            "id": deployment_id(workflow),
            "workflow_id": workflow.id,
            "environment": "production",
            "workflow": {"id": workflow.id, "name": workflow.name},
            **stamps,
        },
        "machine": {
            "id": workflow.machine_id,
            "name": machine_name(workflow),
            "type": "comfy-deploy-serverless",
            "gpu": workflow.gpu,
            "auth_token": "FAKE-not-a-token",
            **stamps,
        },
    }


def _row(run_id: UUID, start: datetime, state: State) -> dict[str, object]:
    """A row of the v2 list: durations as strings, times in milliseconds, no outputs."""
    at = _moments(start, state)
    details = state.details
    return {
        "id": str(run_id),
        "status": state.status,
        **{f"{name}_at": _milliseconds(moment) for name, moment in at.items()},
        "workflow_id": details.workflow.id,
        "user_id": details.user_id,
        "org_id": details.org_id,
        "origin": details.origin,
        "gpu": details.gpu,
        "machine_version": None,
        "machine_type": details.machine_type,
        "modal_function_call_id": None,
        "webhook_status": None,
        "webhook_intermediate_status": details.webhook_intermediate,
        "batch_id": None,
        "workflow_version_id": details.workflow.version_id,
        "deployment_id": deployment_id(details.workflow),
        "duration": _string(seconds(at["created"], at["ended"])),
        "comfy_deploy_cold_start": _string(seconds(at["created"], at["queued"])),
        "cold_start_duration": _string(seconds(at["queued"], at["started"])),
        "cold_start_duration_total": _string(seconds(at["created"], at["started"])),
        "run_duration": _string(seconds(at["started"], at["ended"])),
    }


def _short_row(run_id: UUID, start: datetime, state: State) -> dict[str, object]:
    """A row of a deployment's list: times without a zone; the duration is that of the run phase."""
    at = _moments(start, state)
    details = state.details
    ran = seconds(at["started"], at["ended"])
    return {
        "id": str(run_id),
        "status": state.status,
        **{f"{name}_at": _naive(at[name]) for name in ("created", "started", "ended")},
        "workflow_id": details.workflow.id,
        "workflow_version_id": details.workflow.version_id,
        "machine_id": details.workflow.machine_id,
        "gpu": details.gpu,
        "origin": details.origin,
        "user_id": details.user_id,
        "deployment_id": deployment_id(details.workflow),
        "duration": _string(ran or None),
    }


def _moments(start: datetime, state: State) -> dict[str, datetime | None]:
    after = {
        "created": state.created,
        "updated": state.updated,
        "ended": state.ended,
        "queued": state.queued,
        "started": state.started,
    }
    return {
        name: None if at is None else start + timedelta(seconds=at) for name, at in after.items()
    }


def _milliseconds(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[:-6] + "Z"


def _naive(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")


def _string(took: float | None) -> str | None:
    return None if took is None else f"{took:.6f}"


def _number(request: Request, name: str, default: int = 0) -> int:
    given = request.query.get(name, "")
    return int(given) if given.isdigit() and len(given) < 9 else default
