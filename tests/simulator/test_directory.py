"""Lists, names and logs as ComfyDeploy's own dashboard is answered."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from dashboard.simulator import Simulator
from dashboard.simulator.directory import deployment_id, machine_name
from dashboard.simulator.workflows import WORKFLOWS
from dashboard.upstream.directory import read_list, read_log, read_name
from tests.conftest import SAMPLES

NOON = datetime(2026, 11, 23, 12, 0, 0, 345_000, tzinfo=UTC)
KEY = {"authorization": "Bearer key"}


class Upstream:
    def __init__(self) -> None:
        self.now = NOON
        self.simulator = Simulator(key="key", clock=lambda: self.now)

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        reply = self.simulator.answer("GET", f"/api{path}", headers or KEY)
        return reply.status, reply.body

    def value(self, path: str) -> Any:
        status, body = self.get(path)
        assert status == 200, body
        return json.loads(body)


@pytest.fixture
def upstream() -> Iterator[Upstream]:
    yield Upstream()


def sample(name: str) -> Any:
    return json.loads((SAMPLES / "related" / f"{name}.json").read_bytes())


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.name)
def test_names_are_told_and_read(upstream: Upstream, workflow: Any) -> None:
    for kind, path, name in (
        ("workflow", f"/workflow/{workflow.id}", workflow.name),
        ("version", f"/workflow-version/{workflow.version_id}", "v3"),
        ("machine", f"/machine/{workflow.machine_id}", machine_name(workflow)),
        ("deployment", f"/deployment/{deployment_id(workflow)}", f"{workflow.name}, production"),
    ):
        status, body = upstream.get(path)
        assert (status, read_name(kind, body)) == (200, name)


def test_unknown_things_are_404_and_need_the_key(upstream: Upstream) -> None:
    for kind in ("workflow", "workflow-version", "machine", "deployment"):
        assert upstream.get(f"/{kind}/{uuid4()}")[0] == 404
        assert upstream.get(f"/{kind}/{uuid4()}", accept="*/*")[0] == 401


def test_the_list_of_a_workflow_is_shaped_as_the_sample(upstream: Upstream) -> None:
    path = f"/v2/workflow/{WORKFLOWS[0].id}/runs"
    rows = upstream.value(path)
    assert rows and {row["workflow_id"] for row in rows} == {WORKFLOWS[0].id}
    assert list(rows[0]) == list(sample("list_v2_workflow_runs")[0])
    ended = next(row for row in rows if row["run_duration"])
    assert isinstance(ended["duration"], str) and ended["created_at"].endswith("Z")
    assert [row["created_at"] for row in rows] == sorted(
        (row["created_at"] for row in rows), reverse=True
    )
    assert upstream.value(f"{path}?limit=2&offset=1") == rows[1:3]
    assert len(read_list(upstream.get(path)[1]).runs) == len(rows)


def test_the_list_of_a_deployment_is_shaped_as_the_sample(upstream: Upstream) -> None:
    told = upstream.value(f"/deployment/{deployment_id(WORKFLOWS[1])}/runs")
    wanted = sample("list_deployment_runs")
    assert told["meta"] == wanted["meta"]
    assert list(told["data"][0]) == list(wanted["data"][0])
    assert datetime.fromisoformat(told["data"][0]["created_at"]).tzinfo is None


def test_unknown_lists_answer_as_the_server_does(upstream: Upstream) -> None:
    status, body = upstream.get(f"/v2/workflow/{uuid4()}/runs")
    assert status == 404 and b"Workflow not found or you don't have access to it" in body
    assert upstream.get(f"/deployment/{uuid4()}/runs") == (500, b"Internal Server Error")


def test_listed_runs_can_be_asked_for(upstream: Upstream) -> None:
    row = upstream.value(f"/v2/workflow/{WORKFLOWS[0].id}/runs")[0]
    run = upstream.value(f"/run/{row['id']}")
    assert run["status"] == row["status"] and run["workflow_id"] == row["workflow_id"]


def log(upstream: Upstream, run_id: UUID) -> Any:
    return upstream.value(f"/v2/clickhouse-run-logs/{run_id}")


def test_a_log_is_empty_until_it_is_archived(upstream: Upstream) -> None:
    run_id = upstream.simulator.id("fail-midway", start=NOON)
    upstream.now = NOON + timedelta(seconds=5)
    assert log(upstream, run_id) == []
    ended = None
    while ended is None:
        upstream.now += timedelta(seconds=1)
        ended = upstream.value(f"/run/{run_id}")["ended_at"]
    upstream.now += timedelta(seconds=10)
    assert log(upstream, run_id) == []
    upstream.now += timedelta(seconds=30)
    entries = log(upstream, run_id)
    assert list(entries[0]) == list(sample("run_logs_v2")[0])
    assert any("!!! Exception during processing !!!" in entry["log"] for entry in entries)
    assert read_log(json.dumps(entries).encode())


@pytest.mark.parametrize("scenario", ["warm", "timeout", "cancel-running"])
def test_every_end_has_its_last_line(upstream: Upstream, scenario: str) -> None:
    run_id = upstream.simulator.id(scenario, start=NOON - timedelta(hours=1))
    last = {
        "warm": "Prompt executed",
        "timeout": "Operation timed out",
        "cancel-running": "Processing interrupted",
    }
    assert log(upstream, run_id)[-1]["log"].startswith(last[scenario])


def test_logs_that_cannot_be_had(upstream: Upstream) -> None:
    start = NOON - timedelta(hours=1)
    assert log(upstream, upstream.simulator.id("fail-dispatch", start=start)) == []
    foreign = upstream.simulator.id("foreign", start=start)
    for given, status in ((foreign, 404), (uuid4(), 404), ("nonsense", 422)):
        assert upstream.get(f"/v2/clickhouse-run-logs/{given}")[0] == status


def test_a_path_can_be_scripted_and_is_counted() -> None:
    with Simulator(port=0, key="key") as simulator:
        simulator.script_path("/machine/m", [{"name": "a"}, (403, {}, b"no")])
        answers = [simulator.answer("GET", "/api/machine/m?x=1", KEY).status for _ in range(3)]
        assert answers == [200, 403, 403]
        assert simulator.requests_at("/machine/m") == []
