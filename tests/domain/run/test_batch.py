"""How far a batch is, and its medians."""

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.run.batch import MIN_RUNS, Member, progress_of
from dashboard.domain.run.status import FINISHED
from tests.builders import NOON


def member(
    status: str | None = "success", total: float | None = 10.0, *, read: bool = True
) -> Member:
    ended = status in FINISHED
    seen = NOON if read else None
    return Member(1, uuid4(), status, ended, seen, total, total, 1, 1, 0, NOON, None, "")


def test_runs_are_counted_by_where_they_are() -> None:
    statuses = ["success", "success", "failed", "timeout", "cancelled", "running", "queued",
                "uploading", "not-started", None]  # fmt: skip
    progress = progress_of([member(status) for status in statuses])
    assert (progress.size, progress.finished, progress.done, progress.failed) == (10, 5, 2, 2)
    assert (progress.cancelled, progress.other, progress.running, progress.waiting) == (1, 0, 3, 2)
    assert progress.moves


def test_runs_that_only_a_list_has_told_of_are_still_to_be_read() -> None:
    progress = progress_of([member(), member(read=False), member(read=False)])
    assert (progress.finished, progress.unread, progress.moves) == (3, 2, True)
    assert not progress_of([member()]).moves


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        ([1.0] * (MIN_RUNS - 1), None),
        ([5.0, 1.0, 2.0, 4.0, 3.0], 3.0),
        ([5.0, 1.0, 2.0, 4.0, 3.0, 6.0], 3.5),
        ([1.0, 2.0, 3.0, 4.0, None, -5.0], None),
    ],
)
def test_a_median_needs_five_values(totals: list[float | None], expected: float | None) -> None:
    assert progress_of([member(total=total) for total in totals]).total == expected


def test_medians_are_promised_only_where_they_may_come() -> None:
    def promised(ended: int, live: int) -> bool:
        runs = [*(member() for _ in range(ended)), *(member("running") for _ in range(live))]
        return progress_of(runs).medians_may_come

    assert promised(MIN_RUNS - 1, 1)
    assert not promised(MIN_RUNS - 1, 0)
    assert not promised(MIN_RUNS, 0)
    assert not promised(1, 1)


def test_runs_that_go_on_are_not_in_the_median() -> None:
    members = [*(member(total=2.0) for _ in range(5)), *(member("running", 99.0) for _ in range(9))]
    assert progress_of(members).total == 2.0


statuses = st.sampled_from([*FINISHED, "running", "not-started", "brand-new", None])


@given(st.lists(st.tuples(statuses, st.booleans()), min_size=1, max_size=60))
def test_every_run_is_in_one_part(rows: list[tuple[str | None, bool]]) -> None:
    p = progress_of([member(status, read=read) for status, read in rows])
    parts = (p.done, p.failed, p.cancelled, p.other, p.running, p.waiting)
    assert sum(parts) == p.size == len(rows)
    assert min(parts) >= 0
