"""Earlier runs with the same inputs."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from dashboard.models import Run
from dashboard.services.runs import same_inputs
from dashboard.services.runs.same_inputs import SameInputs
from tests.builders import answer, store

pytestmark = pytest.mark.django_db
INPUTS = {"prompt": "a lighthouse", "seed": 42}


@pytest.fixture(autouse=True)
def _fresh() -> None:
    same_inputs.forget()


def ran(now: datetime, minutes: float, inputs: Any = INPUTS, **given: Any) -> Run:
    at = now - timedelta(minutes=minutes)
    return store(answer(created=at, workflow_inputs=inputs, **given), now)


def found(run: Run) -> SameInputs:
    same_inputs.forget()
    return same_inputs.same_inputs(run)


def test_the_newest_earlier_runs_are_told_and_all_counted(now: datetime) -> None:
    earlier = [ran(now, minutes) for minutes in range(10, 15)]
    run = ran(now, 5, {"seed": 42.0, "prompt": "a lighthouse"})
    ran(now, 1)  # later
    told = found(run)
    assert [one.uuid for one in told.first] == [each.uuid for each in earlier[:3]]
    assert [one.uuid for one in told.rest] == [each.uuid for each in earlier[3:]]
    assert (told.number, told.other_seeds) == (5, 0)


def test_other_seeds_are_counted_apart(now: datetime) -> None:
    for seed in (1, 2):
        ran(now, 10 + seed, {**INPUTS, "seed": seed})
    ran(now, 9, {**INPUTS, "prompt": "a harbour"})
    assert found(ran(now, 5)) == SameInputs((), 0, 2)


@pytest.mark.parametrize(
    "given", [{"workflow_id": "another"}, {"inputs": {}}, {"inputs": {"api_key": "x"}}]
)
def test_what_cannot_be_compared_is_not_found(now: datetime, given: dict[str, Any]) -> None:
    ran(now, 10, **given)
    assert found(ran(now, 5, **({"inputs": given["inputs"]} if "inputs" in given else {}))) == (
        SameInputs()
    )


def test_it_costs_few_queries_once_a_minute(
    now: datetime, django_assert_max_num_queries: Any
) -> None:
    for minutes in range(10, 15):
        ran(now, minutes)
    run = ran(now, 5)
    with django_assert_max_num_queries(3):
        found(run)
    with django_assert_max_num_queries(0):
        same_inputs.same_inputs(run)
