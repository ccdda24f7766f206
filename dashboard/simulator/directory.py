"""The requests of ComfyDeploy's own dashboard for names and logs."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from dashboard.simulator import http_replies
from dashboard.simulator.api import Request, state_of
from dashboard.simulator.http_replies import Reply, detail, json_reply
from dashboard.simulator.ids import Ticket, decode
from dashboard.simulator.log_lines import whole_log
from dashboard.simulator.run_rows import milliseconds
from dashboard.simulator.timeline import LIVE
from dashboard.simulator.workspace import Workspace, deployment_id, machine_name

__all__ = ["Directory", "deployment_id", "machine_name"]

ARCHIVED_AFTER = 30.0
_NAMED = re.compile(r"/api/(workflow|workflow-version|deployment|machine)/([^/]+)")
_LOG = re.compile(r"/api/v2/clickhouse-run-logs/([^/]+)")


@dataclass(frozen=True, slots=True)
class Directory:
    """Answers names of the workspace's things, and logs for any run of the workspace."""

    speed: float = 1.0
    workspace: Workspace = field(default_factory=Workspace)
    is_foreign: Callable[[UUID], bool] = lambda _: False

    def answer(self, request: Request) -> Reply | None:
        """The reply, or None for a path that is none of these."""
        for pattern, tell in ((_LOG, self._log), (_NAMED, self._name)):
            found = pattern.fullmatch(request.path)
            if found:
                return tell(request, *found.groups()) if request.method == "GET" else WRONG
        return self.workspace.answer(request)

    def _name(self, _: Request, kind: str, given: str) -> Reply:
        thing = self.workspace.known(kind, given)
        if thing and self.workspace.has(given):
            return json_reply(200, self.workspace.renamed(thing))
        return detail(404, f"{kind.split('-')[0].capitalize()} not found")

    def _log(self, request: Request, given: str) -> Reply:
        run_id = http_replies.read_uuid(given)
        if run_id is None:
            return http_replies.malformed("path", given)
        ticket = decode(run_id)
        if ticket is None or ticket.scenario.foreign or request.now < ticket.start:
            return http_replies.UNKNOWN_RUN
        if self.is_foreign(run_id):
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
                "timestamp": milliseconds(ticket.start + timedelta(seconds=at)),
                "log": text,
                "user_id": None,
                "org_id": None,
                "log_type": None,
            }
            for at, text in whole_log(ticket, self.speed)
        ]


WRONG = http_replies.WRONG_METHOD
