"""Lists of runs and lines of logs."""

from uuid import UUID

import pytest

from dashboard.domain.listing import ListedRun, is_ahead
from dashboard.domain.run.status import FINISHED, KNOWN


def test_a_row_of_a_list_may_say_no_more_than_its_id() -> None:
    row = ListedRun(UUID(int=1))
    assert (row.status, row.created_at, row.deployment_id) == (None, None, None)


@pytest.mark.parametrize(
    ("listed", "status", "ahead"),
    [
        ("running", "queued", True),
        ("queued", "running", False),  # a list that lags
        ("success", "running", True),
        ("cancelled", "not-started", True),
        ("running", "timeout", True),  # it has come back
        ("cancelled", "success", True),
        ("resting", "running", True),
        ("running", "resting", True),
    ],
)
def test_a_list_is_ahead_or_lags(listed: str, status: str, ahead: bool) -> None:
    assert is_ahead(listed, status) is ahead


@pytest.mark.parametrize("status", sorted(KNOWN))
def test_no_list_of_live_runs_is_ahead_both_ways(status: str) -> None:
    for other in KNOWN - FINISHED - {status}:
        assert not (is_ahead(status, other) and is_ahead(other, status)) or status in FINISHED
    assert not is_ahead(status, status)
