"""The made-up workflows in the editor's form."""

from typing import Any

from dashboard.domain.nodes.apply_inputs import apply_inputs
from dashboard.domain.nodes.editor_workflow import read_workflow
from dashboard.simulator.editor_workflows import editor_workflow, with_input_node

GRAPH = {"1": {"class_type": "KSampler", "inputs": {"from": ["0", 0]}, "_meta": {"title": "Base"}}}


def test_it_has_every_node_and_takes_a_prompt() -> None:
    made = editor_workflow(with_input_node(GRAPH))
    assert read_workflow(made) is made
    found: Any = apply_inputs(made, {"prompt": "dunes"})
    assert [node["widgets_values"] for node in found["nodes"]] == [
        [],
        ["prompt", "dunes", "Prompt", "What to show"],
    ]
