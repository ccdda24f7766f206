"""Node times, as machines report them and as nonsense."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.nodes.node_times import (
    LONGEST,
    MOST_NODES,
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
    found = read_node_times(captured())
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
    assert read_node_times([row(**given)]) == ((told,) if told else ())


def test_a_node_that_ran_several_times_is_one() -> None:
    found = read_node_times([row(time=1.0, vram_used=5), row(time=2.0, vram_used=9)])
    assert found == (NodeTime("3", "KSampler", 3.0, 9),)


def test_thousands_of_nodes_are_bounded() -> None:
    rows = [row(id=str(n)) for n in range(MOST_NODES + 50)]
    assert len(read_node_times(rows)) == MOST_NODES


@pytest.mark.parametrize("data", [None, {}, [], [1], ["x"], [{"time": 1}], {"images": []}])
def test_other_data_is_no_report(data: Any) -> None:
    assert not is_report(data)


@given(st.lists(st.one_of(ANYTHING, st.fixed_dictionaries({"id": ANYTHING, "time": ANYTHING}))))
def test_anything_is_read_into_sane_times(rows: list[Any]) -> None:
    found = read_node_times(rows)
    assert len({one.id for one in found}) == len(found)
    assert all(one.seconds >= 0 for one in found)
    json.dumps([one.stored() for one in found], allow_nan=False)
