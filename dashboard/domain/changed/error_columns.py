"""What is stored of an error to find the runs that have it: a fingerprint, and a known cause."""

from dashboard.domain.changed.alike_errors import error_fingerprint
from dashboard.domain.logs.causes import cause_of
from dashboard.domain.run.batch import FAILED
from dashboard.domain.run.facts import StoredError


def error_columns(status: str | None, error: StoredError | None) -> dict[str, str]:
    """The columns `error_digest` and `error_cause`; each is empty where there is none.

    A run that did not fail has neither, whatever its outputs say; a timeout is a cause by itself.
    """
    if status not in FAILED:
        return {"error_digest": "", "error_cause": ""}
    told = error or StoredError()
    message, kind = told.get("message") or "", told.get("exception_type") or ""
    cause = cause_of(status, message, kind, told.get("cause"))
    return {"error_digest": error_fingerprint(kind, message) or "", "error_cause": cause or ""}
