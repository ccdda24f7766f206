"""Two watchers over one PostgreSQL with 500 live runs: on time, never twice, one killed."""

import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from tests.engine.stage import Asked, Stage, by_run, interval, sleep_until
from tests.engine.upstream import state_at
from tests.groups import BUSY

pytestmark = [BUSY, pytest.mark.slow, pytest.mark.postgres]
RUNS, SECONDS, HOLD = 500, 60, 22.0
UNLOOKED = (10.0, 30.0, 60.0)
TWICE = int(2 * UNLOOKED[0])  # every state is younger than a minute
HELD = 16 + 8  # runs that one watcher may have in its hands, asked for and waiting
NOBODY = 35.0  # a killed watcher's claims end after 30 s
Histories = dict[int, list[Asked]]


def gaps(asked: list[Asked], ended: float) -> list[tuple[float, float, float]]:
    """Until when each question was waited for, how long, and the run's own interval by then.

    The last one is still awaited when the log ends.
    """
    moments = [*(each.at for each in asked), ended]
    return [
        (two, two - one, interval(asked[: n + 1], UNLOOKED))
        for n, (one, two) in enumerate(pairwise(moments))
    ]


def check_never_twice(histories: Histories) -> None:
    for run, asked in histories.items():
        for _, gap, wanted in gaps(asked, asked[-1].at)[:-1]:
            assert gap >= 0.99 * wanted, (run, gap, wanted)


def late(asked: list[Asked], ended: float) -> list[tuple[float, float]]:
    """The waits that were longer than twice the run's own interval: from when until when."""
    return [(until - gap, until) for until, gap, wanted in gaps(asked, ended) if gap > 2 * wanted]


def check_states(
    run: int,
    asked: list[Asked],
    stored: list[tuple[float, str]],
    excused: list[tuple[float, float]],
) -> None:
    """The stored states hold those kept up for two intervals, in order, and none that was not."""
    for at, state in stored:
        # Upstream speaks of the moment of the question, and holds its answer back by 0.3 s.
        assert state in {state_at(run, at - tenth / 10, HOLD) for tenth in range(20)}, (run, at)
    lived = stretches(run, asked[0].at + 1, asked[-1].at)
    kept = [
        state
        for state, start, end in lived
        if end - start >= TWICE and not any(start < over and end > late for late, over in excused)
    ]
    states = [state for _, state in stored]
    assert comes_in(kept, states), (run, kept, states)
    assert comes_in(states, [state for state, _, _ in stretches(run, 0, asked[-1].at)]), run


def stretches(run: int, began: float, ended: float) -> list[tuple[str, float, float]]:
    """The states that a run lived through, each from when until when."""
    found: list[tuple[str, float, float]] = []
    for tenth in range(int(began * 10), int(ended * 10) + 1):
        state = state_at(run, tenth / 10, HOLD)
        if found and found[-1][0] == state:
            found[-1] = (state, found[-1][1], tenth / 10)
        else:
            found.append((state, tenth / 10, tenth / 10))
    return found


def comes_in(some: list[str], all_of_them: list[str]) -> bool:
    """Whether these come among those, in this order."""
    rest = iter(all_of_them)
    return all(state in rest for state in some)


def connections(postgres: str) -> int:
    import psycopg

    with psycopg.connect(postgres) as mine:
        counted = "SELECT count(*) - 1 FROM pg_stat_activity WHERE datname = current_database()"
        return int(mine.execute(counted).fetchone()[0])


def until_busy(stage: Stage) -> None:
    """Waits for a moment in which both watchers have runs in their hands."""
    end = time.monotonic() + 12
    seen = len(stage.upstream.log()[1])
    while True:
        time.sleep(0.3)
        before, seen = seen, len(stage.upstream.log()[1])
        if seen - before > 12:
            return
        assert time.monotonic() < end


def test_500_runs_are_on_time_and_one_of_two_watchers_is_made_up_for_within_35_seconds(
    stage: Callable[..., Stage], postgres: str
) -> None:
    made = stage(postgres, UPSTREAM_RATE="100")
    made.upstream.set(hold=HOLD, delay=0.3)
    made.track(RUNS)
    one, _ = made.watcher("one"), made.watcher("two")
    began = time.monotonic()
    sleep_until(began + SECONDS / 2)
    until_busy(made)
    assert connections(postgres) <= 2 * 8  # as docs/operations.md says
    one.kill()
    one.wait()
    killed = time.time()  # what it asked last is behind it
    sleep_until(began + SECONDS / 2 + NOBODY + 30)
    made.end_processes()
    origin, log = made.upstream.log()
    killed -= origin
    histories, ended = by_run(log), max(asked.at for asked in log)
    assert len(histories) == RUNS
    check_never_twice(histories)
    stored, waited = made.states(), 0
    for run, asked in histories.items():
        # Late is only what the killed one had in its hands, and within 35 s that is over.
        waits = late(asked, ended)
        waited += bool(waits)
        in_hand = all(start < killed and until < killed + NOBODY for start, until in waits)
        assert in_hand, (run, waits, killed)
        check_states(run, asked, stored[run], waits)
    assert 0 < waited <= HELD
    claims = "print(Run.objects.filter(claim_token__isnull=False).count())"
    assert made.shell(f"from dashboard.models import Run\n{claims}") == 0
