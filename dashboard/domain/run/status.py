"""ComfyDeploy's status words, and which of them end a run."""

from datetime import datetime

WAITING = ("not-started", "queued")
FINISHED = frozenset({"success", "failed", "timeout", "cancelled"})
KNOWN = FINISHED | {*WAITING, "started", "running", "uploading"}


def is_finished(status: str, ended_at: datetime | None) -> bool:
    """Whether the run is over: by its word, or for a word we do not know by having an end."""
    if status in KNOWN:
        return status in FINISHED
    return ended_at is not None
