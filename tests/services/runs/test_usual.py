"""Which runs a run is compared with, and how seldom they are read."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from cachetools import TTLCache

from dashboard.domain.run.visibility import Visibility
from dashboard.models import Run
from dashboard.services.runs import usual
from tests.builders import NOON, answer, running, store

pytestmark = pytest.mark.django_db
SIGHT = Visibility(now=NOON + timedelta(hours=1), observed_at=NOON, interval=5.0)
WARM = {"cold_start_duration": 0.5, "cold_start_duration_total": 1.9}


def made(count: int, **given: Any) -> list[Run]:
    return [
        store(answer(created=NOON + timedelta(minutes=minute), **given)) for minute in range(count)
    ]


def size(run: Run) -> int:
    found = usual.usual_for(run, SIGHT)
    return found.size if found else 0


def test_a_run_is_compared_with_all_others_like_it_but_not_with_itself() -> None:
    *_, last = made(6)
    assert size(last) == 5


@pytest.mark.parametrize(
    "other",
    [
        {"workflow_id": "5b2f84a8-4daf-47da-9a57-2f6d0c88e1b4"},
        {"gpu": "A10G"},
        {"gpu": None},
        WARM,
        {"origin": "workspace"},
        {"status": "running", "ended_at": None},
    ],
    ids=["workflow", "gpu", "no gpu", "warm", "session", "live"],
)
def test_what_is_not_like_it_counts_nothing(other: dict[str, Any]) -> None:
    run = made(1)[0]
    made(6, **other)
    usual.forget()
    assert size(run) == 0


def test_a_failed_run_counts_for_its_start_and_not_for_its_run() -> None:
    run = made(6)[0]
    made(3, status="failed", run_duration=400.0)
    usual.forget()
    found = usual.usual_for(run, SIGHT)
    assert found and found.cold_start and found.run
    assert (found.cold_start.size, found.run.size) == (8, 5)
    assert max(found.run.values) < 400


def test_fewer_than_five_say_nothing() -> None:
    run = made(5)[0]  # four others
    found = usual.usual_for(run, SIGHT)
    assert found and found.size == 4
    assert found.cold_start is None and found.run is None


def test_a_sessions_run_and_one_without_a_workflow_are_compared_with_none() -> None:
    session, homeless = made(1, origin="workspace")[0], made(1, workflow_id=None)[0]
    assert usual.usual_for(session, SIGHT) is None
    assert usual.usual_for(homeless, SIGHT) is None
    assert usual.stamp_for(homeless, SIGHT) == 0


def test_while_the_start_is_open_both_kinds_count() -> None:
    made(5)
    made(5, **WARM)
    payload = running(started_at=None, cold_start_duration=None, cold_start_duration_total=None)
    run = store({**payload, "status": "not-started", "queued_at": None})
    assert size(run) == 10


def test_they_are_read_once_a_minute(django_assert_num_queries: Any, monkeypatch: Any) -> None:
    passed = [0.0]
    cache: TTLCache[usual.Group, usual.Sample]
    cache = TTLCache(usual.MAX_CACHED, usual.CACHE_SECONDS, timer=lambda: passed[0])
    monkeypatch.setattr(usual, "_samples", cache)
    run = made(6)[0]
    with django_assert_num_queries(1):
        size(run)
    before = usual.stamp_for(run, SIGHT)
    made(1)
    with django_assert_num_queries(0):
        assert size(run) == 5
    passed[0] += 61
    assert size(run) == 6
    assert usual.stamp_for(run, SIGHT) != before


def test_the_newest_two_hundred_are_enough(monkeypatch: Any) -> None:
    monkeypatch.setattr(usual, "NEWEST", 7)
    run = made(12)[-1]
    assert size(run) == 6, "seven were read, and this run is one of them"


def test_a_run_is_slow_past_nine_in_ten_of_ten(now: datetime) -> None:
    def ran(minutes: int, seconds: float) -> Run:
        times = {"run_duration": seconds, "duration": 32.6 + seconds}
        return store(answer(created=now - timedelta(minutes=minutes), **times), now)

    def slow(run: Run) -> bool:
        usual.forget()
        return usual.is_slow(run, Visibility(now=now))

    for n in range(9):
        ran(10 + n, 20.0 + n)
    assert not slow(ran(2, 99.0)), "nine others are too few"
    ran(30, 10.0)
    assert slow(ran(1, 98.0)) and not slow(ran(3, 27.5))
