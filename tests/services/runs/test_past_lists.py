"""Past runs are listed page by page, as far back as is wanted."""

import time
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from dashboard.models import Follow, Run
from dashboard.services import clock
from dashboard.services.comfydeploy import gate
from dashboard.services.comfydeploy.token_bucket import history_bucket
from dashboard.services.runs import board, follow, past_lists, run_lists
from dashboard.services.worker.side_jobs import SideJobs
from dashboard.simulator import Simulator
from dashboard.simulator.workflows import workflow_at
from dashboard.simulator.workspace import Workspace

pytestmark = pytest.mark.django_db
FLOW = UUID(workflow_at(0).id)
LISTS = f"/v2/workflow/{FLOW}/runs"


@pytest.fixture
def upstream(settings: Any) -> Any:
    with Simulator(port=0, key="test-key", workspace=Workspace(3), quiet=True) as simulator:
        settings.COMFYDEPLOY_API_URL = simulator.url
        yield simulator


def listed(days: int, now: datetime) -> Follow:
    """A followed workflow after its first listing, with past runs of so many days to read."""
    row, _ = follow.add("workflow", FLOW, now)
    Follow.objects.update(history_from=now - timedelta(days=days))
    row.refresh_from_db()
    run_lists.track_new_runs(row, now)
    row.refresh_from_db()
    return row


def read_all(row: Follow, now: datetime) -> int:
    """Lists pages as a watcher does until none is due; how many there were."""
    for page in range(50):
        if row.history_at is None:
            return page
        past_lists.list_page(row, now)
        row.refresh_from_db()
    raise AssertionError("it does not end")


def test_pages_are_read_back_to_the_first_day(upstream: Simulator) -> None:
    ids = upstream.add_history(0, 330, timedelta(days=10))
    now = clock.now()
    row = listed(7, now)
    assert read_all(row, now) == 2
    within = {run_id for run_id in ids if run_id in set(Run.objects.values_list("uuid", flat=True))}
    assert Run.objects.count() == len(within)
    oldest = Run.objects.order_by("created_at").first()
    assert oldest and oldest.created_at and oldest.created_at >= now - timedelta(days=7)
    assert 220 <= Run.objects.count() <= 240
    assert row.history_done_at and Run.objects.unfetched().exists()


def test_a_short_list_is_done_with_its_first_page(upstream: Simulator) -> None:
    upstream.add_history(0, 20, timedelta(days=3))
    row = listed(7, clock.now())
    assert (row.history_at, bool(row.history_done_at)) == (None, True)
    assert Run.objects.count() == 20


def test_odd_rows_end_no_list_before_its_time(upstream: Simulator) -> None:
    """What has no ID, is there twice or has an old date says nothing of where a list ends."""
    ids = upstream.add_history(0, 180, timedelta(days=5))
    upstream.workspace.odd = True
    now = clock.now()
    row = listed(7, now)
    assert row.history_at and row.history_done_at is None
    assert read_all(row, now) == 2
    assert set(ids) <= set(Run.objects.values_list("uuid", flat=True))


def test_new_runs_that_shift_the_pages_hide_none(upstream: Simulator) -> None:
    upstream.add_history(0, 180, timedelta(days=5))
    now = clock.now()
    row = listed(7, now)
    for _ in range(4):
        upstream.start_run(workflow=0)
    read_all(row, now)
    assert Run.objects.count() >= 180


def test_a_page_that_fails_is_asked_for_again_later(upstream: Simulator) -> None:
    upstream.add_history(0, 180, timedelta(days=5))
    now = clock.now()
    row = listed(7, now)
    before = row.history_offset
    upstream.script_path(LISTS, [(500, {}, b"no")])
    assert past_lists.list_page(row, now) == 0
    row.refresh_from_db()
    assert row.history_offset == before
    assert row.history_at and row.history_at >= now + timedelta(seconds=30)
    assert row.trouble is None


def test_without_past_days_only_what_comes_from_now_on_counts(
    upstream: Simulator, settings: Any
) -> None:
    settings.BACKFILL_DAYS = 0
    upstream.add_history(0, 20, timedelta(days=3))
    now = clock.now()
    row, _ = follow.add("workflow", FLOW, now)
    run_lists.track_new_runs(row, now)
    assert not Run.objects.exists()
    new = upstream.start_run(workflow=0)
    run_lists.track_new_runs(row, clock.now())
    assert [run.uuid for run in Run.objects.all()] == [new]


def due_pages(now: datetime) -> int:
    """How many past pages a watcher that looks now would ask for."""
    jobs = SideJobs()
    jobs._searched_at = now - timedelta(seconds=5)
    found = [job for job in jobs.due(4, now) if job.column == "history_at"]
    for job in found:
        job.give_back()
    return len(found)


def test_pages_wait_for_their_own_bucket_and_for_nobody_who_stopped_them(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.UPSTREAM_RATE = 10
    gate.forget()
    now = clock.now()
    for number in range(4):
        row, _ = follow.add("workflow", UUID(int=number + 1), now)
    Follow.objects.update(history_at=now, next_at=now + timedelta(hours=1))
    assert due_pages(now) == 4
    board.stop_history(None, now)
    assert due_pages(now) == 0
    board.resume_history()
    at = time.monotonic()
    monkeypatch.setattr(history_bucket(), "_clock", lambda: at)
    history_bucket().take(100)
    assert due_pages(now) == 0


def test_new_and_past_runs_are_listed_by_turns(settings: Any) -> None:
    """Thousands of lists that are due must not hold back past pages, nor the other way round."""
    settings.UPSTREAM_RATE = 10
    gate.forget()
    now = clock.now()
    for number in range(20):
        follow.add("workflow", UUID(int=number + 1), now)
    Follow.objects.update(history_at=now, next_at=now)
    jobs, found = SideJobs(), []
    jobs._searched_at = now - timedelta(seconds=5)
    for second in range(4):
        found += [job.column for job in jobs.due(1, now + timedelta(seconds=second))]
    assert sorted(found) == ["history_at", "history_at", "next_at", "next_at"]
