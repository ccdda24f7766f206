from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.presentation.run.inputs import MAX_ROWS, input_rows, inputs_context, prompt_of

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
        ("data:image/webp;base64,UklGR", "data", "image/webp, 28 B as text"),
        ("data:,hello", "data", "text/plain, 11 B as text"),
        ("data: none", "text", "data: none"),
        ([1, 2], "list", "[\n  1,\n  2\n]"),
        ({"a": 1}, "json", '{\n  "a": 1\n}'),
    ],
)
def test_each_kind_of_input_is_shown_in_its_way(value: Any, kind: str, text: str) -> None:
    row = input_rows({"name": value})[0]
    assert (row.name, row.kind, row.text) == ("name", kind, text)


@pytest.mark.parametrize(
    ("value", "is_picture"),
    [
        ("data:image/png;base64,AAAA", True),
        ("DATA:IMAGE/JPEG;BASE64,AAAA", True),
        ("data:image/svg+xml,<svg/>", False),
        ("data:video/mp4;base64,AAAA", False),
        ("https://x.example/a.png", False),
    ],
)
def test_a_data_address_of_an_image_is_a_picture(value: str, is_picture: bool) -> None:
    assert input_rows({"name": value})[0].is_picture is is_picture


def test_no_more_inputs_than_a_page_has_rows_for() -> None:
    found = inputs_context({f"key {n}": n for n in range(10_000)})
    assert len(found["input_rows"]) == MAX_ROWS
    assert (found["input_count"], found["more_inputs"]) == (10_000, 10_000 - MAX_ROWS)


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
