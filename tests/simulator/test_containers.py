"""Containers of simulated runs: each serves one run at a time, and every run fits in its own."""

from datetime import timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.simulator.containers import COLD_AFTER, IDLE_TIMEOUT, Use, assign, by_run
from tests.builders import NOON

USES = st.lists(
    st.tuples(
        st.floats(0, 4000), st.floats(0, 200), st.sampled_from([0.5, 1.5, 40.0]), st.floats(1, 300)
    ),
    max_size=25,
)


def use(number: int, created: float, queue: float, boot: float, run: float) -> Use:
    at = [NOON + timedelta(seconds=sum((created, queue, boot, run)[: n + 1])) for n in range(4)]
    return Use(UUID(int=number + 1), *at)


@given(USES)
def test_a_container_serves_one_run_after_another(drawn: list[tuple[float, ...]]) -> None:
    uses = [use(n, *each) for n, each in enumerate(drawn)]
    containers = assign(uses, "H100")
    assert by_run(containers).keys() == {one.run_id for one in uses}
    for container in containers:
        assert container.runs
        for before, after in pairwise(container.runs):
            assert before.ended <= after.queued
            idle = after.queued - max(
                one.ended for one in container.runs if one.queued < after.queued
            )
            assert idle <= timedelta(seconds=IDLE_TIMEOUT)
        for one in container.runs:
            assert container.start <= one.queued + timedelta(seconds=2)
            assert container.end >= one.ended + timedelta(seconds=IDLE_TIMEOUT)


@given(USES)
def test_a_cold_run_starts_its_container_and_a_warm_one_finds_it_up(
    drawn: list[tuple[float, ...]],
) -> None:
    for container in assign([use(n, *each) for n, each in enumerate(drawn)], None):
        first, *others = container.runs
        cold = first.started - first.queued > COLD_AFTER
        assert (container.start > first.created) == (cold and first.queued > first.created) or cold
        assert all(one.started - one.queued <= COLD_AFTER for one in others)
        assert all(container.start <= one.created for one in others)


@pytest.mark.parametrize(("gap", "one"), [(10.0, True), (59.0, True), (61.0, False)])
def test_a_container_stays_up_for_its_idle_time(gap: float, one: bool) -> None:
    cold = use(0, 0, 2, 40, 10)
    warm = use(1, 52 + gap, 0, 1, 10)
    assert (len(assign([cold, warm], "H100")) == 1) == one
