"""What is stored. Querysets speak the domain: `live()`, `due(now)`, `newest()`."""

from dashboard.models.gate import Gate
from dashboard.models.marks import Mark, SignInLink
from dashboard.models.run import Output, Payload, Run, RunQuerySet, Snapshot

__all__ = ["Gate", "Mark", "Output", "Payload", "Run", "RunQuerySet", "SignInLink", "Snapshot"]
