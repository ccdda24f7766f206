"""What is stored of an error to find the runs that have it: a fingerprint, and a known cause."""

from dashboard.domain.changed.alike_errors import error_fingerprint
from dashboard.domain.logs.causes import cause_of
from dashboard.domain.run.facts import StoredError

FAILED = ("failed", "timeout")


def error_columns(status: str | None, error: StoredError | None) -> dict[str, str]:
    """The columns `error_digest` and `error_cause`; each is empty where there is none.

    A run that did not fail has no cause, whatever its outputs say; a timeout is one by itself.
    """
    told = error or StoredError()
    message, kind = told.get("message") or "", told.get("exception_type") or ""
    failed = status in FAILED
    cause = cause_of(status, message, kind, told.get("cause")) if failed else None
    return {"error_digest": error_fingerprint(kind, message) or "", "error_cause": cause or ""}
