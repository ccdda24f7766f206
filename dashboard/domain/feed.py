"""ComfyDeploy's feed of new runs, read from server-sent events: bytes in, IDs out."""

import re
from dataclasses import dataclass
from uuid import UUID

from dashboard.domain.server_events import EventReader

FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0  # seconds

_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class FailedFeed(Exception):
    """The feed itself says that it has failed: no run will come any more."""


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run that a feed names; `workflow_id` is None where it does not tell it."""

    id: UUID
    workflow_id: UUID | None = None


class FeedReader:
    """Reads a feed piece by piece; what is no event of a run is skipped."""

    def __init__(self) -> None:
        self.spoke = False  # whether any event that a feed sends has come
        self._events = EventReader()

    def feed(self, piece: bytes) -> list[NewRun]:
        """The runs whose events end in this piece, in order; raises NotAStream or FailedFeed."""
        found: list[NewRun] = []
        for event in self._events.feed(piece):
            if event.get("type") == "error":
                raise FailedFeed
            self.spoke = True
            run_id = _id(event.get("run_id"))
            if run_id:
                found.append(NewRun(run_id, _id(event.get("workflow_id"))))
        return found


def _id(value: object) -> UUID | None:
    return UUID(value) if isinstance(value, str) and _UUID.fullmatch(value) else None


def wait_after(failures: int) -> float:
    """Seconds before the next connection after so many failed ones in a row: 1 s, then doubled."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(max(failures - 1, 0), 20))
