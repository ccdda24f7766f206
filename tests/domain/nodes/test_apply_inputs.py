"""A run's inputs in its workflow's input nodes, and nothing else changed."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.nodes.apply_inputs import WIDGETS, apply_inputs
from tests.conftest import SAMPLES

Values = Any
PROMPT = {"id": 11, "type": "ComfyUIDeployExternalText", "widgets_values": ["prompt", "a", "b", ""]}


def node(kind: str, *values: Any, **more: Any) -> dict[str, Any]:
    return {"id": 1, "type": f"ComfyUIDeployExternal{kind}", "widgets_values": [*values], **more}


def applied(made: dict[str, Any], inputs: Any) -> Any:
    found: Any = apply_inputs({"nodes": [made]}, inputs)
    return found["nodes"][0]["widgets_values"]


def test_a_captured_workflow_takes_its_inputs() -> None:
    told = json.loads((SAMPLES / "nodes" / "workflow-version.json").read_bytes())["workflow"]
    before = copy.deepcopy(told)
    found: Any = apply_inputs(told, {"prompt": "a red chair", "width": "768", "other": 1})
    values = {each["id"]: each["widgets_values"] for each in found["nodes"]}
    assert values[11] == ["prompt", "a red chair", "Prompt", "What to show"]
    assert values[21] == ["width", 768, 512, 2048]
    assert told == before


@pytest.mark.parametrize(
    ("kind", "before", "value", "at", "after"),
    [
        ("Text", ["x", ""], "ü", 1, "ü"),
        ("Text", ["x", ""], 5, 1, "5"),
        ("NumberInt", ["x", 1], 2**62 + 1, 1, 2**62 + 1),
        ("NumberInt", ["x", 1], "-12", 1, -12),
        ("NumberInt", ["x", 1], 3.0, 1, 3),
        ("Number", ["x", 1], "0.5", 1, 0.5),
        ("Seed", ["x", -1, 1, 9], 4, 1, 4),
        ("Boolean", ["x", False], True, 1, True),
        ("Enum", ["x", "a", "[]"], "b", 1, "b"),
        ("Image", ["x", "", "", ""], "https://a.example/a.png", 3, "https://a.example/a.png"),
        ("ImageBatch", ["x", "[]", ""], ["https://a.example/a"], 1, '["https://a.example/a"]'),
        ("Lora", ["x", "a", "", "", "", "", ""], "https://a.example/l", 5, "https://a.example/l"),
        ("File", ["x", "", "", ""], "https://a.example/f", 3, "https://a.example/f"),
    ],
)  # fmt: skip
def test_each_input_node_has_its_own_widget(
    kind: str, before: Values, value: Any, at: int, after: Any
) -> None:
    expected = [*before]
    expected[at] = after
    assert applied(node(kind, *before), {"x": value}) == expected


@pytest.mark.parametrize(
    ("made", "value"),
    [
        (node("NumberInt", "x", 1), 1.5),
        (node("NumberInt", "x", 1), "many"),
        (node("NumberInt", "x", 1), "9" * 5000),
        (node("Boolean", "x", False), "yes"),
        (node("Text", "x", "a"), None),
        (node("Text", "x", "a"), {"a": 1}),
        (node("Image", "x", "", ""), "https://a.example/a.png"),  # an older one, without address
        (node("ImageAlpha", "x", "", ""), "https://a.example/a.png"),
        (node("Unheard", "x", "a"), "b"),
        (node("Text", "y", "a"), "b"),
        (node("Text", ["x"], "a"), "b"),
        (node("Text"), "b"),
        ({"id": 1, "type": "KSampler", "widgets_values": ["x", "a"]}, "b"),
        ({"id": 1, "type": None, "widgets_values": ["x", "a"]}, "b"),
        ({"id": 1, "type": "ComfyUIDeployExternalText", "widgets_values": "x"}, "b"),
    ],
)
def test_what_cannot_be_applied_stays(made: dict[str, Any], value: Any) -> None:
    assert applied(made, {"x": value}) == made["widgets_values"]


def test_named_widgets_are_found_by_name() -> None:
    names = ("description", "default_value", "input_id")
    inputs = [{"name": each, "widget": {"name": each}} for each in names]
    assert applied(node("Text", "d", "a", "x", inputs=inputs), {"x": "b"}) == ["d", "b", "x"]
    by_name = {"input_id": "x", "default_value": "a"}
    assert applied({**node("Text"), "widgets_values": by_name}, {"x": "b"}) == {
        "input_id": "x",
        "default_value": "b",
    }
    others = [{"name": each, "widget": {"name": each}} for each in ("input_id", "text")]
    assert applied(node("Text", "x", "a", inputs=others), {"x": "b"}) == ["x", "a"]


def test_an_input_in_a_subgraph_takes_its_value() -> None:
    inner: Any = {"nodes": [PROMPT], "definitions": {"subgraphs": [{"nodes": [PROMPT]}]}}
    found: Any = apply_inputs(inner, {"prompt": "z"})
    assert found["definitions"]["subgraphs"][0]["nodes"][0]["widgets_values"][1] == "z"


LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=6)
LEAVES |= st.floats(allow_nan=False, allow_infinity=False)
NAMES = st.text(max_size=4)
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3)
)
IDS = st.sampled_from(["a", "b", "c"])
NODES = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers(0, 9),
            "type": st.sampled_from([*WIDGETS, "KSampler", "ComfyUIDeployExternalImageAlpha"]),
            "widgets_values": JSON | st.tuples(IDS, *[JSON] * 5).map(list),
            "pos": JSON,
        }
    ),
    max_size=5,
)
WORKFLOWS = st.fixed_dictionaries({"nodes": NODES, "links": JSON, "extra": JSON})


@given(WORKFLOWS, JSON | st.dictionaries(IDS, JSON))
def test_nothing_but_one_widget_of_an_input_node_changes(workflow: Any, inputs: Any) -> None:
    before = copy.deepcopy(workflow)
    found: Any = apply_inputs(workflow, inputs)
    assert workflow == before
    json.dumps(found, allow_nan=False)
    for old, new in zip(before["nodes"], found["nodes"], strict=True):
        values = new.pop("widgets_values"), old.pop("widgets_values")
        assert new == old
        if repr(values[0]) == repr(values[1]):
            continue
        changed = [
            at
            for at, (one, other) in enumerate(zip(*values, strict=True))
            if repr(one) != repr(other)
        ]
        assert len(changed) == 1 and changed != [0]
        assert new["type"] in WIDGETS and isinstance(inputs, dict) and values[0][0] in inputs
    assert {**found, "nodes": None} == {**before, "nodes": None}
