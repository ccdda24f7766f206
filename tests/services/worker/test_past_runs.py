"""Past runs in the watcher: after all others, at half of the rate, until somebody stops them."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.models import Run
from dashboard.services.comfydeploy.token_bucket import history_bucket, token_bucket
from dashboard.services.runs import board
from dashboard.services.worker.past_runs import PastRuns
from dashboard.services.worker.pool import RefreshJob, RefreshPool
from dashboard.services.worker.watcher import Watcher
from dashboard.simulator import Simulator
from tests.builders import answer, body, listed, running, store
from tests.services.worker.test_watcher import Watching, until

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)


class Gathering(RefreshPool):
    """A pool of so many threads that only gathers what it is given."""

    def __init__(self, size: int) -> None:
        super().__init__(size, threading.Event(), lambda error: None)
        self.jobs: list[RefreshJob] = []

    def submit(self, job: RefreshJob) -> None:
        self.jobs.append(job)
        self._unfinished[job.run.uuid] = job


def past(count: int) -> list[Run]:
    now = timezone.now()
    return [listed(created=now - DAY - timedelta(minutes=n)) for n in range(count)]


@pytest.mark.parametrize(
    ("size", "busy", "claimed"),
    [(16, 0, 3), (4, 0, 2), (1, 0, 1), (4, 3, 1), (4, 4, 0), (1, 1, 0), (4, 6, 0)],
)
def test_half_of_the_threads_stay_free_and_none_is_waited_for(
    settings: Any, size: int, busy: int, claimed: int
) -> None:
    """At 10 requests a second five past runs may go out at once."""
    settings.UPSTREAM_RATE = 10
    runs = past(9)
    pool = Gathering(size)
    for _ in range(busy):
        pool.submit(RefreshJob(run=store(running()), token=runs[0].uuid))
    pool.jobs.clear()
    PastRuns(pool).claim()
    assert [job.run.uuid for job in pool.jobs] == [run.uuid for run in runs[:claimed]]


@pytest.mark.parametrize(("rate", "claimed"), [(0.5, 1), (2, 1), (4, 1), (10, 3), (40, 18)])
def test_tokens_stay_for_pages_of_lists_where_there_are_some(
    settings: Any, rate: float, claimed: int
) -> None:
    settings.UPSTREAM_RATE = rate
    past(40)
    pool = Gathering(64)
    PastRuns(pool).claim()
    assert len(pool.jobs) == claimed


@pytest.mark.parametrize(("spent", "claimed"), [(0, 3), (7, 3), (10, 0), (20, 0)])
def test_half_of_a_burst_is_left_for_others(settings: Any, spent: int, claimed: int) -> None:
    settings.UPSTREAM_RATE = 10
    past(9)
    token_bucket().take(spent)
    pool = Gathering(16)
    PastRuns(pool).claim()
    assert len(pool.jobs) == claimed
    assert history_bucket().take(9) == 5 - claimed  # what could not be used was given back


def test_nothing_is_claimed_once_somebody_has_stopped_it() -> None:
    past(3)
    board.stop_history(None, timezone.now())
    pool = Gathering(4)
    PastRuns(pool).claim()
    assert pool.jobs == []
    board.resume_history()
    PastRuns(pool).claim()
    assert len(pool.jobs) == 2


def test_without_past_runs_it_looks_once_a_second() -> None:
    claims = PastRuns(Gathering(4))
    with CaptureQueriesContext(
        connection,
    ) as queries:
        for _ in range(5):
            claims.claim()
    assert len(queries) == 1


def test_due_runs_go_first(settings: Any) -> None:
    """With more due runs than tokens no past run is requested."""
    settings.UPSTREAM_RATE = 1
    past(3)
    for _ in range(3):
        store(running())
    Run.objects.filter(finished=False).update(next_refresh_at=timezone.now() - DAY)
    watcher = Watcher(4)
    watcher._pool = pool = Gathering(4)
    watcher._past_runs = PastRuns(pool)
    watcher._claim_due()
    assert [job.past for job in pool.jobs] == [False, False]
    pool._unfinished.clear()
    token_bucket().give_back(2)
    watcher._claim_due()
    assert [job.past for job in pool.jobs[2:]] == [False]  # one token is the reserve


def test_they_are_fetched_whole_once_and_a_lost_answer_again(upstream: Simulator) -> None:
    good, gone = past(2)
    upstream.script(good.uuid, [body(answer(good.uuid, created=good.created_at))])
    watching = Watching()
    try:
        until(lambda: Run.objects.filter(uuid=good.uuid, observed_at__isnull=False).exists())
        until(lambda: Run.objects.filter(uuid=gone.uuid, failures=1).exists())
    finally:
        watching.stop()
    good.refresh_from_db(), gone.refresh_from_db()
    assert good.inputs == {"seed": 42, "prompt": "a cat"}
    assert good.next_refresh_at is None  # it ended a day ago: nothing more comes
    assert (gone.trouble, gone.status) == ("not-found", "success")
    assert gone.next_refresh_at is not None
    assert len(upstream.requests_for(good.uuid)) == 1
