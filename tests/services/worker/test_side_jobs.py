"""Side jobs: lists and names beside the refreshes."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone

from dashboard.domain.text.labels import TAG
from dashboard.models import BulkAction, DirectoryList, Follow, Name, Run, Workflow
from dashboard.services.ops import bulk
from dashboard.services.runs import follow
from dashboard.services.worker.side_jobs import SideJobs
from dashboard.simulator import Simulator
from dashboard.simulator.workflows import WORKFLOWS
from tests.builders import answer, stamp, store

pytestmark = pytest.mark.django_db
WORKFLOW = UUID("5b2f84a8-4daf-47da-b9ec-d7ef160e3103")
RUNS = f"/v2/workflow/{WORKFLOW}/runs"


def listed() -> dict[str, Any]:
    """A run in a list of ComfyDeploy."""
    return {
        "id": str(uuid4()),
        "status": "running",
        "created_at": stamp(timezone.now()),
        "deployment_id": "63c03a2e-0ba1-44e3-b022-da154bad45f3",
        "duration": None,
    }


def test_a_watchers_side_jobs_follow_and_name(upstream: Simulator) -> None:
    upstream.script_path(RUNS, [[listed()]])
    upstream.script_path(f"/workflow/{WORKFLOW}", [{"name": "lighthouse-flux"}])
    follow.add("workflow", WORKFLOW, timezone.now())
    side_jobs, now = SideJobs(), timezone.now()
    jobs = side_jobs.due(16, now)
    assert side_jobs.due(16, now) == []
    jobs += side_jobs.due(16, now + timedelta(seconds=1))
    assert [type(job.row).__name__ for job in jobs] == [
        *["DirectoryList"] * 4, "Follow", "Name", "DirectoryList",
    ]  # fmt: skip
    for job in jobs:
        job()
    assert Run.objects.count() == 1
    assert Name.objects.get(upstream_id=str(WORKFLOW)).text == "lighthouse-flux"
    assert side_jobs.due(0, now + timedelta(minutes=5)) == []


def test_a_list_is_due_while_refreshes_use_up_the_token_bucket(
    upstream: Simulator, settings: Any
) -> None:
    settings.UPSTREAM_RATE = 0.5
    store(answer())  # with names to request
    follow.add("workflow", WORKFLOW, timezone.now())
    side_jobs, now = SideJobs(), timezone.now()
    assert len(side_jobs.due(4, now, short=True)) == 1
    Follow.objects.update(next_at=now)
    assert side_jobs.due(4, now + timedelta(seconds=3), short=True) == [], "half of the rate"
    assert len(side_jobs.due(4, now + timedelta(seconds=4), short=True)) == 1
    assert len(side_jobs.due(4, now + timedelta(seconds=8), short=True)) == 0, "the rest waits"
    assert len(side_jobs.due(4, now + timedelta(seconds=9))) == 4, "discovery first"
    assert len(side_jobs.due(4, now + timedelta(seconds=10))) == 2, "a name and the prices"


def test_without_a_key_nothing_is_discovered(settings: Any) -> None:
    settings.COMFYDEPLOY_API_KEY = ""
    assert SideJobs().due(4, timezone.now()) == []


def test_a_watcher_discovers_and_names_come_from_the_lists(upstream: Simulator) -> None:
    workflow = WORKFLOWS[0]
    run = store(answer(workflow_id=workflow.id, machine_id=workflow.machine_id))
    side_jobs, now = SideJobs(), timezone.now()
    for job in side_jobs.due(4, now):
        job()
    run.refresh_from_db()
    assert run.title == workflow.name
    assert not upstream.requests_at(f"/workflow/{workflow.id}")
    assert [row.name for row in Workflow.objects.filter(pk=workflow.id)] == [workflow.name]
    due = DirectoryList.objects.due(now + timedelta(minutes=9))
    assert [row.name for row in due] == ["prices"]  # later than what runs show


def test_an_action_on_many_runs_holds_back_no_list(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.COMFYDEPLOY_API_KEY = ""  # no discovery
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    now, runs = timezone.now(), [store(answer()) for _ in range(2)]
    bulk.start(TAG, "hero", [run.uuid for run in runs], None, now)
    follow.add("workflow", WORKFLOW, now)
    for given in ({}, {"short": True}, {"probe": True}):
        jobs = SideJobs().due(1, now, **given)
        assert [type(job.row) for job in jobs] == [BulkAction, Follow]
        for job in jobs:
            job.give_back()


def test_an_action_goes_on_while_comfydeploy_may_not_be_asked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(bulk, "AT_ONCE", 1)
    monkeypatch.setattr(bulk, "TURN", 60)
    now, runs = timezone.now(), [store(answer()) for _ in range(2)]
    action = bulk.start(TAG, "hero", [run.uuid for run in runs], None, now)
    follow.add("workflow", WORKFLOW, now)
    (job,) = SideJobs().due(4, now, asks=False)
    job()
    action.refresh_from_db()
    assert not action.running


def test_a_job_that_was_not_done_is_due_again() -> None:
    follow.add("workflow", WORKFLOW, timezone.now())
    side_jobs, now = SideJobs(), timezone.now()
    (job,) = side_jobs.due(1, now)
    job.give_back()
    assert len(side_jobs.due(1, now + timedelta(seconds=2))) == 1
