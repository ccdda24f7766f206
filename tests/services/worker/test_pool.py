"""The refresh pool: requests of claimed runs, and claims that are released unsent."""

import threading
import time
from collections.abc import Callable, Iterator
from uuid import uuid4

import pytest
from django.db import Error
from django.utils import timezone

from dashboard.models import Run
from dashboard.services.runs.claims import claim
from dashboard.services.runs.fetch import track_run
from dashboard.services.worker.pool import MAX_CLAIM_AGE, RefreshJob, RefreshPool
from dashboard.simulator import Simulator
from tests.builders import body, running
from tests.patience import PATIENCE

pytestmark = pytest.mark.django_db(transaction=True)


def until(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def job() -> RefreshJob:
    run = track_run(uuid4())
    token = claim(run, timezone.now(), even_if_not_due=True)
    assert token is not None
    run.refresh_from_db()
    return RefreshJob(run, token)


@pytest.fixture
def pool() -> Iterator[RefreshPool]:
    failures: list[Error] = []
    made = RefreshPool(2, threading.Event(), failures.append)
    yield made
    made.drain(10)
    made.end(10)
    assert failures == []


def refresh(pool: RefreshPool, upstream: Simulator, answer: object = None) -> Run:
    """The run of one job, after the pool has finished it."""
    submitted = job()
    run_id = submitted.run.uuid
    upstream.script(run_id, [answer or body(running(run_id))], delay=0.1)
    pool.submit(submitted)
    until(lambda: not pool.unfinished())
    return Run.objects.get(uuid=run_id)


def test_a_claimed_run_is_refreshed_and_its_slot_is_free_again(
    upstream: Simulator, pool: RefreshPool
) -> None:
    assert pool.free_slots() == 3, "two threads, and half as many more wait"
    run = refresh(pool, upstream)
    assert (run.status, run.claim_token) == ("running", None)
    assert pool.free_slots() == 3


def test_the_rate_comes_from_good_answers_only(upstream: Simulator, pool: RefreshPool) -> None:
    assert pool.rate() == float("inf")
    refresh(pool, upstream)
    rate = pool.rate()
    assert rate < 2 / 0.1, "two threads, and an answer that takes 0.1 s"
    refresh(pool, upstream, (500, {}, b"no"))
    assert pool.rate() == rate


def test_a_claim_that_has_waited_too_long_is_released_unsent(
    upstream: Simulator, pool: RefreshPool
) -> None:
    old = job()
    old.claimed_at -= MAX_CLAIM_AGE + 1
    pool.submit(old)
    assert pool.drain(10)
    assert upstream.requests_for(old.run.uuid) == []
    assert Run.objects.get(pk=old.run.pk).claim_token is None
