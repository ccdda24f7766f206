"""Lists of runs and lines of logs."""

from uuid import UUID

from dashboard.domain.listing import ListedRun


def test_a_row_of_a_list_may_say_no_more_than_its_id() -> None:
    row = ListedRun(UUID(int=1))
    assert (row.status, row.created_at, row.deployment_id) == (None, None, None)
