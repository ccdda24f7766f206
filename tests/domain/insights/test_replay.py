"""The replay is what an event-by-event simulation of the same rules comes to."""

import random

import pytest

from dashboard.domain.insights.replay import Job, Replayed, Rules, replay
from tests.domain.insights.simulation import Simulation


def invented(seed: int) -> tuple[list[Job], int, int | None, int]:
    """A history and rules; every other one of coarse times, so that moments coincide."""
    dice = random.Random(seed)  # noqa: S311 - no secret
    unit = dice.choice((1, 1_000_000))
    size, spread = dice.randrange(1, 300), dice.choice((50, 2_000, 50_000))
    moments = sorted(dice.randrange(spread) for _ in range(size))
    jobs = [
        Job(
            at * unit + (dice.randrange(unit) if unit > 1 and seed % 2 else 0),
            dice.randrange(0, 40) * unit,
            dice.randrange(0, 90) * unit,
        )
        for at in moments
    ]
    warm = dice.choice((0, 2, 15, 30, 60, 120, 240, 600, 1_200)) * unit
    limit = dice.choice((None, 1, 2, 3, 10))
    return sorted(jobs, key=lambda job: job.at), warm, limit, dice.choice((0, 0, 1, 2))


@pytest.mark.parametrize("seed", range(100))
def test_the_replay_is_the_simulation(seed: int) -> None:
    jobs, warm, limit, always_on = invented(seed)
    found = replay(jobs, Rules(warm, limit, always_on))
    assert (found.booted, found.paid) == Simulation(list(jobs), warm, limit, always_on).go()


def test_the_histories_boot_wait_and_keep() -> None:
    shares = []
    for seed in range(100):
        jobs, warm, limit, always_on = invented(seed)
        booted = replay(jobs, Rules(warm, limit, always_on)).booted
        shares.append(sum(booted) / len(booted))
    assert min(shares) == 0 and max(shares) > 0.9
    assert len({round(share, 1) for share in shares}) > 5


def seconds(*jobs: tuple[int, int, int]) -> list[Job]:
    return [Job(*job) for job in jobs]


def test_a_container_is_warm_to_the_end_of_its_time() -> None:
    jobs = seconds((0, 5, 10), (75, 5, 10), (146, 5, 10))
    # The second comes 60 after the first has ended, the third 61 after the second.
    assert replay(jobs, Rules(60)) == Replayed([True, False, True], [75, 70, 75])


def test_a_run_over_the_limit_waits_and_boots_nothing() -> None:
    jobs = seconds((0, 5, 10), (1, 5, 10))
    assert replay(jobs, Rules(60, limit=1)) == Replayed([True, False], [15, 70])
    assert replay(jobs, Rules(60, limit=2)) == Replayed([True, True], [75, 75])


def test_always_on_containers_boot_nothing_and_cost_nothing() -> None:
    jobs = seconds((0, 5, 10), (1, 5, 10))
    assert replay(jobs, Rules(60, 2, always_on=1)) == Replayed([False, True], [0, 75])
    assert replay(jobs, Rules(60, 1, always_on=1)) == Replayed([False, False], [0, 0])


def test_nothing_comes_to_nothing() -> None:
    assert replay([], Rules(60)) == Replayed([], [])
