"""Node times, as machines report them and as nonsense."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.nodes.node_times import (
    LONGEST,
    LONGEST_WORD,
    MOST_NODES,
    NodeReport,
    NodeTime,
    from_stored,
    is_report,
    read_node_times,
)
from tests.conftest import SAMPLES

ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)


def captured() -> list[Any]:
    bodies = json.loads((SAMPLES / "nodes" / "posted-bodies.json").read_text())
    return bodies["plugin: node timing list"]["output_data"]


def row(**given: Any) -> dict[str, Any]:
    return {"id": "3", "time": 7.9, "class_type": "KSampler", "vram_used": 4123168768, **given}


def test_a_captured_report_is_read() -> None:
    found = read_node_times(captured()).nodes
    assert len(found) == 11 and is_report(captured())
    assert found[0] == NodeTime("4", "CheckpointLoaderSimple", 3.204117, 2569011200)
    assert from_stored([one.stored() for one in found]) == found


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"time": "7.9"}, NodeTime("3", "KSampler", 7.9, 4123168768)),
        ({"id": 3}, NodeTime("3", "KSampler", 7.9, 4123168768)),
        ({"vram_used": None}, NodeTime("3", "KSampler", 7.9, None)),
        ({"vram_used": -1}, NodeTime("3", "KSampler", 7.9, None)),
        ({"class_type": None}, NodeTime("3", None, 7.9, 4123168768)),
        ({"time": None}, None),
        ({"time": -0.1}, None),
        ({"time": LONGEST * 2}, None),
        ({"time": True}, None),
        ({"time": float("nan")}, None),
        ({"id": None}, None),
        ({"id": ""}, None),
        ({"id": {}}, None),
    ],
)
def test_what_cannot_be_read_is_left_out(given: dict[str, Any], told: NodeTime | None) -> None:
    read = NodeReport((told,)) if told else NodeReport(left_out=1)
    assert read_node_times([row(**given)]) == read


def test_a_node_that_ran_several_times_is_one() -> None:
    found = read_node_times([row(time=1.0, vram_used=5), row(time="2", vram_used=9), row(time=-1)])
    assert found == NodeReport((NodeTime("3", "KSampler", 3.0, 9),), left_out=1)


def test_times_that_add_up_to_more_than_a_year_are_left_out() -> None:
    found = read_node_times([row(time=LONGEST), row(time=1.0)])
    assert found == NodeReport((NodeTime("3", "KSampler", LONGEST, 4123168768),), left_out=1)


def test_no_part_of_a_secret_is_left_by_cutting() -> None:
    name = "x" * (LONGEST_WORD - 10) + " hf_" + "FAKE" * 10
    (node,) = read_node_times([row(id=name, class_type=name)]).nodes
    assert node.type and "FAKE" not in node.id + node.type


def test_thousands_of_nodes_are_bounded() -> None:
    rows = [row(id=str(n)) for n in range(MOST_NODES + 50)]
    found = read_node_times([*rows, row(id="0", time=1.0)])
    assert (len(found.nodes), found.left_out) == (MOST_NODES, 50)
    assert found.nodes[0].seconds == 8.9


@pytest.mark.parametrize("data", [None, {}, [], [1], ["x"], [{"time": 1}], {"images": []}])
def test_other_data_is_no_report(data: Any) -> None:
    assert not is_report(data)


@given(st.lists(st.one_of(ANYTHING, st.fixed_dictionaries({"id": ANYTHING, "time": ANYTHING}))))
def test_anything_is_read_into_sane_times(rows: list[Any]) -> None:
    found = read_node_times(rows)
    assert len({one.id for one in found.nodes}) == len(found.nodes)
    assert all(0 <= one.seconds <= LONGEST for one in found.nodes)
    assert len(found.nodes) + found.left_out <= len(rows)
    json.dumps([one.stored() for one in found.nodes], allow_nan=False)


@given(st.lists(st.tuples(st.text("ab", min_size=1), st.floats(0, 1e4)), max_size=20))
def test_no_second_is_lost(pairs: list[tuple[str, float]]) -> None:
    found = read_node_times([row(id=node, time=seconds) for node, seconds in pairs])
    assert found.left_out == 0
    told = sum(one.seconds for one in found.nodes)
    assert told == pytest.approx(sum(seconds for _, seconds in pairs))
