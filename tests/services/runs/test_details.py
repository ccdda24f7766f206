"""Node times and errors from the older list of runs."""

import json
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dashboard.models import Run, RunNodes, WorkflowDetails
from dashboard.services.leases import LEASE_TIME
from dashboard.services.runs import details
from dashboard.services.worker.side_jobs import SideJobs
from dashboard.simulator import Simulator
from tests.builders import answer, listed, running, stamp, store

pytestmark = pytest.mark.django_db
WORKFLOW = "5b2f84a8-4daf-47da-b9ec-d7ef160e3103"
PATH = f"/workflow/{WORKFLOW}/runs"
NODES = [{"id": "3", "time": 7.9, "class_type": "KSampler", "vram_used": 5}]
ERROR = {
    "exception_type": "torch.OutOfMemoryError",
    "exception_message": "Allocation on device",
    "node_id": "3",
    "node_type": "KSampler",
    "traceback": ["  File x\n"],
}


def ended(now: datetime, age: float = 1.0, **given: Any) -> Run:
    at = now - timedelta(seconds=age)
    sent = {"workflow_id": WORKFLOW, "ended_at": stamp(at), **given}
    return store(answer(created=at - timedelta(seconds=60), **sent), now)


def row(run: Run | UUID, *datas: Any, created: datetime | None = None) -> dict[str, Any]:
    outputs = [{"id": str(uuid4()), "data": data, "node_meta": None} for data in datas]
    run_id = run.uuid if isinstance(run, Run) else run
    at = created or (run.created_at if isinstance(run, Run) else None)
    return {"id": str(run_id), "created_at": stamp(at) if at else None, "outputs": outputs}


def job() -> WorkflowDetails:
    return WorkflowDetails.objects.get()


def asked(now: datetime) -> WorkflowDetails:
    """The job after its request, for which it was leased."""
    WorkflowDetails.objects.update(next_at=now + LEASE_TIME)
    details.refresh(job(), now)
    return job()


def test_the_end_of_a_run_has_its_workflows_page_asked_for(now: datetime) -> None:
    ended(now)
    assert job().next_at == now + details.SETTLES
    WorkflowDetails.objects.update(next_at=None, asked_at=now - timedelta(seconds=10))
    ended(now)
    assert job().next_at == now + timedelta(seconds=20), "once in 30 s"


@pytest.mark.parametrize(
    "given",
    [{"workflow_id": None}, {"started_at": None, "status": "cancelled"}, {"age": 600.0}],
)
def test_what_has_nothing_to_tell_asks_for_nothing(now: datetime, given: dict[str, Any]) -> None:
    ended(now, **given)
    assert not WorkflowDetails.objects.exists()


def test_live_and_listed_runs_ask_for_nothing(now: datetime) -> None:
    store(running(created=now - timedelta(seconds=50), workflow_id=WORKFLOW), now)
    listed(created=now - timedelta(minutes=1), workflow_id=WORKFLOW)
    assert not WorkflowDetails.objects.exists()


def test_one_page_serves_all_runs_that_ended(upstream: Simulator, now: datetime) -> None:
    runs = [ended(now, age) for age in (20, 40, 60)]
    stranger = uuid4()
    upstream.script_path(PATH, [[row(stranger, NODES), *(row(run, NODES) for run in runs)]])
    assert asked(now).next_at is None
    assert len(upstream.requests_at(PATH)) == 1
    assert upstream.requests_at(PATH)[0].path.endswith("?limit=20&offset=0")
    kept = {nodes.run_id: nodes.reported for nodes in RunNodes.objects.all()}
    assert kept == {
        run.pk: [{"id": "3", "type": "KSampler", "seconds": 7.9, "vram": 5}] for run in runs
    }
    assert set(Run.objects.values_list("nodes_state", "extras_version")) == {
        (details.REPORTED, run.extras_version + 1) for run in runs
    }


def test_a_report_that_is_late_is_waited_for(upstream: Simulator, now: datetime) -> None:
    run = ended(now)
    upstream.script_path(PATH, [[row(run)], [row(run)], [row(run, NODES)]])
    assert asked(now).next_at == now + details.EVERY
    later = now + timedelta(seconds=30)
    assert asked(later).next_at is None
    run.refresh_from_db()
    assert run.nodes_state == details.NONE, "a machine that reports nothing is not asked for ever"


def test_the_error_of_a_failed_run_comes_at_once(upstream: Simulator, now: datetime) -> None:
    run = ended(now, status="failed")
    upstream.script_path(PATH, [[row(run, ERROR, NODES)]])
    asked(now)
    run.refresh_from_db()
    assert run.list_error and run.list_error["node_type"] == "KSampler"
    assert (run.shown_error, run.error_source) == (run.list_error, "list")
    run.log_error = {"message": "from the log"}
    assert run.error_source == "list", "the log says less"
    run.list_error = {"message": "short"}
    run.log_error = {"message": "long", "traceback": "Traceback", "node_id": "3"}
    assert (run.error_source, run.shown_error) == ("log", run.log_error)


def test_a_done_run_takes_no_error(upstream: Simulator, now: datetime) -> None:
    run = ended(now)
    upstream.script_path(PATH, [[row(run, ERROR)]])
    asked(now)
    run.refresh_from_db()
    assert run.list_error is None


@pytest.mark.parametrize("status", [403, 404, 500, 200])
def test_where_it_fails_it_waits_longer(upstream: Simulator, now: datetime, status: int) -> None:
    upstream.script_path(PATH, [(status, {}, b"nonsense")])
    ended(now)
    assert (asked(now).failures, job().next_at) == (1, None)
    ended(now)
    assert job().next_at == now + 2 * details.EVERY


def test_an_older_run_is_sought_once_when_it_is_opened(upstream: Simulator, now: datetime) -> None:
    run = ended(now, age=7200)
    for minutes in range(1, 30):
        ended(now, age=60.0 * minutes, created_at=stamp(now - timedelta(minutes=minutes + 1)))
    details.seek(run, now)
    run.refresh_from_db()
    assert run.details_at == now
    upstream.script_path(PATH, [[row(run, NODES)]])
    details.find(run, now)
    (request,) = upstream.requests_at(PATH)
    assert request.path.endswith("?limit=20&offset=19"), "29 runs stand before it"
    run.refresh_from_db()
    assert (run.nodes_state, run.details_at) == (details.REPORTED, None)
    details.seek(run, now)
    run.refresh_from_db()
    assert run.details_at is None


@pytest.mark.parametrize(("shift", "offset"), [(1, 20), (-1, None)])
def test_a_run_that_stands_elsewhere_is_sought_on_one_more_page(
    upstream: Simulator, now: datetime, shift: int, offset: int | None
) -> None:
    run = ended(now, age=7200)
    assert run.created_at
    other = row(uuid4(), created=run.created_at + timedelta(hours=shift))
    upstream.script_path(PATH, [[other], [row(run, NODES)]])
    details.find(run, now)
    asked_for = [request.path.rpartition("=")[2] for request in upstream.requests_at(PATH)]
    assert asked_for == (["0", str(offset)] if offset else ["0"])
    run.refresh_from_db()
    assert run.nodes_state == (details.REPORTED if offset else details.NONE)


def test_a_run_that_is_nowhere_costs_two_requests(upstream: Simulator, now: datetime) -> None:
    run = ended(now, age=7200)
    assert run.created_at
    upstream.script_path(PATH, [[row(uuid4(), created=run.created_at + timedelta(hours=1))]])
    details.find(run, now)
    assert len(upstream.requests_at(PATH)) == details.REQUESTS
    run.refresh_from_db()
    assert (run.nodes_state, run.details_at) == (details.NONE, None)


def test_where_it_cannot_be_asked_the_next_who_opens_it_asks(
    upstream: Simulator, now: datetime
) -> None:
    upstream.script_path(PATH, [(500, {}, b"")])
    run = ended(now, age=7200)
    details.find(run, now)
    run.refresh_from_db()
    assert (run.nodes_state, run.details_at) == ("", None)


def test_the_watcher_does_it(upstream: Simulator, now: datetime) -> None:
    run = ended(now, age=20)
    body = json.dumps([row(run, NODES)]).encode()
    upstream.script_path(PATH, [(200, {}, body)])
    WorkflowDetails.objects.update(next_at=now)
    side_jobs = SideJobs()
    for second in range(4):
        for each in side_jobs.due(16, now + timedelta(seconds=second)):
            if isinstance(each.row, WorkflowDetails):
                each()
    run.refresh_from_db()
    assert run.nodes_state == details.REPORTED


def test_jobs_of_workflows_without_runs_are_deleted(now: datetime) -> None:
    ended(now)
    WorkflowDetails.objects.create(workflow_id="gone")
    assert details.delete_unused() == 1
