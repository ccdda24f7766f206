"""Equality of JSON values, and masks in them."""

import math
from typing import Any

import pytest
from hypothesis import given

from dashboard.domain.changed.equality import is_masked, same_value
from tests.domain.changed.values import VALUES, turned


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True),
        (1, True, False),
        (0, False, False),
        (0, None, False),
        (1, "1", False),
        (2**53 + 1, float(2**53), False),
        (math.nan, math.nan, True),
        ({"a": 1, "b": [2]}, {"b": [2.0], "a": 1}, True),
        ({"a": None}, {}, False),
        ([1, 2], [2, 1], False),
        ([1], [1, 1], False),
        ([], {}, False),
    ],
)
def test_what_is_equal(one: Any, other: Any, same: bool) -> None:
    assert same_value(one, other) == same == same_value(other, one)


@given(VALUES)
def test_a_value_is_itself_whatever_the_order_of_names(value: Any) -> None:
    assert same_value(value, turned(value))
    assert not same_value(value, [value])


def test_depth_is_no_matter() -> None:
    deep: Any = "•••"
    for _ in range(50_000):
        deep = [deep]
    assert same_value(deep, deep) and is_masked(deep)


@pytest.mark.parametrize("value", ["•••", "a •••", ["•••"], {"a": {"•••": 1}}, {"a": ["x•••"]}])
def test_masks_are_found_anywhere(value: Any) -> None:
    assert is_masked(value) and not is_masked(["••", {"a": None}, 1])
