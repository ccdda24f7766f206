"""Which node of a live run comes next."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.nodes.next_node import Course, Step, followers

STEPS = [Step("Loader", "Load"), Step("KSampler", "Base"), Step("VAEDecode", "Decode"),
         Step("KSampler", "Refine"), Step("SaveImage", "Save")]  # fmt: skip
COURSE = Course(STEPS, {"Loader": "from the graph"})
GRAPH: dict[str, Any] = {
    "1": {"class_type": "Loader", "inputs": {"name": "x"}},
    "2": {"class_type": "KSampler", "inputs": {"model": ["1", 0], "steps": 20}},
    "3": {"class_type": "VAEDecode", "inputs": {"samples": ["2", 0]}},
    "4": {"class_type": "SaveImage", "inputs": {"images": ["3", 0]}},
    "5": {"class_type": "PreviewImage", "inputs": {"images": ["3", 0]}},
}


@pytest.mark.parametrize(
    ("node", "progress", "name"),
    [
        ("Loader", None, "Base"),
        ("VAEDecode", 0.1, "Refine"),
        ("KSampler", 0.4, "Decode"),
        ("KSampler", 0.8, "Save"),
        ("KSampler", None, None),
        ("SaveImage", 1.0, None),
        ("Unheard", 0.5, None),
    ],
)
def test_it_follows_the_order_of_an_earlier_run(
    node: str, progress: float | None, name: str | None
) -> None:
    assert COURSE.after(node, progress) == name


def test_several_with_one_successor_need_no_progress() -> None:
    steps = [Step("A", "a"), Step("B", "b"), Step("A", "a"), Step("B", "b")]
    assert Course(steps).after("A", None) == "b"


def test_the_graph_tells_it_where_one_node_alone_takes_what_another_makes() -> None:
    course = Course(followers=followers(GRAPH, {"2": "Base"}))
    assert course.after("Loader", 0.1) == "Base"
    assert course.after("KSampler", None) == "VAEDecode"
    assert course.after("VAEDecode", 0.5) is None, "two nodes take it"
    twice = {**GRAPH, "6": {"class_type": "KSampler", "inputs": {}}}
    assert Course(followers=followers(twice, {})).after("KSampler", None) is None


@pytest.mark.parametrize(
    "node",
    [
        None,
        [],
        "x",
        {},
        {"class_type": 4, "inputs": []},
        {"class_type": "A", "inputs": {"x": [1, 2], "y": [["z"], 0]}},
    ],
)
def test_a_graph_that_cannot_be_read_tells_nothing(node: Any) -> None:
    assert followers({"1": node}, {}) == {}


@given(st.sampled_from(["KSampler", "Loader", "SaveImage"]), st.floats(0, 1))
def test_what_it_says_stands_in_the_workflow(node: str, progress: float) -> None:
    assert COURSE.after(node, progress) in {None, *(step.name for step in STEPS)}
