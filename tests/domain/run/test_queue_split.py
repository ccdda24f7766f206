"""What a run waited for in the queue."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.run.queue_split import LINE, MACHINE, MACHINE_AND_COMFYUI, split_queue
from tests.builders import NOON


@pytest.mark.parametrize(
    ("queue", "start", "told"),
    [
        (4.017, 2.341, (MACHINE, 2.341, 1.676)),  # a cold run of a captured container
        (1.155, -30.0, (LINE, 1.155, 0.0)),  # a warm one of it
        (1.155, 0.0, (LINE, 1.155, 0.0)),
        (1.0, 1.0, (MACHINE, 1.0, 0.0)),
        (1.0, 2.9, (MACHINE, 1.0, 0.0)),  # two clocks
        (1.0, 3.0, (MACHINE, 1.0, 0.0)),
        (1.0, 3.1, None),
        (0.0, 0.5, (MACHINE, 0.0, 0.0)),
    ],
)
def test_the_container_tells_what_was_waited_for(
    queue: float, start: float, told: tuple[str, float, float] | None
) -> None:
    found = split_queue(queue, NOON, NOON + timedelta(seconds=start))
    assert (found and (found.kind, found.gpu_wait, found.boot)) == told


@pytest.mark.parametrize("missing", ["queue", "created", "start"])
def test_without_any_of_the_three_nothing_is_split(missing: str) -> None:
    given = {"queue": 1.0, "created": NOON, "start": NOON} | {missing: None}
    assert split_queue(given["queue"], given["created"], given["start"]) is None  # type: ignore[arg-type]


def test_an_optimised_runner_boots_comfyui_with_the_machine() -> None:
    start = NOON + timedelta(seconds=1)
    found = split_queue(5.0, NOON, start, optimised=True)
    assert found and (found.kind, found.gpu_wait, found.boot) == (MACHINE_AND_COMFYUI, 1.0, 4.0)


@given(
    queue=st.decimals(0, 100_000, places=6).map(float),
    start=st.floats(-1e6, 2e5, allow_nan=False),
)
def test_the_parts_are_never_negative_and_add_up(queue: float, start: float) -> None:
    found = split_queue(queue, NOON, NOON + timedelta(seconds=start))
    if found is not None:
        assert found.gpu_wait >= 0 and found.boot >= 0
        assert found.gpu_wait + found.boot == pytest.approx(queue, abs=1e-9)
