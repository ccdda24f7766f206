"""What is stored. Querysets speak the domain: `live()`, `due(now)`, `newest()`."""

from dashboard.models.answers import Output, Payload, Snapshot
from dashboard.models.audit import AuditEntry
from dashboard.models.follow import Follow, Name, RunLog
from dashboard.models.gate import Gate
from dashboard.models.kept import Kept, Shelf
from dashboard.models.labels import Label
from dashboard.models.marks import Mark, SignInLink
from dashboard.models.people import Invitation, Person, Session, SignInTry
from dashboard.models.removed import Removed
from dashboard.models.run import Run, RunQuerySet
from dashboard.models.share import Share

__all__ = [
    "AuditEntry",
    "Follow",
    "Gate",
    "Invitation",
    "Kept",
    "Label",
    "Mark",
    "Name",
    "Output",
    "Payload",
    "Person",
    "Removed",
    "Run",
    "RunLog",
    "RunQuerySet",
    "Session",
    "Share",
    "Shelf",
    "SignInLink",
    "SignInTry",
    "Snapshot",
]
