"""Walks over the stored runs, newest first."""

from collections.abc import Sequence
from datetime import timedelta

import pytest

from dashboard.models import Run, RunQuerySet, SharedState
from dashboard.services.walks import Place, Walk
from tests.builders import NOON, answer, store

pytestmark = pytest.mark.django_db
WALK = Walk("walk", pause=0)


def go(met: list[Run], stops: Sequence[bool] = (), rules: str = "1", seconds: float = 9.0) -> int:
    """Goes on two runs at a time, which are added to those that were met."""

    def work(runs: RunQuerySet) -> Sequence[Place]:
        some = list(runs.newest()[:2])
        met.extend(some)
        return [(run.sorted_at, run.pk) for run in some]

    turns = iter([*stops, True]) if stops else None
    return WALK.go_on(rules, work, lambda: next(turns) if turns else False, seconds)


def made(count: int) -> list[Run]:
    """Runs, newest first; two at a time stand at one moment."""
    runs = [store(answer(created=NOON + timedelta(minutes=n // 2))) for n in range(count)]
    return runs[::-1]


def test_each_run_is_met_once_newest_first_in_turns() -> None:
    runs, met = made(7), list[Run]()
    assert go(met, [False]) == 2 and met == runs[:2]
    assert go(met, [False, False]) == 4 and met == runs[:6]
    assert go(met) == 1 and met == runs
    assert go(met) == 0 and met == runs
    store(answer(created=NOON + timedelta(days=1)))
    assert go(met) == 0, "what comes later is not the walk's"


def test_it_starts_again_on_request_and_by_other_rules() -> None:
    runs, met = made(4), list[Run]()
    go(met, [False])
    WALK.start_again()
    assert go(met) == 4 and met == [*runs[:2], *runs]
    met.clear()
    assert go(met, [False], rules="2") == 2
    assert go(met, rules="3") == 4 and met == [*runs[:2], *runs]


def test_a_request_during_a_piece_of_work_counts() -> None:
    runs, met = made(4), list[Run]()

    def work(some: RunQuerySet) -> Sequence[Place]:
        found = list(some.newest()[:2])
        if not met:
            WALK.start_again()
        met.extend(found)
        return [(run.sorted_at, run.pk) for run in found]

    assert WALK.go_on("1", work, lambda: False, 9.0) == 6
    assert met == [*runs[:2], *runs]


def test_one_process_at_a_time_and_another_after_one_that_has_died() -> None:
    runs, met = made(2), list[Run]()
    assert WALK.claim() and not WALK.claim()
    assert go(met) == 0
    assert Walk("other").claim(), "another walk is another matter"
    SharedState.objects.filter(pk=WALK.lease).update(at=NOON)
    assert go(met) == 2 and met == runs


def test_a_turn_ends() -> None:
    made(2)
    met: list[Run] = []
    assert go(met, seconds=-1.0) == 0
    assert go(met) == 2, "the lease is given back"
