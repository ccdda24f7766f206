"""What is stored. Querysets speak the domain: `live()`, `due(now)`, `newest()`."""

from dashboard.models.answers import Output, Payload, Snapshot
from dashboard.models.follow import Follow, Name, RunLog
from dashboard.models.gate import Gate
from dashboard.models.marks import Mark, SignInLink
from dashboard.models.removed import Removed
from dashboard.models.run import Run, RunQuerySet

__all__ = [
    "Follow",
    "Gate",
    "Mark",
    "Name",
    "Output",
    "Payload",
    "Removed",
    "Run",
    "RunLog",
    "RunQuerySet",
    "SignInLink",
    "Snapshot",
]
