"""What a key may list of its workspace: workflows, deployments and machines."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

WORKFLOWS, DEPLOYMENTS, FLUID, MACHINES = "workflows", "deployments", "fluid", "machines"
LISTS = (WORKFLOWS, DEPLOYMENTS, FLUID, MACHINES)
"""The lists; fluid deployments (with an image of their own) have one to themselves."""
PRICES = "prices"
"""The list of what GPUs cost, which needs no key."""


@dataclass(frozen=True, slots=True)
class Listed:
    """One row of a list. Words that were not sent are empty; `org_id` is, for personal keys."""

    id: UUID
    name: str
    org_id: str
    changed_at: datetime | None
    deleted: bool


@dataclass(frozen=True, slots=True)
class ListedWorkflow(Listed):
    cover_url: str


@dataclass(frozen=True, slots=True)
class ListedDeployment(Listed):
    environment: str
    gpu: str
    workflow_id: UUID | None
    machine_id: UUID | None
    fluid: bool


@dataclass(frozen=True, slots=True)
class ListedMachine(Listed):
    gpu: str


@dataclass(frozen=True, slots=True)
class ListPage:
    """The rows of one answer, each ID once, and whether the list ends with it."""

    rows: tuple[Listed, ...]
    last: bool
