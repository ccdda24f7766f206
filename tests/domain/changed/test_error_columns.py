"""What is stored of an error to find the runs that have it."""

import pytest

from dashboard.domain.changed.error_columns import error_columns
from dashboard.domain.logs.causes import Cause
from dashboard.domain.run.facts import StoredError

MEMORY = StoredError(message="CUDA out of memory", exception_type="torch.OutOfMemoryError")


@pytest.mark.parametrize(
    ("status", "error", "cause", "has_digest"),
    [
        ("failed", MEMORY, Cause.OUT_OF_MEMORY, True),
        ("failed", StoredError(message="no rule knows this"), "", True),
        ("failed", StoredError(message=None, cause="killed"), Cause.KILLED, False),
        ("failed", None, "", False),
        ("timeout", None, Cause.TIMED_OUT, False),
        ("success", MEMORY, "", False),
        (None, None, "", False),
    ],
)
def test_a_cause_is_that_of_a_run_that_failed(
    status: str | None, error: StoredError | None, cause: str, has_digest: bool
) -> None:
    found = error_columns(status, error)
    assert found["error_cause"] == cause and bool(found["error_digest"]) == has_digest


def test_causes_fit_their_column() -> None:
    assert max(len(cause) for cause in Cause) <= 24
