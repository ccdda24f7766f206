"""Differences between answers, and the answers again from the differences."""

import json
from typing import Any

from hypothesis import example, given
from hypothesis import strategies as st

from dashboard.domain.run.changes import diff, fold

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
)
values = st.recursive(
    scalars,
    lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(max_size=3), v, max_size=3),
    max_leaves=6,
)
elements = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("abcdef"), "data": values}),
    max_size=6,
)
answers = st.fixed_dictionaries(
    {"status": st.sampled_from(["running", "success"])},
    optional={"progress": scalars, "gpu": scalars, "inputs": values, "outputs": elements | values},
)


def by_id(state: dict[str, Any]) -> dict[str, Any]:
    """Outputs come in no order: compare them in one."""
    outputs = state.get("outputs")
    if isinstance(outputs, list) and all(
        isinstance(e, dict) and isinstance(e.get("id"), str) for e in outputs
    ):
        state = {**state, "outputs": sorted(outputs, key=lambda e: (e["id"], exact(e)))}
    return state


def exact(value: Any) -> str:
    """A text that tells 1, 1.0 and true apart; names stand in no order in JSON."""
    return json.dumps(value, sort_keys=True)


def test_two_values_are_the_same_here_where_only_the_order_of_their_names_differs() -> None:
    assert exact({"a": 1, "b": [{}]}) == exact({"b": [{}], "a": 1})
    assert len({exact({"a": value}) for value in (1, 1.0, True, "1", 0, -0.0, 0.0, None)}) == 8


@example([{"outputs": [{"id": "a", "data": {"x": 0, "y": 1}}]},
          {"outputs": [{"id": "a", "data": {"y": 1, "x": 0}}]}])  # fmt: skip
@given(st.lists(answers, min_size=1, max_size=8))
def test_differences_fold_back_to_every_answer(history: list[dict[str, Any]]) -> None:
    stored, before = [], {}
    for answer in history:
        stored.append(diff(before, answer))
        before = answer
    folded = list(fold(stored))
    assert [exact(by_id(state)) for state in folded] == [exact(by_id(sent)) for sent in history]


def test_an_equal_answer_is_no_change() -> None:
    answer = {"status": "running", "outputs": [{"id": "a"}, {"id": "b"}]}
    assert diff(answer, dict(answer)) == ({}, [])


def test_another_order_of_outputs_is_no_change() -> None:
    one = {"outputs": [{"id": "a"}, {"id": "b"}]}
    assert diff(one, {"outputs": [{"id": "b"}, {"id": "a"}]}) == ({}, [])


def test_one_more_output_is_stored_alone() -> None:
    many = [{"id": str(n), "data": n} for n in range(400)]
    changes, dropped = diff({"outputs": many[:399]}, {"outputs": many})
    assert changes == {"outputs": {"added": [many[399]], "changed": [], "gone": []}}
    assert dropped == []


def test_a_changed_and_a_gone_output_are_named() -> None:
    before = {"outputs": [{"id": "a", "x": 1}, {"id": "b", "x": 1}]}
    changes, _ = diff(before, {"outputs": [{"id": "a", "x": 2}]})
    assert changes["outputs"] == {"added": [], "changed": [{"id": "a", "x": 2}], "gone": ["b"]}


def test_zero_false_and_null_are_told_apart() -> None:
    assert diff({"a": 0}, {"a": False})[0] == {"a": False}
    assert diff({"a": 0}, {"a": 0.0})[0] == {"a": 0.0}
    assert diff({"a": None}, {}) == ({}, ["a"])
    assert diff({}, {"a": None})[0] == {"a": None}
