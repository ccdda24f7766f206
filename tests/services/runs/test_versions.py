"""Workflow versions: kept with their number, for the titles of nodes and to run them again."""

import json
from datetime import datetime
from typing import Any

import pytest

from dashboard.models import Name, WorkflowVersion
from dashboard.services.runs import names, versions
from dashboard.simulator import Simulator
from tests.builders import answer, store
from tests.conftest import SAMPLES

pytestmark = pytest.mark.django_db
VERSION = "v1"
GRAPH = {"3": {"class_type": "KSampler", "inputs": {"seed": 2**62 + 1}, "_meta": {"title": "Base"}}}


def told(graph: Any) -> bytes:
    return json.dumps({"version": 14, "workflow_api": graph}).encode()


def test_it_is_kept_when_the_versions_number_is_asked_for(
    upstream: Simulator, now: datetime
) -> None:
    run = store(answer(workflow_version_id=VERSION))
    upstream.script_path(f"/workflow-version/{VERSION}", [(200, {}, told(GRAPH))])
    names.refresh(Name.objects.get(kind="version"), now)
    assert Name.objects.get(kind="version").text == "v14"
    assert versions.graph_of(VERSION) == GRAPH
    assert versions.titles(run) == {"3": "Base"}
    assert len(upstream.requests_at(f"/workflow-version/{VERSION}")) == 1


def test_a_captured_version_has_titles(now: datetime) -> None:
    versions.store(VERSION, (SAMPLES / "nodes" / "workflow-version.json").read_bytes(), now)
    run = store(answer(workflow_version_id=VERSION))
    assert versions.titles(run)["3"] == "KSampler base"


def test_the_titles_of_several_versions_are_read_at_once(now: datetime) -> None:
    for version, graph in (("v1", GRAPH), ("v2", None), ("v3", {"4": {"class_type": "Note"}})):
        versions.store(version, told(graph), now)
    found = versions.titles_by_version({"v1", "v2", "v3", "unknown"})
    assert {version: dict(titles.by_id) for version, titles in found.items()} == {
        "v1": {"3": "Base"}
    }
    assert versions.titles_by_version([]) == {}


@pytest.mark.parametrize(
    "graph",
    [
        None,
        {},
        [],
        "x",
        {"3": None},
        {"3": {"inputs": {}}},
        {str(n): GRAPH["3"] for n in range(6000)},
    ],  # noqa: E501
)
def test_what_is_no_graph_is_known_to_be_none(now: datetime, graph: Any) -> None:
    versions.store(VERSION, told(graph), now)
    assert WorkflowVersion.objects.get().graph is None
    assert versions.graph_of(VERSION) is None
    assert versions.graph_of(None) is versions.graph_of("unknown") is None


def test_secrets_in_a_workflow_are_masked(now: datetime) -> None:
    node = {"class_type": "Upload", "inputs": {"api_key": "FAKE-not-a-key", "name": "x"}}
    versions.store(VERSION, told({"1": node}), now)
    assert "FAKE-not-a-key" not in json.dumps(versions.graph_of(VERSION))


def test_both_forms_of_a_captured_version_are_kept(now: datetime) -> None:
    body = (SAMPLES / "nodes" / "workflow-version.json").read_bytes()
    versions.store(VERSION, body, now)
    sent = json.loads(body)
    row = versions.version_of(store(answer(workflow_version_id=VERSION)))
    assert row and (row.graph, row.workflow) == (sent["workflow_api"], sent["workflow"])
    assert row.made_with and row.made_with["comfyui_snapshot"] == sent["comfyui_snapshot"]
    assert versions.version_of(store(answer(workflow_version_id=None))) is None


@pytest.mark.parametrize("workflow", [None, [], "x", {"nodes": {}}, {"nodes": [{"id": 1}]}])
def test_what_is_no_workflow_of_the_editor_is_not_kept(now: datetime, workflow: Any) -> None:
    body = json.dumps({"version": 1, "workflow_api": GRAPH, "workflow": workflow})
    versions.store(VERSION, body.encode(), now)
    row = WorkflowVersion.objects.get()
    assert (row.graph, row.workflow, row.made_with) == (GRAPH, None, None)


def test_secrets_are_masked_in_the_editors_widgets_too(now: datetime) -> None:
    graph = {"1": {"class_type": "Upload", "inputs": {"api_key": "FAKE-not-a-key", "name": "x"}}}
    workflow = {"nodes": [{"id": 1, "type": "Upload", "widgets_values": ["FAKE-not-a-key", "x"]}]}
    body = json.dumps({"version": 1, "workflow_api": graph, "workflow": workflow}).encode()
    versions.store(VERSION, body, now)
    row: Any = WorkflowVersion.objects.get()
    assert row.workflow["nodes"][0]["widgets_values"] == ["•••", "x"]


def test_a_huge_answer_is_not_kept(now: datetime) -> None:
    node = {"class_type": "A", "inputs": {"text": "x" * versions.LONGEST_BODY}}
    versions.store(VERSION, told({"1": node}), now)
    assert versions.graph_of(VERSION) is None


def test_graphs_of_versions_without_runs_are_deleted(now: datetime) -> None:
    store(answer(workflow_version_id=VERSION))
    for version in (VERSION, "gone"):
        versions.store(version, told(GRAPH), now)
    assert versions.delete_unused() == 1
    assert WorkflowVersion.objects.get().id == VERSION
