"""Differences of two runs' inputs."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.changed.input_changes import (
    MOST_TEXTS,
    InputChange,
    InputChangeKind,
    input_changes,
)
from dashboard.domain.changed.word_diff import Change
from tests.domain.changed.values import VALUES, turned

ADDED, REMOVED = InputChangeKind.ADDED, InputChangeKind.REMOVED
CHANGED, HIDDEN = InputChangeKind.CHANGED, InputChangeKind.HIDDEN
INPUTS = st.dictionaries(
    st.sampled_from(["prompt", "seed", "steps", "a", "b", "c"]),
    st.one_of(VALUES, st.sampled_from(["•••", "https://•••@x"])),
)


def one(before: Any, after: Any, name: str = "x") -> InputChange | None:
    found = input_changes({name: before}, {name: after})
    assert found is not None
    return found.changes[0] if found.changes else None


def test_the_page_of_the_design() -> None:
    before = {"prompt": "over forested hills", "frames": 96, "seed": 9, "fps": 24, "old": 1}
    after = {"fps": 24.0, "prompt": "over layered hills", "frames": 121, "seed": 46, "new": None}
    found = input_changes(before, after)
    assert found is not None
    told = [(change.name, change.kind, change.difference) for change in found.changes]
    assert told == [
        ("old", REMOVED, None),
        ("prompt", CHANGED, None),
        ("frames", CHANGED, Decimal(25)),
        ("seed", CHANGED, None),
        ("new", ADDED, None),
    ]
    assert (found.equal, found.hidden, found.differs) == (1, 0, True)


@pytest.mark.parametrize(
    ("before", "after", "names"),
    [
        ("abc", "ac", "abc"),
        ("abc", "bc", "abc"),
        ("abc", "cb", "acb"),
        ("ab", "xaby", "xaby"),
        ("abc", "xc", "abxc"),
        ("abc", "", "abc"),
    ],
)
def test_the_order_is_the_later_runs(before: str, after: str, names: str) -> None:
    found = input_changes(dict.fromkeys(before, 1), dict.fromkeys(after, 2))
    assert found is not None
    assert "".join(change.name for change in found.changes) == names


@pytest.mark.parametrize(
    ("before", "after", "difference"),
    [
        (0.1, 0.3, "0.2"),
        (20, 28, "8"),
        (8, 7.5, "-0.5"),
        (7.0, 27.0, "20"),
        (1e-05, 1, "0.99999"),
        (2**64, 2**64 + 1, "1"),
        (0, 1e21, "1000000000000000000000"),
        (1e-10, 10**25, "9999999999999999999999999.9999999999"),
        (1, "2", None),
        (1, True, None),
        (None, 1, None),
        (float("inf"), 1, None),
        (float("nan"), 1, None),
        (10**2000, 1.5, None),
    ],
)
def test_numbers_have_their_difference_to_the_digit(
    before: Any, after: Any, difference: str | None
) -> None:
    found = one(before, after)
    assert found is not None and found.kind is CHANGED
    assert (None if found.difference is None else format(found.difference, "f")) == difference


@given(st.integers(), st.decimals(-1000, 1000, places=3))
def test_a_difference_adds_up(before: int, grown: Decimal) -> None:
    found = one(float(grown), before)
    told = found.difference if found else Decimal(0)
    assert told is not None
    assert Fraction(told) == before - Fraction(repr(float(grown)))


@pytest.mark.parametrize("name", ["seed", "Noise_Seed", "my_seed"])
def test_seeds_have_no_difference(name: str) -> None:
    found = one(1, 2, name)
    assert found is not None and (found.kind, found.difference) == (CHANGED, None)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("•••", "•••"),
        ("•••", "plain"),
        (5, "•••"),
        ("https://•••@a", "https://•••@b"),
        ({"a": ["•••"]}, {"a": ["•••"]}),
        ({"•••": 1}, {"•••": 1}),
    ],
)
def test_what_is_masked_is_neither_equal_nor_changed(before: Any, after: Any) -> None:
    found = input_changes({"x": before, "y": 1}, {"x": after, "y": 1})
    assert found is not None
    assert found.changes == (InputChange("x", HIDDEN),)
    assert (found.equal, found.hidden, found.differs) == (1, 1, False)


def test_an_input_under_a_masked_name_is_hidden() -> None:
    assert one(1, 1, "?token=•••") == InputChange("?token=•••", HIDDEN)


@pytest.mark.parametrize("nothing", [None, [], "x", 4])
def test_no_inputs_are_not_equal_inputs(nothing: Any) -> None:
    assert input_changes(nothing, {"a": 1}) is None
    assert input_changes({"a": 1}, nothing) is None
    assert input_changes(nothing, nothing) is None


def test_of_many_texts_the_last_are_not_compared_by_word() -> None:
    names = [f"text {n}" for n in range(MOST_TEXTS + 1)]
    found = input_changes(dict.fromkeys(names, "a b c d e"), dict.fromkeys(names, "a x c y e"))
    assert found is not None
    words = [change.words for change in found.changes if change.words]
    assert [diff.whole for diff in words] == [False] * MOST_TEXTS + [True]
    kept = [piece.text for piece in words[-1].pieces if piece.change is Change.KEPT]
    assert kept == ["a ", " e"]


@given(INPUTS, INPUTS)
def test_every_input_is_told_once(before: dict[str, Any], after: dict[str, Any]) -> None:
    found = input_changes(before, after)
    assert found is not None
    names = [change.name for change in found.changes]
    assert len(names) == len(set(names))
    assert len(names) + found.equal == len(before.keys() | after.keys())
    assert all((change.kind is ADDED) == (change.name not in before) for change in found.changes)
    assert all((change.kind is REMOVED) == (change.name not in after) for change in found.changes)


@given(INPUTS, INPUTS)
def test_backwards_it_mirrors(before: dict[str, Any], after: dict[str, Any]) -> None:
    forth, back = input_changes(before, after), input_changes(after, before)
    assert forth and back and forth.equal == back.equal
    mirrored = {change.name: change for change in back.changes}
    for change in forth.changes:
        other = mirrored.pop(change.name)
        assert (change.before, change.after) == (other.after, other.before)
        assert (change.difference or 0) == -(other.difference or 0)
    assert not mirrored


@given(INPUTS)
def test_the_same_inputs_differ_nowhere(inputs: dict[str, Any]) -> None:
    found = input_changes(inputs, turned(inputs))
    assert found is not None and not found.differs
    assert all(change.kind is HIDDEN for change in found.changes)
