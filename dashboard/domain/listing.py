"""What ComfyDeploy tells beside a run: lists of runs, names of things, lines of a log."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

WORKFLOW, VERSION, DEPLOYMENT, MACHINE = "workflow", "version", "deployment", "machine"


@dataclass(frozen=True, slots=True)
class ListedRun:
    """One run in a list: enough to know it by, its facts are asked for apart."""

    id: UUID
    status: str | None = None
    created_at: datetime | None = None
    deployment_id: str | None = None


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a run's log; `at` is None for the further lines of one entry."""

    at: datetime | None
    text: str
