"""What is stored. Querysets speak the domain: `live()`, `due(now)`, `newest()`."""

from dashboard.models.marks import Mark, SignInLink
from dashboard.models.removed import Removed
from dashboard.models.run import Output, Payload, Run, RunQuerySet, Snapshot

__all__ = ["Mark", "Output", "Payload", "Removed", "Run", "RunQuerySet", "SignInLink", "Snapshot"]
