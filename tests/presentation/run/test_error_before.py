"""The same error before, in words and on a line."""

from datetime import timedelta
from uuid import UUID

from dashboard.domain.changed.error_history import AlikeErrors, AlikeRun, GpuSplit
from dashboard.presentation.run.error_before import error_before, split_text
from tests.builders import NOON

RUNS = tuple(AlikeRun(UUID(int=n), NOON + timedelta(hours=n)) for n in (0, 1, 4))


def test_the_first_time_is_told_as_that() -> None:
    told = error_before(AlikeErrors(1, RUNS[0], RUNS[:1]), RUNS[0].uuid)
    assert told.times == "" and [mark.x for mark in told.marks] == ["50.00%"]


def test_marks_stand_where_their_time_is() -> None:
    told = error_before(AlikeErrors(3, RUNS[0], RUNS), RUNS[2].uuid)
    assert (told.times, told.since, told.first.uuid) == ("3 times", NOON, RUNS[0].uuid)
    assert [(mark.x, mark.own) for mark in told.marks] == [
        ("0.00%", False),
        ("25.00%", False),
        ("100.00%", True),
    ]


def test_a_split_names_the_other_gpu_where_there_is_one() -> None:
    assert split_text(GpuSplit("A10G", 4, 98, "L40S")) == "All 4 on A10G. On L40S: 0 of 98 runs."
    assert split_text(GpuSplit("A10G", 4, 5)) == "All 4 on A10G. On other GPUs: 0 of 5 runs."
