"""What ComfyDeploy sends apart from runs: lists of runs, names, lines of a log."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

WORKFLOW, VERSION, DEPLOYMENT, MACHINE = "workflow", "version", "deployment", "machine"


@dataclass(frozen=True, slots=True)
class ListedRun:
    """One run in a list: enough to identify it; its facts come from a request of their own."""

    id: UUID
    status: str | None = None
    created_at: datetime | None = None
    deployment_id: str | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a run's log; `at` is None for all but the first line of an entry."""

    at: datetime | None
    text: str
