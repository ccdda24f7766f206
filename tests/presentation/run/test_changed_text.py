"""What changed since the last good run, in words that fit."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.changed.since_good import RunSide, changes_since
from dashboard.domain.changed.word_diff import Change
from dashboard.domain.text.redaction import MASK
from dashboard.presentation.run.changed_text import (
    LONGEST_PIECE,
    MOST_NODES,
    MOST_ROWS,
    ChangedText,
    changed_text,
)
from tests.domain.changed.values import VALUES

V14, V15 = "148268de-9925-541e-a65c-925082e806c4", "248268de-9925-541e-a65c-925082e806c4"


def told(before: Any, after: Any, names: dict[str, str] | None = None, **sides: Any) -> ChangedText:
    """The panel of two runs with these inputs; `sides` are other facts, as a pair of values."""
    first, last = ({name: pair[n] for name, pair in sides.items()} for n in (0, 1))
    one, other = RunSide(inputs=before, **first), RunSide(inputs=after, **last)
    return changed_text(changes_since(one, other), names or {})


@pytest.mark.parametrize(
    ("before", "after", "sides", "note"),
    [
        (96, 121, ("96", "121"), "+25"),
        (28, 20, ("28", "20"), "−8"),
        (0.3, 0.1, ("0.3", "0.1"), "−0.2"),
        (20, "20", ("20", "“20”"), ""),
        ("[1, 2]", [1, 2], ("“[1, 2]”", "[1, 2]"), ""),
        (["a", 1], ["a", 2], ('["a", 1]', '["a", 2]'), ""),
        (1e-300, 1e300, ("1e-300", "1e+300"), ""),
        (True, False, ("true", "false"), ""),
        ([1], {"a": 1}, ("[1]", '{"a": 1}'), ""),
        (None, 4, ("null", "4"), ""),
    ],
)
def test_values_stand_side_by_side(
    before: Any, after: Any, sides: tuple[str, str], note: str
) -> None:
    (row,) = told({"x": before}, {"x": after}).rows
    assert (row.before, row.after, row.note) == (*sides, note)


def test_a_seed_has_no_difference_and_a_prompt_is_one_line_of_words() -> None:
    before = {"seed": 1, "prompt": "over forested hills, low sun"}
    seed, prompt = told(before, {"seed": 9, "prompt": "over layered mountains, low sun"}).rows
    assert seed.note == ""
    changed = [(piece.change, piece.text) for piece in prompt.pieces]
    assert (Change.REMOVED, "forested hills") in changed
    assert (Change.ADDED, "layered mountains") in changed


def test_inputs_of_one_run_alone_are_not_set_in_the_other() -> None:
    gone, new = told({"a": 1}, {"b": ""}).rows
    assert (gone.after, gone.unset, new.before, new.unset) == (
        *("not set", (False, True)),
        *("not set", (True, False)),
    )
    assert new.after == "“”"


def test_what_is_masked_says_neither_value_nor_that_it_differs() -> None:
    text = told({"api_key": MASK, "x": 1}, {"api_key": MASK, "x": 1})
    (row,) = text.rows
    assert row.hidden == "Hidden as a secret; it may differ" and not row.before
    assert not text.surely_none


def test_versions_are_called_by_name_else_by_the_beginning_of_their_id() -> None:
    text = told({}, {}, {V15: "v15"}, version=(V14, V15), gpu=("L40S", "A10G"))
    assert [(row.label, row.before, row.after, row.note) for row in text.rows] == [
        ("GPU", "L40S", "A10G", ""),
        ("Workflow version", "148268de", "v15", "its nodes are not known"),
    ]
    both = told({}, {}, {V14: "v1", V15: "v1"}, version=(V14, V15)).rows[0]
    assert both.before != both.after


def test_nodes_are_told_one_a_line() -> None:
    def sampler(**inputs: Any) -> dict[str, Any]:
        return {"class_type": "KSampler", "inputs": inputs, "_meta": {"title": "Sampler"}}

    old = {"3": sampler(steps=20, model=["1", 0]), "1": {"class_type": "Loader", "inputs": {}}}
    new = {"3": sampler(steps=28, model=["2", 0]), "2": {"class_type": "Loader", "inputs": {}}}
    text = told({}, {}, version=("a", "b"), graph=(old, new))
    assert text.rows[0].note == "3 nodes changed"
    assert text.nodes == (
        *("Added Loader (2)", "Removed Loader (1)", "Sampler (3): steps 20 → 28"),
        "Sampler (3): model comes from elsewhere",
    )


@pytest.mark.parametrize(
    ("before", "after", "line"),
    [
        ("word " * 40 + "old", "word " * 40 + "new", ("word old → …", "word new")),
        ("20", 20, ("text “20” → 20",)),
    ],
)
def test_the_two_sides_of_a_setting_are_seen_to_differ(
    before: Any, after: Any, line: tuple[str, ...]
) -> None:
    def graph(value: Any) -> dict[str, Any]:
        return {"3": {"class_type": "A", "inputs": {"text": value}}}

    text = told({}, {}, version=("a", "b"), graph=(graph(before), graph(after)))
    assert all(piece in text.nodes[0] for piece in line) and len(text.nodes[0]) < 200


def test_what_cannot_be_compared_is_named() -> None:
    text = told(None, {}, gpu=("L40S", None), version=("a", "a"))
    assert text.unknown == ("GPU, machine, machine version and inputs: not known of both runs.")
    assert not text.rows and not text.surely_none


def test_only_where_all_is_known_nothing_has_surely_changed() -> None:
    every = dict.fromkeys(("gpu", "version", "machine", "machine_version"), ("a", "a"))
    assert told({"x": 1}, {"x": 1}, **every).surely_none
    assert not told({"x": 1}, {"x": 1}, **every | {"gpu": (None, None)}).surely_none


def test_many_and_long_ones_are_cut_and_counted() -> None:
    many = told({}, {f"x{n}": "y" * 5000 for n in range(100)})
    assert (len(many.rows), many.more) == (MOST_ROWS, 100 - MOST_ROWS)
    assert max(len(row.after) for row in many.rows) < 400
    graph = {str(n): {"class_type": "A", "inputs": {}} for n in range(5000)}
    nodes = told({}, {}, version=("a", "b"), graph=({"x": graph["1"]}, graph))
    assert len(nodes.nodes) == MOST_NODES and nodes.more_nodes == 5001 - MOST_NODES


@given(st.dictionaries(st.text(max_size=5), VALUES), st.dictionaries(st.text(max_size=5), VALUES))
def test_any_inputs_have_rows_that_fit(before: Any, after: Any) -> None:
    for row in told(before, after).rows:
        assert len(row.label) <= 60 and len(row.before + row.after) < 1000
        assert all(len(piece.text) <= LONGEST_PIECE + 1 for piece in row.pieces)
