"""New versions, and whether cold starts took another time since one."""

import random
from datetime import timedelta

from dashboard.domain.insights.runs import InsightRun
from dashboard.domain.insights.starts import starts_of
from dashboard.domain.insights.version_steps import VersionStep, largest_step, version_markers
from tests.domain.insights.histories import PERIOD, cold_run

NEW = PERIOD.begin + timedelta(days=15)


def runs_of(
    after: float,
    before: float = 25.0,
    count: int = 30,
    seed: int = 3,
    spread: float = 1.5,
    **columns: object,
) -> list[InsightRun]:
    """Cold starts of 24 days, `count` on each side of v14."""
    dice = random.Random(seed)
    made = []
    for n in range(-count, count):
        created = NEW + timedelta(days=12 / count * n, seconds=0 if n == 0 else 60)
        seconds = dice.gauss(after if n >= 0 else before, spread)
        version = "v14" if n >= 0 else "v13"
        made.append(
            cold_run(seconds, **{"id": n, "created": created, "version": version, **columns})
        )
    return made


def step_of(runs: list[InsightRun]) -> VersionStep | None:
    return largest_step(starts_of(runs), version_markers(runs, ()), PERIOD)


def test_a_version_is_marked_where_it_was_seen_first() -> None:
    [marker] = version_markers(reversed(runs_of(30)), ())
    assert (marker.workflow, marker.version, marker.at) == ("lighthouse", "v14", NEW)


def test_a_workflows_first_version_and_one_seen_before_are_none() -> None:
    runs = runs_of(30)
    assert [m.version for m in version_markers(runs, [cold_run(9.0, version="v14")])] == ["v13"]
    assert version_markers([cold_run(9.0), cold_run(9.0, version=None)], ()) == ()


def test_a_step_is_found_with_its_interval() -> None:
    step = step_of(runs_of(30.5))
    assert step is not None
    assert (step.n_before, step.n_after, step.gpu) == (30, 30, "H100")
    assert 4.5 < step.difference < 6.5 and step.change.holds(step.difference)


def test_it_may_take_less_time() -> None:
    step = step_of(runs_of(20.0))
    assert step is not None and step.difference < -4


def test_what_is_small_few_or_within_chance_is_no_step() -> None:
    assert step_of(runs_of(26.5)) is None
    assert step_of(runs_of(31.0, count=19)) is None
    assert step_of(runs_of(31.0, gpu=None)) is None
    noise = [run._replace(cold_start=30 + 25 * (run.id % 2)) for run in runs_of(0)]
    assert step_of(noise) is None


def test_other_workflows_and_gpus_are_not_mixed_in() -> None:
    runs = [
        *runs_of(30.5),
        *runs_of(90.0, 90.0, gpu="L4"),
        *runs_of(60.0, 10.0, workflow="portrait", version="v1")[:30],
    ]
    step = step_of(runs)
    assert step is not None and (step.n_before, step.gpu) == (30, "H100")


def test_the_largest_one_is_told() -> None:
    runs = [*runs_of(30.5), *runs_of(45.0, workflow="portrait")]
    step = step_of(runs)
    assert step is not None and step.marker.workflow == "portrait"


def test_chance_alone_is_seldom_a_step() -> None:
    found = [step_of(runs_of(25.0, seed=seed, spread=9.0)) for seed in range(40)]
    assert sum(step is not None for step in found) <= 5  # where 2 are to be expected
