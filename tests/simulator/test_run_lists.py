"""The lists of runs, shaped and limited as the real server's, and runs made on purpose."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dashboard.simulator import Simulator
from dashboard.simulator.things import deployment_id
from dashboard.simulator.timeline import LIVE
from dashboard.simulator.workflows import place, run_details, workflow_at
from dashboard.simulator.workspace import Workspace
from tests.simulator.conftest import Clock

KEY = {"authorization": "Bearer key"}
PLAIN_500 = (500, "text/plain; charset=utf-8", b"Internal Server Error")
SIZE = 12


@pytest.fixture
def upstream(clock: Clock) -> Iterator[Simulator]:
    yield Simulator(key="key", clock=clock, workspace=Workspace(SIZE), quiet=True)


def value(upstream: Simulator, path: str) -> Any:
    reply = upstream.answer("GET", f"/api{path}", KEY)
    assert reply.status == 200, reply.body
    return json.loads(reply.body)


def runs(number: int, query: str = "") -> str:
    return f"/v2/workflow/{workflow_at(number).id}/runs{query}"


def of_deployment(number: int) -> str:
    return f"/deployment/{deployment_id(workflow_at(number))}/runs"


def ids(rows: list[dict[str, str]]) -> list[UUID]:
    return [UUID(row["id"]) for row in rows]


@pytest.mark.parametrize("number", range(SIZE))
def test_a_started_run_is_told_alike_everywhere(upstream: Simulator, number: int) -> None:
    run_id = upstream.start_run("kinds", number, user="user_2demoRosaSantoro0000000003")
    run, row = value(upstream, f"/run/{run_id}"), value(upstream, runs(number))[0]
    short = value(upstream, of_deployment(number))["data"][0]
    workflow = workflow_at(number)
    assert run["id"] == row["id"] == short["id"] == str(run_id)
    for name in ("workflow_id", "workflow_version_id", "user_id", "status", "gpu"):
        assert run[name] == row[name] == short[name]
    assert run["machine_id"] == short["machine_id"] == workflow.machine_id
    assert run["user_id"] == "user_2demoRosaSantoro0000000003"
    for kind, at in (
        ("workflow", run["workflow_id"]),
        ("workflow-version", run["workflow_version_id"]),
        ("deployment", row["deployment_id"]),
    ):
        named = value(upstream, f"/{kind}/{at}")
        assert named.get("workflow_id", named["id"]) == workflow.id


def test_a_run_is_in_its_own_workflows_lists_alone(upstream: Simulator) -> None:
    started = {number: upstream.start_run(workflow=number) for number in range(SIZE)}
    for number, run_id in started.items():
        assert set(ids(value(upstream, runs(number)))) & set(started.values()) == {run_id}


def test_an_id_of_the_first_three_workflows_stays_what_it_was() -> None:
    for seed in range(200):
        assert run_details(seed).workflow in [workflow_at(number) for number in range(3)]
        for number in (0, 3, 77):
            assert run_details(place(number, seed)).workflow == workflow_at(number)


def test_history_is_finished_spread_and_paged(upstream: Simulator, clock: Clock) -> None:
    made = upstream.add_history(workflow=4, count=600, over=timedelta(days=7))
    rows = value(upstream, runs(4, "?limit=2000"))
    assert ids(rows) == made and len(set(made)) == 600
    assert not {row["status"] for row in rows} & set(LIVE)
    created = [datetime.fromisoformat(row["created_at"]) for row in rows]
    assert created == sorted(created, reverse=True)
    assert timedelta(days=6, hours=23) < clock.now - created[-1] <= timedelta(days=7)
    assert ids(value(upstream, runs(4))) == made[:100]
    assert ids(value(upstream, runs(4, "?limit=50&offset=580"))) == made[580:]
    assert value(upstream, runs(4, "?offset=600")) == value(upstream, runs(4, "?limit=0")) == []
    assert value(upstream, f"/run/{made[300]}")["status"] == rows[300]["status"]
    short = value(upstream, of_deployment(4))["data"]
    assert ids(short) == made[:60]


def test_ten_thousand_runs_are_listed(upstream: Simulator) -> None:
    made = upstream.add_history(workflow=5, count=10_000, over=timedelta(days=20))
    assert ids(value(upstream, runs(5, "?limit=20000"))) == made


def test_rf_is_the_earliest_creation_in_seconds(upstream: Simulator, clock: Clock) -> None:
    made = upstream.add_history(workflow=4, count=40, over=timedelta(hours=40))
    edge = int((clock.now - timedelta(hours=10)).timestamp())
    found = ids(value(upstream, runs(4, f"?rf={edge}")))
    rows = value(upstream, runs(4))
    later = [row for row in rows if datetime.fromisoformat(row["created_at"]).timestamp() >= edge]
    assert found == ids(later) == made[: len(found)] and 0 < len(found) < 40
    assert value(upstream, runs(4, f"?rf={edge * 1000}")) == []


def test_the_status_is_the_stored_one(upstream: Simulator) -> None:
    stale = upstream.start_run("stale", 4, seed=1, age=80 * 3600)
    upstream.add_history(workflow=4, count=60)
    rows = value(upstream, runs(4))
    for word in ("success", "failed", "cancelled"):
        wanted = [row for row in rows if row["status"] == word]
        assert value(upstream, runs(4, f"?status={word}")) == wanted != []
    assert value(upstream, runs(4, "?status=timeout")) == []
    (silent,) = value(upstream, runs(4, "?status=running"))
    assert (silent["id"], silent["status"]) == (str(stale), "timeout")
    short = value(upstream, of_deployment(4))["data"]
    assert next(row["status"] for row in short if row["id"] == str(stale)) == "running"


@pytest.mark.parametrize(
    "query", ["?status=done", "?status=failed,success", "?limit=-1", "?deployment_id=x", "?rf=x"]
)
def test_what_the_server_breaks_on(upstream: Simulator, query: str) -> None:
    reply = upstream.answer("GET", f"/api{runs(0, query)}", KEY)
    assert (reply.status, reply.content_type, reply.body) == PLAIN_500


def test_one_deployment_of_a_workflow(upstream: Simulator) -> None:
    run_id = upstream.start_run(workflow=4)
    own = deployment_id(workflow_at(4))
    assert ids(value(upstream, runs(4, f"?deployment_id={own}"))) == [run_id]
    for other in (uuid4(), deployment_id(workflow_at(5))):
        assert value(upstream, runs(4, f"?deployment_id={other}")) == []


def test_what_is_not_there(upstream: Simulator) -> None:
    def answered(path: str) -> tuple[int, bytes]:
        reply = upstream.answer("GET", f"/api{path}", KEY)
        return reply.status, reply.body

    gone = b'{"detail":"Workflow not found or you don\'t have access to it"}'
    upstream.workspace.delete(workflow_at(4).id)
    for path in (runs(4), runs(SIZE), f"/v2/workflow/{uuid4()}/runs"):
        assert answered(path) == (404, gone)
    assert answered("/v2/workflow/nonsense/runs") == (500, b"Internal Server Error")
    assert answered(of_deployment(4))[0] == 200
    assert answered(of_deployment(SIZE))[0] == 500


def test_a_strangers_run_is_in_the_workflows_list_alone(upstream: Simulator) -> None:
    run_id = upstream.start_run(workflow=4, foreign=True)
    own = upstream.start_run(workflow=4)
    rows = {row["id"]: row for row in value(upstream, runs(4))}
    assert rows[str(run_id)]["org_id"] != rows[str(own)]["org_id"]
    assert rows[str(run_id)]["user_id"] == value(upstream, f"/run/{run_id}")["user_id"]
    assert ids(value(upstream, of_deployment(4))["data"]) == [own]
    log = f"/api/v2/clickhouse-run-logs/{run_id}"
    assert upstream.answer("GET", log, KEY).status == 404


def test_a_batch_is_told_by_lists_alone(upstream: Simulator) -> None:
    batch = uuid4()
    made = {str(upstream.start_run(workflow=4, batch=batch)) for _ in range(6)}
    rows = value(upstream, runs(4))
    assert {row["id"] for row in rows if row["batch_id"] == str(batch)} == made
    assert all("batch_id" not in value(upstream, f"/run/{run_id}") for run_id in made)


def test_lists_may_lag_behind_the_run(upstream: Simulator, clock: Clock) -> None:
    upstream.list_lag = 10.0
    run_id = upstream.start_run(workflow=4, age=1)
    assert value(upstream, f"/run/{run_id}")["id"] == str(run_id)
    assert value(upstream, runs(4)) == value(upstream, of_deployment(4))["data"] == []
    clock.forward(9)
    (row,) = value(upstream, runs(4))
    assert row["status"] in ("not-started", "queued")
    assert value(upstream, f"/run/{run_id}")["status"] == "running"
    upstream.list_lag = 0.0
    assert value(upstream, runs(4))[0]["status"] == "running"


def test_odd_rows_stand_among_the_good_ones(upstream: Simulator) -> None:
    made = upstream.add_history(workflow=4, count=20)
    upstream.workspace.odd = True
    rows = value(upstream, runs(4))
    named = [row.get("id") for row in rows if isinstance(row, dict)]
    assert {str(run_id) for run_id in made} <= set(named)
    assert None in named and len(named) > len(set(named))
    assert any(not isinstance(row, dict) for row in rows)
    assert any(str(row.get("created_at")).endswith(":00Z") for row in rows if isinstance(row, dict))
    assert value(upstream, runs(4, "?limit=3&offset=4")) == rows[4:7]


def test_lists_of_runs_may_be_forbidden(upstream: Simulator) -> None:
    upstream.workspace.forbidden = {"runs"}
    for path in (runs(0), of_deployment(0)):
        assert upstream.answer("GET", f"/api{path}", KEY).status == 403
    assert upstream.answer("GET", "/api/workflows/all", KEY).status == 200
