"""A rough upstream for two minutes: nothing kept up is missed, and manners are kept."""

import time
from collections.abc import Callable

import pytest

from tests.engine.stage import Asked, Stage, by_run
from tests.engine.upstream import state_at

pytestmark = pytest.mark.slow
RUNS, RATE, HOLD, SECONDS = 40, 20, 30.0, 120
STORM_AT, STORM = 50, 12
INTERVAL = 10.0
IN_HAND = 16 + 8  # questions that one watcher may have in its threads' hands and before them


def most_in(log: list[Asked], seconds: float) -> int:
    """The most questions that came within any such stretch of time."""
    most = start = 0
    for n, asked in enumerate(log):
        while asked.at - log[start].at > seconds:
            start += 1
        most = max(most, n - start + 1)
    return most


def test_flaky_for_two_minutes(stage: Callable[..., Stage], database: str) -> None:
    made = stage(database, UPSTREAM_RATE=str(RATE))
    made.upstream.set(hold=HOLD, failing=0.2, cut=0.1, slow=0.05)
    made.track(RUNS)
    made.watcher()
    began = time.time()
    time.sleep(STORM_AT)
    made.upstream.set(storm=STORM)
    time.sleep(began + SECONDS - time.time())
    made.end_processes()
    origin, log = made.upstream.log()
    log.sort(key=lambda asked: asked.at)
    shift = began - origin
    storm = (STORM_AT + shift - 1, STORM_AT + shift + STORM)

    # Under the bucket, also over a second: a burst of 2 x rate, then the rate.
    for seconds in (1.0, 10.0, 60.0):
        assert most_in(log, seconds) <= RATE * (seconds + 2) + 1
    # No hot loop: no run is asked for oftener than its pace and a retry allow.
    assert max(len(asked) for asked in by_run(log).values()) < SECONDS / INTERVAL * 3
    # Within the storm it is quiet after those that were under way.
    in_storm = [asked for asked in log if asked.status == 429]
    assert 0 < len(in_storm) <= IN_HAND

    stored = made.statuses()
    ended = log[-1].at
    for run in range(RUNS):
        for state in missed(run, stored[run], ended, storm, shift):
            raise AssertionError((run, state, stored[run]))


def missed(
    run: int, stored: list[str], ended: float, storm: tuple[float, float], began: float
) -> list[str]:
    """States that were kept up for two intervals outside the storm and are not stored."""
    lost = []
    second = began + 3
    while second < ended - 2 * INTERVAL:
        stretch = [second + n for n in range(int(2 * INTERVAL) + 1)]
        states = {state_at(run, moment, HOLD) for moment in stretch}
        outside = stretch[-1] < storm[0] or stretch[0] > storm[1]
        if len(states) == 1 and outside and not states <= set(stored):
            lost.append(states.pop())
        second += 1
    return lost


def test_the_bucket_holds_when_more_is_wanted_than_it_gives(
    stage: Callable[..., Stage], database: str
) -> None:
    made = stage(database, UPSTREAM_RATE="10")
    made.upstream.set(hold=600, failing=0.1, slow=0.05)
    made.track(280)
    made.watcher()
    while not made.upstream.log()[1]:
        time.sleep(0.1)
    time.sleep(30)
    made.end_processes()
    log = sorted(made.upstream.log()[1], key=lambda asked: asked.at)
    for seconds in (1.0, 5.0, 10.0, 25.0):
        assert most_in(log, seconds) <= 10 * (seconds + 2) + 1
    # It is used up, and on nobody twice before all had their turn.
    assert most_in(log, 25.0) >= 10 * 25 * 0.9
    assert len(by_run(log)) == 280
    assert max(len(asked) for asked in by_run(log).values()) <= 3


def test_an_outage_is_probed_every_ten_seconds_and_ends_by_itself(
    stage: Callable[..., Stage], database: str
) -> None:
    made = stage(database, UPSTREAM_RATE="20")
    made.upstream.set(hold=600)
    made.track(30)
    made.watcher()
    time.sleep(6)
    made.upstream.set(dead=25)
    dead = time.time()
    time.sleep(50)
    made.end_processes()
    origin, log = made.upstream.log()
    failed = [asked.at for asked in log if asked.status == 503]
    closed = failed[5 + 16 :]  # what was under way when the fifth failed does not count
    assert len(failed) <= 5 + 16 + 3
    assert all(later - one > 9 for one, later in zip(closed, closed[1:], strict=False))
    again = {asked.run for asked in log if asked.status == 200 and asked.at > dead - origin + 25}
    assert len(again) == 30
    assert "Asking ComfyDeploy is stopped (server-error)" in made.said("watcher")
    assert "ComfyDeploy is asked again" in made.said("watcher")
