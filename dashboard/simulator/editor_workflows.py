"""A made-up workflow in the form that ComfyUI's editor opens."""

from collections.abc import Mapping
from typing import Any

WIDE, APART = 240, 300  # pixels
INPUT_NODE: Mapping[str, Any] = {
    "class_type": "ComfyUIDeployExternalText",
    "inputs": {
        "input_id": "prompt",
        "default_value": "a lighthouse",
        "display_name": "Prompt",
        "description": "What to show",
    },
    "_meta": {"title": "Prompt"},
}


def with_input_node(graph: Mapping[str, Any]) -> dict[str, Any]:
    """The graph with a node that takes the caller's prompt."""
    return {**graph, str(len(graph) + 1): INPUT_NODE}


def editor_workflow(graph: Mapping[str, Any]) -> dict[str, Any]:
    """The graph's nodes in a row, with the values of their widgets."""
    nodes = [_node(number, one) for number, one in enumerate(graph.values(), 1)]
    return {"nodes": nodes, "links": [], "groups": [], "version": 0.4, "last_node_id": len(nodes)}


def _node(number: int, node: Mapping[str, Any]) -> dict[str, Any]:
    values = [value for value in node["inputs"].values() if not isinstance(value, list)]
    return {
        "id": number,
        "type": node["class_type"],
        "title": node["_meta"]["title"],
        "pos": [number * APART, 80],
        "size": [WIDE, 80],
        "mode": 0,
        "order": number - 1,
        "inputs": [],
        "outputs": [],
        "widgets_values": values,
    }
