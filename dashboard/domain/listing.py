"""What ComfyDeploy sends apart from runs: lists of runs, names, lines of a log."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dashboard.domain.run.facts import RunFacts

WORKFLOW, VERSION, DEPLOYMENT, MACHINE = "workflow", "version", "deployment", "machine"


@dataclass(frozen=True, slots=True)
class ListedRun:
    """One run in a list; `facts` has no inputs and no outputs, and is None without a status."""

    id: UUID
    status: str | None = None
    created_at: datetime | None = None
    deployment_id: str | None = None
    batch_id: str | None = None
    org_id: str | None = None  # empty: none; None: the list does not tell it
    facts: RunFacts | None = None


@dataclass(frozen=True, slots=True)
class RunPage:
    """The readable runs of one page of a list, newest first, each once."""

    runs: tuple[ListedRun, ...]
    sent: int  # the rows of the page, with those that are unreadable or there twice

    @property
    def reaches(self) -> datetime | None:
        """How far back the page goes. An odd date among its rows does not count, only the last."""
        return next((run.created_at for run in reversed(self.runs) if run.created_at), None)


_ORDER = ("not-started", "queued", "started", "running", "uploading")


def is_ahead(listed: str, status: str) -> bool:
    """Whether a list may know more of a run than its status here.

    A list may lag behind GET run: what we know to be further on is not asked for again.
    """
    if status in _ORDER and listed in _ORDER:
        return _ORDER.index(listed) > _ORDER.index(status)
    return listed != status


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of a run's log; `at` is None for all but the first line of an entry."""

    at: datetime | None
    text: str
