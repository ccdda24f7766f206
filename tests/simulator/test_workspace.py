"""The lists of the workspace, shaped as the real server's, and their moods."""

import json
from typing import Any

import pytest

from dashboard.domain.directory import DEPLOYMENTS, FLUID, MACHINES, WORKFLOWS
from dashboard.simulator import Simulator
from dashboard.simulator.workflows import WORKFLOWS as DEMO
from dashboard.simulator.workspace import ODD, Workspace, deployment_id, machine_name
from dashboard.upstream.directory_lists import read_page
from tests.conftest import SAMPLES

KEY = {"authorization": "Bearer key"}
PATHS = {
    WORKFLOWS: "/workflows/all",
    DEPLOYMENTS: "/deployments",
    FLUID: "/deployments?is_fluid=true",
    MACHINES: "/machines/all",
}
every_list = pytest.mark.parametrize(("name", "path"), PATHS.items())


def simulator(**given: Any) -> Simulator:
    return Simulator(key="key", workspace=Workspace(**given))


def value(upstream: Simulator, path: str) -> Any:
    reply = upstream.answer("GET", f"/api{path}", KEY)
    assert reply.status == 200
    return json.loads(reply.body)


@pytest.mark.parametrize(
    ("path", "sample"),
    [
        ("/workflows/all", "workflows-all"),
        ("/deployments", "deployments"),
        ("/deployments?is_fluid=true", "deployments-fluid"),
        ("/machines/all", "machines-all"),
    ],
)
def test_rows_are_shaped_as_the_captured_ones(path: str, sample: str) -> None:
    captured = json.loads((SAMPLES / "directory" / f"{sample}.json").read_bytes())
    assert list(value(simulator(), path)[0]) == list(captured[0])


def test_the_lists_have_what_the_demos_runs_have() -> None:
    upstream = simulator()
    named = {path: {row["id"] for row in value(upstream, path)} for path in PATHS.values()}
    for workflow in DEMO:
        assert workflow.id in named["/workflows/all"]
        assert workflow.machine_id in named["/machines/all"]
        assert deployment_id(workflow) in named["/deployments"]
    assert [row["name"] for row in value(upstream, "/workflows/all")] == [w.name for w in DEMO]


def test_deployments_come_by_pages_and_an_offset_alone_is_ignored() -> None:
    upstream = simulator(size=40)
    whole = value(upstream, "/deployments")
    assert len(value(upstream, "/workflows/all")) == 40 and len(whole) == 60
    assert value(upstream, "/deployments?page_size=25&offset=25") == whole[25:50]
    assert value(upstream, "/deployments?page_size=25&offset=75") == []
    assert value(upstream, "/deployments?offset=25") == whole
    staging = value(upstream, "/deployments?environment=staging")
    assert staging == [row for row in whole if row["environment"] == "staging"] != []


@every_list
def test_each_may_be_forbidden(name: str, path: str) -> None:
    upstream = simulator(forbidden={path.split("/")[1].partition("?")[0]})
    statuses = {each: upstream.answer("GET", f"/api{at}", KEY).status for each, at in PATHS.items()}
    assert statuses[name] == 403 and 200 in statuses.values()
    assert upstream.answer("GET", f"/api{path}", {}).status == 401
    assert simulator().answer("POST", f"/api{path}", KEY).status == 405


@every_list
def test_odd_rows_stand_between_good_ones(name: str, path: str) -> None:
    plain, odd = simulator(), simulator(odd=True)
    assert len(value(odd, path)) > len(value(plain, path)) + len(ODD)
    good = {row.id for row in read_page(name, plain.answer("GET", f"/api{path}", KEY).body).rows}
    read = {row.id for row in read_page(name, odd.answer("GET", f"/api{path}", KEY).body).rows}
    assert good < read and len(read) == len(good) + 3


def test_what_is_renamed_has_its_new_name_everywhere() -> None:
    upstream, workflow = simulator(), DEMO[0]
    upstream.workspace.rename(workflow.id, "harbour")
    assert value(upstream, "/workflows/all")[0]["name"] == "harbour"
    assert value(upstream, "/deployments")[0]["workflow"]["name"] == "harbour"
    assert value(upstream, f"/workflow/{workflow.id}")["name"] == "harbour"
    upstream.workspace.rename(workflow.machine_id, "pier")
    assert value(upstream, "/machines/all")[0]["name"] == "pier"
    assert machine_name(workflow) != "pier"


def test_what_is_deleted_is_gone_and_a_workflows_deployments_with_it() -> None:
    upstream, workflow = simulator(), DEMO[0]
    upstream.workspace.delete(workflow.id)
    assert workflow.id not in {row["id"] for row in value(upstream, "/workflows/all")}
    assert workflow.id not in {row["workflow_id"] for row in value(upstream, "/deployments")}
    assert upstream.answer("GET", f"/api/workflow/{workflow.id}", KEY).status == 404
