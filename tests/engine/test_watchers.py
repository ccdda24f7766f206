"""Two watchers over one PostgreSQL with 500 live runs: on time, never twice, one killed."""

import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.engine.stage import Asked, Stage, by_run, interval, sleep_until
from tests.engine.upstream import state_at

pytestmark = [pytest.mark.slow, pytest.mark.postgres]
RUNS, SECONDS, HOLD = 500, 60, 22.0
UNLOOKED = (10.0, 30.0, 60.0)
NOBODY = 35.0  # a killed watcher's claims end after 30 s


def gaps(asked: list[Asked]) -> list[tuple[float, float, float]]:
    """When each question came, how long after the one before, and the interval in force."""
    return [
        (two.at, two.at - one.at, interval(asked[: n + 1], UNLOOKED))
        for n, (one, two) in enumerate(pairwise(asked))
    ]


def check_states(stage: Stage, ended: float, since: dict[int, float]) -> None:
    """Each state that was kept up for two intervals while it was watched is stored."""
    stored = stage.statuses()
    for run, first in since.items():
        for second in range(int(first), int(ended - 2 * UNLOOKED[0])):
            state = state_at(run, second, HOLD)
            kept = all(
                state_at(run, second + n, HOLD) == state for n in range(int(2 * UNLOOKED[0]) + 1)
            )
            assert not kept or state in stored[run], (run, second, state, stored[run])


@pytest.mark.timeout(180)
def test_500_runs_are_asked_for_on_time_and_never_twice(
    stage: Callable[..., Stage], postgres: str
) -> None:
    made = stage(postgres, UPSTREAM_RATE="100")
    made.upstream.set(hold=HOLD)
    made.track(RUNS)
    made.watcher("one")
    made.watcher("two")
    time.sleep(SECONDS)
    made.end_processes()
    _, log = made.upstream.log()
    histories = by_run(log)
    assert len(histories) == RUNS
    found = [gap for asked in histories.values() for gap in gaps(asked)]
    assert min(gap / wanted for _, gap, wanted in found) >= 0.99
    assert max(gap / wanted for _, gap, wanted in found) <= 2
    ended = max(asked.at for asked in log)
    check_states(made, ended, {run: asked[0].at for run, asked in histories.items()})
    claims = "print(Run.objects.filter(claim_token__isnull=False).count())"
    assert made.shell(f"from dashboard.models import Run\n{claims}") == 0


@pytest.mark.timeout(240)
def test_a_killed_watcher_is_made_up_for_within_35_seconds(
    stage: Callable[..., Stage], postgres: str
) -> None:
    made = stage(postgres, UPSTREAM_RATE="100")
    made.upstream.set(hold=HOLD)
    made.track(RUNS)
    one, _ = made.watcher("one"), made.watcher("two")
    began = time.monotonic()
    sleep_until(began + SECONDS / 2)
    killed = time.time()
    one.kill()
    sleep_until(began + SECONDS / 2 + NOBODY + 30)
    made.end_processes()
    origin, log = made.upstream.log()
    settled = killed - origin + NOBODY
    found = [gap for asked in by_run(log).values() for gap in gaps(asked)]
    assert min(gap / wanted for _, gap, wanted in found) >= 0.99
    last = {run: asked[-1].at for run, asked in by_run(log).items()}
    assert len(last) == RUNS
    assert min(last.values()) > max(last.values()) - 2 * UNLOOKED[1]
    overdue = [found for found in found if found[1] > 2 * found[2] and found[0] > settled]
    assert overdue == [], settled
