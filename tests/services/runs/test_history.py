"""How far the reading of past runs has come."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from dashboard.models import Follow, Run
from dashboard.services.runs import board, history
from tests.builders import NOON

pytestmark = pytest.mark.django_db

WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def _followed(settings: Any) -> None:
    settings.BACKFILL_DAYS = 7
    follow()


def follow(**given: Any) -> Follow:
    row = {"kind": "workflow", "since": NOON, "next_at": NOON, "history_from": NOON - WEEK}
    return Follow.objects.create(target=uuid4(), **{**row, **given})


def past(age: timedelta = timedelta(days=1), **given: Any) -> Run:
    """A run as a list tells of it."""
    at = NOON - age
    row = {"status": "success", "finished": True, "workflow_id": "a", "created_at": at}
    return Run.objects.create(uuid=uuid4(), first_seen_at=NOON, sorted_at=at, **{**row, **given})


def fetched(age: timedelta = timedelta(days=1), at: datetime = NOON, **given: Any) -> Run:
    return past(age, observed_at=at, **given)


def now_counted(now: datetime = NOON) -> history.HistoryProgress:
    history.forget()
    found = history.progress(now)
    assert found is not None
    return found


def test_without_wanted_past_runs_there_is_no_progress() -> None:
    Follow.objects.update(history_from=None)
    past()
    assert history.progress(NOON) is None
    assert history.counts_by_workflow(NOON) == {}


@pytest.mark.parametrize(
    ("run", "counted"),
    [
        ({}, (0, 1)),
        ({"observed_at": NOON}, (1, 1)),
        ({"failures": 1, "next_refresh_at": NOON}, (0, 1)),
        ({"failures": 3, "next_refresh_at": None}, (1, 1)),  # given up
        ({"age": timedelta(days=8)}, (0, 0)),
        ({"age": timedelta(minutes=-1)}, (0, 0)),  # newer than what was followed
        ({"status": None, "finished": False}, (0, 0)),
        ({"status": "running", "finished": False}, (1, 1)),
    ],
)
def test_what_counts_as_read(run: Any, counted: tuple[int, int]) -> None:
    past(**run)
    found = now_counted()
    assert (found.read, found.of) == counted
    of_a = history.counts_by_workflow(NOON).get("a", (0, 0))
    assert of_a == counted


def test_the_range_begins_with_the_earliest_followed_list() -> None:
    past(timedelta(days=8))
    left_out = follow(history_from=NOON - timedelta(days=9), left_out_at=NOON)
    assert now_counted().of == 0
    Follow.objects.filter(pk=left_out.pk).update(left_out_at=None)
    assert now_counted().of == 1


def test_it_is_done_when_all_lists_and_runs_are() -> None:
    fetched()
    assert not now_counted().done
    Follow.objects.update(history_done_at=NOON)
    assert now_counted().done
    waiting = past()
    assert not now_counted().done
    waiting.delete()
    follow(paused_at=NOON)  # nobody reads a paused list
    assert now_counted().done


def test_counts_are_told_apart_by_workflow() -> None:
    past(), fetched(), past(workflow_id="b"), fetched(workflow_id=None)
    assert history.counts_by_workflow(NOON) == {"a": (1, 2), "b": (0, 1)}


@pytest.mark.parametrize(("read", "known"), [(19, False), (20, True), (45, True)])
def test_the_time_left_comes_from_the_newest_read_runs(read: int, known: bool) -> None:
    for number in range(read):
        ago = timedelta(seconds=0.5 * (number + 1))  # two a second, newest first
        fetched(timedelta(hours=2, minutes=-number), NOON - ago)
    for number in range(10):
        past(timedelta(days=2, minutes=number))
    assert now_counted().seconds_left == (pytest.approx(5.0) if known else None)


@pytest.mark.parametrize("before", [1, 19, 100])
def test_what_was_read_long_before_says_nothing_of_the_time_left(before: int) -> None:
    for number in range(before):
        fetched(timedelta(hours=3, minutes=number), NOON - timedelta(hours=2))
    for number in range(20):
        fetched(timedelta(hours=8, minutes=number), NOON - timedelta(seconds=number / 2))
    for number in range(10):
        past(timedelta(days=2, minutes=number))
    assert now_counted().seconds_left == pytest.approx(5.0, abs=0.5)


def test_a_stopped_reading_says_so_and_no_time() -> None:
    for number in range(30):
        fetched(timedelta(minutes=number))
    past()
    board.stop_history(None, NOON)
    found = now_counted()
    assert (found.stopped, found.seconds_left) == (True, None)


def test_it_costs_a_few_queries_once_in_two_seconds(django_assert_max_num_queries: Any) -> None:
    past()
    with django_assert_max_num_queries(7):
        history.progress(NOON)
    with django_assert_max_num_queries(0):
        history.progress(NOON)
