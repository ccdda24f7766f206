"""Differences of two versions' graphs."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.changed.setting import BEFORE_IT, LONGEST, Setting, SettingKind
from dashboard.domain.changed.workflow_diff import (
    FieldChange,
    HiddenField,
    Node,
    NodePair,
    WorkflowDiff,
    workflow_diff,
)
from dashboard.domain.nodes.graph import MOST_NODES
from tests.conftest import SAMPLES
from tests.domain.changed.values import VALUES, turned

VERSION_8 = json.loads((SAMPLES / "nodes" / "workflow-version.json").read_text())["workflow_api"]
VERSION_7: dict[str, Any] = {
    "3": {
        "_meta": {"title": "KSampler"},
        "inputs": {"seed": 1, "steps": 20},
        "class_type": "KSampler",
    },
    "9": {"inputs": {"images": ["3", 0]}, "class_type": "SaveImage"},
    "11": {
        "inputs": {"input_id": "prompt", "default_value": "cat"},
        "class_type": "ComfyUIDeployExternalText",
    },
}
NODES = st.one_of(
    st.fixed_dictionaries(
        {"class_type": st.sampled_from(["A", "B"])},
        optional={
            "inputs": st.dictionaries(
                st.sampled_from(["a", "b", "•••"]),
                st.one_of(
                    VALUES,
                    st.sampled_from(["•••", "x" * 400, "x" * 200 + "y" * 400]),
                    st.tuples(st.sampled_from("123"), st.sampled_from([0, 1, 0.0])).map(list),
                ),
            ),
            "_meta": st.sampled_from([None, {}, {"title": "T"}, {"title": "A"}, {"title": 4}]),
        },
    ),
    st.sampled_from([None, 4, {}, {"class_type": 4}, {"class_type": "A", "inputs": ["•••"]}]),
)
GRAPHS = st.dictionaries(st.sampled_from(["1", "2", "10", "2:1", "x", ""]), NODES).map(
    lambda nodes: {**nodes, "4": {"class_type": "Always"}}
)


def between(before: Any, after: Any) -> WorkflowDiff:
    found = workflow_diff(before, after)
    assert found is not None
    return found


def node(inputs: Any = None, type: str = "A", title: str | None = None) -> dict[str, Any]:
    return {"class_type": type, "inputs": inputs or {}, "_meta": {"title": title}}


def field(before: Any, after: Any) -> WorkflowDiff:
    return between({"3": node({"x": before})}, {"3": node({"x": after})})


def mirrored(diff: WorkflowDiff) -> WorkflowDiff:
    def pair(one: NodePair) -> NodePair:
        return NodePair(one.after, one.before)

    def change(one: FieldChange) -> FieldChange:
        return FieldChange(pair(one.node), one.field, one.after, one.before)

    return WorkflowDiff(
        added=diff.removed,
        removed=diff.added,
        reclassed=tuple(map(pair, diff.reclassed)),
        settings=tuple(map(change, diff.settings)),
        links=tuple(map(change, diff.links)),
        hidden=tuple(replace(one, node=pair(one.node)) for one in diff.hidden),
        unreadable=tuple(map(pair, diff.unreadable)),
    )


def test_the_captured_versions() -> None:
    diff = between(VERSION_7, VERSION_8)
    assert [each.id for each in diff.added] == ["4", "5", "6", "7", "8", "10", "12", "21", "23"]
    assert diff.removed == diff.reclassed == diff.hidden == diff.unreadable == ()
    sampler = NodePair(Node("3", None, "KSampler"), Node("3", "KSampler base", "KSampler"))
    steps = next(change for change in diff.settings if change.field == "steps")
    assert steps == FieldChange(
        sampler, "steps", Setting(SettingKind.NUMBER, "20"), Setting(SettingKind.NUMBER, "25")
    )
    images = next(change for change in diff.links if change.field == "images")
    assert images.before == Setting(SettingKind.LINK, "3", 0) and images.after != images.before
    assert diff.differs and diff.is_sure and diff.changed_nodes == 12


def test_the_captured_version_is_itself() -> None:
    assert between(VERSION_8, turned(VERSION_8)) == WorkflowDiff()


@pytest.mark.parametrize(
    "nothing", [None, {}, [], "x", 4, {"3": None}, {"3": {"inputs": {}}}, [VERSION_7]]
)
def test_what_is_no_graph_is_not_readable(nothing: Any) -> None:
    assert workflow_diff(nothing, VERSION_7) is None
    assert workflow_diff(VERSION_7, nothing) is None
    assert workflow_diff(nothing, nothing) is None


def test_too_many_nodes_are_not_readable_and_as_many_as_may_be_are() -> None:
    most = {str(n): node({"x": n}) for n in range(MOST_NODES)}
    other = {str(n): node({"x": n + 1}) for n in range(MOST_NODES)}
    assert len(between(most, other).settings) == MOST_NODES
    assert workflow_diff(most, {**most, "more": node()}) is None


def test_node_ids_are_in_the_order_in_which_people_count() -> None:
    ids = ["9", "10", "12", "12:3", "12:20", "100", "١", "9" * 5_000, "a"]
    diff = between({"0": node()}, {"0": node(), **{each: node() for each in reversed(ids)}})
    assert [each.id for each in diff.added if each.id != "١"] == [
        "9", "10", "12", "12:3", "12:20", "100", "9" * 5_000, "a",
    ]  # fmt: skip


def test_a_changed_class_is_told_as_that_alone() -> None:
    old, new = node({"x": 1}, "A", "T"), node({"x": 2}, "B", "T")
    diff = between({"3": old}, {"3": new})
    assert diff == WorkflowDiff(reclassed=(NodePair(Node("3", "T", "A"), Node("3", "T", "B")),))
    assert diff.changed_nodes == 1


def test_titles_are_no_difference_but_are_told_as_each_version_has_them() -> None:
    assert not between({"3": node(title="one")}, {"3": node(title="two")}).differs
    [change] = between(
        {"3": node({"x": 1}, title="one")}, {"3": node({"x": 2}, title="two")}
    ).settings
    assert (change.node.before.title, change.node.after.title) == ("one", "two")


@pytest.mark.parametrize(
    ("before", "after", "texts"),
    [
        (20, 28, ("20", "28")),
        (20, "20", ("20", "20")),
        (1, True, ("1", "true")),
        (None, "", ("null", "")),
        ([1, 2, 3], [1, 2], ("[1, 2, 3]", "[1, 2]")),
        ({"b": 1, "a": 2}, {}, ('{"a": 2, "b": 1}', "{}")),
        (["4", True], 1, ('["4", true]', "1")),
        (["4", 0.5], 1, ('["4", 0.5]', "1")),
    ],
)
def test_settings(before: Any, after: Any, texts: tuple[str, str]) -> None:
    [change] = field(before, after).settings
    assert change.before and change.after and change.before != change.after
    assert (change.before.text, change.after.text) == texts


@pytest.mark.parametrize(("before", "after"), [(20, 20.0), (["4", 0], ["4", 0.0]), ("a", "a")])
def test_equal_settings_and_links(before: Any, after: Any) -> None:
    assert field(before, after) == WorkflowDiff()


def test_a_field_that_is_null_is_not_one_that_is_absent() -> None:
    [change] = between({"3": node()}, {"3": node({"x": None})}).settings
    assert (change.before, change.after) == (None, Setting(SettingKind.NULL, "null"))


@pytest.mark.parametrize(("before", "after"), [(["4", 0], ["4", 1]), (["4", 0], 7), (7, ["5", 0])])
def test_links_that_lead_elsewhere(before: Any, after: Any) -> None:
    diff = field(before, after)
    assert len(diff.links) == 1 and not diff.settings and diff.changed_nodes == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [("•••", "•••"), ("•••", "x"), (1, ["•••"]), ("a •••", "b •••"), ({"•••": 1}, {"•••": 1})],
)
def test_what_is_masked_is_neither_equal_nor_changed(before: Any, after: Any) -> None:
    diff = field(before, after)
    assert diff == WorkflowDiff(hidden=(HiddenField(diff.hidden[0].node, "x"),))
    assert not diff.differs and not diff.is_sure


@pytest.mark.parametrize(
    "broken",
    [
        None,
        4,
        {},
        {"class_type": 4},
        node(["x"]),
        {**node(), "inputs": []},
        {**node(), "inputs": ""},
    ],
)
def test_a_node_that_cannot_be_read_is_not_unchanged(broken: Any) -> None:
    graph = {"1": node(), "3": node({"x": 1})}
    diff = between(graph, {**graph, "3": broken})
    assert [pair.after.id for pair in diff.unreadable] == ["3"]
    assert not diff.differs and not diff.is_sure
    assert between({**graph, "3": broken}, {**graph, "3": broken}).is_sure


@pytest.mark.parametrize("kept", [0, 10, 400, 100_000])
def test_of_long_values_the_first_difference_is_seen(kept: int) -> None:
    before, after = "k" * kept + "one" + "x" * 10**6, "k" * kept + "two" + "x" * 10**6
    [change] = field(before, after).settings
    assert change.before and change.after
    assert "one" in change.before.text and "two" in change.after.text
    assert len(change.before.text) <= LONGEST + 2 and change.before.text.endswith("…")
    assert change.before.text.startswith("…") == (kept > BEFORE_IT)


def test_a_value_of_any_depth_is_compared() -> None:
    deep: Any = 1
    for _ in range(50_000):
        deep = [deep]
    assert len(field(deep, 1).settings) == 1
    assert not field(deep, deep).differs


@given(GRAPHS, GRAPHS)
def test_backwards_it_mirrors(before: Any, after: Any) -> None:
    assert between(after, before) == mirrored(between(before, after))


@given(GRAPHS)
def test_a_graph_does_not_differ_from_itself(graph: Any) -> None:
    diff = between(graph, turned(graph))
    assert not diff.differs
    assert diff == WorkflowDiff(hidden=diff.hidden, unreadable=diff.unreadable)
    assert diff.is_sure or "•••" in json.dumps(graph, ensure_ascii=False)


@given(GRAPHS, GRAPHS)
def test_the_order_of_keys_does_not_matter(before: Any, after: Any) -> None:
    assert between(before, after) == between(turned(before), turned(after))


@given(GRAPHS, GRAPHS)
def test_what_is_told_as_changed_can_be_told_apart(before: Any, after: Any) -> None:
    diff = between(before, after)
    assert all(change.before != change.after for change in (*diff.settings, *diff.links))
    assert all(change.is_link for change in diff.links)
    assert {each.id for each in diff.added} == after.keys() - before.keys()
    assert {each.id for each in diff.removed} == before.keys() - after.keys()
