"""Whether one kind of GPU alone has an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.changed.error_history import FEWEST, GpuSplit, gpu_split

COUNTS = st.dictionaries(st.sampled_from(["A10G", "L40S", "H100", None]), st.integers(0, 20))


@pytest.mark.parametrize(
    ("failed", "runs", "split"),
    [
        ({"A10G": 4}, {"A10G": 9, "L40S": 98}, GpuSplit("A10G", 4, 98, "L40S")),
        ({"A10G": 4}, {"A10G": 4, "L40S": 3, "H100": 2}, GpuSplit("A10G", 4, 5)),
        ({"A10G": 3}, {"A10G": 9, "L40S": 98}, None),
        ({"A10G": 4}, {"A10G": 9, "L40S": 3}, None),
        ({"A10G": 4, "L40S": 1}, {"A10G": 9, "L40S": 98}, None),
        ({None: 9}, {None: 9, "L40S": 98}, None),
        ({"A10G": 9}, {"A10G": 9, "L40S": 98, None: 1}, None),
        ({}, {"L40S": 98}, None),
    ],
)
def test_a_split_is_complete_and_large_on_both_sides(
    failed: dict[str | None, int], runs: dict[str | None, int], split: GpuSplit | None
) -> None:
    assert gpu_split(failed, runs) == split


@given(COUNTS, COUNTS)
def test_what_is_told_is_true(failed: dict[str | None, int], runs: dict[str | None, int]) -> None:
    split = gpu_split(failed, runs)
    if split is None:
        return
    assert split.failed == sum(failed.values()) >= FEWEST
    assert split.others == sum(runs.values()) - runs.get(split.gpu, 0) >= FEWEST
