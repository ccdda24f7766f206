"""Fingerprints of inputs."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.changed.same_inputs import fingerprint, is_seed

PROMPT = {"prompt": "a lighthouse", "seed": 42, "steps": 28}
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**60), 2**60), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


@pytest.mark.parametrize(
    ("other", "same", "seedless"),
    [
        ({"steps": 28, "seed": 42, "prompt": "a lighthouse"}, True, True),
        ({**PROMPT, "steps": 28.0}, True, True),
        ({**PROMPT, "seed": 43}, False, True),
        ({**PROMPT, "steps": 29}, False, False),
        ({**PROMPT, "steps": "28"}, False, False),
        ({**PROMPT, "steps": True}, False, False),
        ({**PROMPT, "more": None}, False, False),
    ],
)
def test_what_is_the_same(other: dict[str, Any], same: bool, seedless: bool) -> None:
    assert (fingerprint(PROMPT) == fingerprint(other)) == same
    without = fingerprint(PROMPT, seedless=True) == fingerprint(other, seedless=True)
    assert without == seedless


@pytest.mark.parametrize(
    "inputs",
    [
        None,
        [],
        "x",
        {},
        {"api_key": "•••"},
        {"a": {"b": ["x •••"]}},
        {"url": "https://•••@x"},
        {"?token=•••": 1},
        {"a": {"•••": 1}},
    ],
)
def test_nothing_to_compare_has_no_fingerprint(inputs: Any) -> None:
    assert fingerprint(inputs) == ""


def test_seeds_are_known_by_name() -> None:
    names = ("seed", "noise_seed", "Sampler_Seed", "seeds", "seedling", "x_seed")
    assert [is_seed(name) for name in names] == [True, True, True, False, False, True]
    assert fingerprint({"seed": 1}, seedless=True) == ""


@given(st.dictionaries(st.text(min_size=1, max_size=6), VALUES, min_size=1, max_size=5))
def test_the_order_of_names_does_not_matter(inputs: dict[str, Any]) -> None:
    turned = dict(reversed(inputs.items()))
    assert fingerprint(inputs) == fingerprint(turned)
    assert len(fingerprint(inputs)) in (0, 32)


@given(
    st.dictionaries(st.text(min_size=1, max_size=6), st.integers(1 - 2**53, 2**53 - 1), min_size=1)
)
def test_whole_numbers_are_alike_in_both_spellings(inputs: dict[str, int]) -> None:
    floats = {name: float(number) for name, number in inputs.items()}
    assert fingerprint(inputs) == fingerprint(floats)
