"""A workflow in the editor's form: what is one, its nodes, and secrets in its widgets."""

import json
from typing import Any

import pytest

from dashboard.domain.nodes.editor_workflow import masked, nodes_of, read_workflow, widget_names
from dashboard.domain.nodes.graph import MOST_NODES
from dashboard.domain.text.redaction import MASK
from tests.conftest import SAMPLES

SECRET = "FAKE-not-a-key"
NODE: dict[str, Any] = {"id": 3, "type": "KSampler", "widgets_values": [1, SECRET]}


@pytest.mark.parametrize(
    ("value", "is_one"),
    [
        ({"nodes": [NODE]}, True),
        ({"nodes": [NODE, None, 4]}, True),
        ({"nodes": [NODE] * MOST_NODES}, True),
        ({"nodes": [NODE] * (MOST_NODES + 1)}, False),
        ({"nodes": []}, False),
        ({"nodes": {"3": NODE}}, False),
        ({"nodes": [{"id": 3}]}, False),
        ({}, False),
        ([NODE], False),
        ("x", False),
        (None, False),
    ],
)
def test_what_is_a_workflow(value: Any, is_one: bool) -> None:
    assert (read_workflow(value) is not None) == is_one


def test_nodes_of_subgraphs_are_nodes_too() -> None:
    inner = {"id": 5, "type": "VAEDecode"}
    found = {"nodes": [NODE], "definitions": {"subgraphs": [{"nodes": [inner]}, None]}}
    assert list(nodes_of(found)) == [NODE, inner]
    assert list(nodes_of({"nodes": [NODE], "definitions": []})) == [NODE]


def test_widgets_have_names_where_the_editor_names_all() -> None:
    named = [{"name": n, "widget": {"name": n}} for n in ("seed", "api_key")]
    assert widget_names({**NODE, "inputs": [{"name": "model"}, *named]}) == ["seed", "api_key"]
    assert widget_names({**NODE, "inputs": named[:1]}) is None
    assert widget_names({**NODE, "inputs": [{"widget": {"name": 4}}, named[0]]}) is None
    assert widget_names({"id": 3, "inputs": named}) is None


@pytest.mark.parametrize("node_id", ["3", "12:3"])
def test_what_stands_under_a_secret_name_in_the_graph_is_masked(node_id: str) -> None:
    graph: Any = {node_id: {"class_type": "KSampler", "inputs": {"api_key": SECRET, "x": "1"}}}
    workflow: Any = {"nodes": [NODE, {**NODE, "id": 4, "widgets_values": ["x"]}]}
    found: Any = masked(workflow, graph)
    assert [node["widgets_values"] for node in found["nodes"]] == [[1, MASK], ["x"]]
    assert workflow["nodes"][0]["widgets_values"] == [1, SECRET]


def test_widgets_with_secret_names_are_masked_without_a_graph() -> None:
    named: Any = [{"name": n, "widget": {"name": n}} for n in ("seed", "api_key")]
    lora = ["id", "a.safetensors", "", "", "", "", SECRET]
    others: Any = [
        {**NODE, "inputs": named},
        {"id": 4, "type": "ComfyUIDeployExternalLora", "widgets_values": lora},
        {"id": 5, "type": "X", "widgets_values": {"token": SECRET, "name": "kept"}},
        {"id": 6, "type": "X", "widgets_values": [f"https://x.example/?token={SECRET}"]},
    ]
    told = json.dumps(masked({"nodes": others}, None))
    assert SECRET not in told
    assert "kept" in told


@pytest.mark.parametrize(
    "graph", [{"3": None}, {"3": {"inputs": [1]}}, {"3": {"inputs": {"key": 4}}}]
)
def test_a_captured_workflow_has_nothing_to_mask(graph: Any) -> None:
    told = json.loads((SAMPLES / "nodes" / "workflow-version.json").read_bytes())["workflow"]
    assert masked(told, graph) == told
