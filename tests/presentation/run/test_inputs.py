from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.presentation.run.inputs import input_rows, prompt_of

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        ("a cat", "text", "a cat"),
        ("word " * 40, "long", "word " * 40),
        ("two\nlines", "long", "two\nlines"),
        (True, "bool", "true"),
        (28, "number", "28"),
        (2**63 + 1, "number", "9223372036854775809"),
        (3.5, "number", "3.5"),
        (None, "null", "null"),
        ("•••", "hidden", "•••"),
        ("https://x.example/in/style%20ref.png?X-Amz-Date=1", "media", "style ref.png"),
        ("https://x.example/page", "text", "page"),
        ("http://[broken", "text", "http://[broken"),
        ([1, 2], "list", "[\n  1,\n  2\n]"),
        ({"a": 1}, "json", '{\n  "a": 1\n}'),
    ],
)
def test_each_kind_of_input_is_shown_in_its_way(value: Any, kind: str, text: str) -> None:
    row = input_rows({"name": value})[0]
    assert (row.name, row.kind, row.text) == ("name", kind, text)


def test_inputs_that_are_no_object_are_one_row() -> None:
    assert [row.kind for row in input_rows([1])] == ["list"]
    assert input_rows(None) == ()
    assert input_rows({}) == ()


@pytest.mark.parametrize(
    ("inputs", "prompt"),
    [
        ({"seed": 1, "prompt": "a  cat\nsleeping"}, "a cat sleeping"),
        ({"negative_prompt": "blurry", "positive_prompt": "a cat"}, "a cat"),
        ({"negative_prompt": "blurry, a very long one"}, ""),
        ({"title": "ab", "caption": "abc"}, "abc"),
        ({"image": "https://x.example/a/long/path.png", "style": "oil"}, "oil"),
        ({"text": "•••"}, ""),
        ({"prompt": ["a", "b"]}, ""),
        ([1], ""),
        (None, ""),
        ({"prompt": "x" * 900}, "x" * 200),
    ],
)
def test_the_prompt_is_found(inputs: Any, prompt: str) -> None:
    assert prompt_of(inputs) == prompt


@given(JSON)
def test_any_json_can_be_shown(inputs: Any) -> None:
    assert all(isinstance(row.text, str) for row in input_rows(inputs))
    assert len(prompt_of(inputs)) <= 200
