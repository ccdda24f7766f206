"""Lists of runs and lines of logs."""

from uuid import UUID

import pytest

from dashboard.domain.listing import ListedRun, is_ahead
from dashboard.domain.run.status import FINISHED, KNOWN


def test_a_row_of_a_list_may_say_no_more_than_its_id() -> None:
    row = ListedRun(UUID(int=1))
    assert (row.status, row.created_at, row.deployment_id) == (None, None, None)


@pytest.mark.parametrize(
    ("listed", "status", "assumed", "ahead"),
    [
        ("running", "queued", False, True),
        ("queued", "running", False, False),  # a list that lags
        ("success", "running", False, True),
        ("cancelled", "not-started", False, True),
        ("running", "success", False, False),
        ("running", "timeout", True, True),  # it has come back
        ("running", "timeout", False, False),
        ("cancelled", "success", False, True),
        ("resting", "running", False, True),
        ("running", "resting", False, True),
    ],
)
def test_a_list_is_ahead_or_lags(listed: str, status: str, assumed: bool, ahead: bool) -> None:
    assert is_ahead(listed, status, assumed=assumed) is ahead


@pytest.mark.parametrize("status", sorted(KNOWN))
def test_no_list_is_ahead_both_ways_unless_both_have_ended(status: str) -> None:
    for other in KNOWN - {status}:
        both = is_ahead(status, other) and is_ahead(other, status)
        assert both == ({status, other} <= FINISHED)
    assert not is_ahead(status, status, assumed=True)
