"""What is stored. Querysets speak the domain: `live()`, `due(now)`, `newest()`."""

from dashboard.models.answers import Output, Payload, Snapshot
from dashboard.models.audit import AuditEntry
from dashboard.models.follow import Follow, Name, RunLog
from dashboard.models.gate import Gate
from dashboard.models.labels import Label
from dashboard.models.people import Invitation, Person, Session, SignInTry
from dashboard.models.removed import RemovedRun
from dashboard.models.run import Run, RunQuerySet
from dashboard.models.share import Share
from dashboard.models.shared_state import SharedState, SignInLink
from dashboard.models.stored_file import StorageUsage, StoredFile

__all__ = [
    "AuditEntry",
    "Follow",
    "Gate",
    "Invitation",
    "StoredFile",
    "Label",
    "SharedState",
    "Name",
    "Output",
    "Payload",
    "Person",
    "RemovedRun",
    "Run",
    "RunLog",
    "RunQuerySet",
    "Session",
    "Share",
    "StorageUsage",
    "SignInLink",
    "SignInTry",
    "Snapshot",
]
