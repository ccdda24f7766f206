"""Text that is folded as JSON, and text that is not."""

import pytest

from dashboard.domain.text.json_text import Object, read_json
from dashboard.templatetags.outputs import folded


def test_numbers_stay_to_the_digit() -> None:
    text = '{"seed": 18446744073709551616123, "cfg": 3.50}'
    shown = folded(text)
    assert "18446744073709551616123" in shown
    assert ">3.50<" in shown


def test_a_name_that_is_there_twice_is_shown_twice() -> None:
    value = read_json('{"a": 1, "a": 2}')
    assert isinstance(value, Object)
    assert value.pairs == [("a", "1"), ("a", "2")]


@pytest.mark.parametrize(
    "text",
    ["hello", "42", "{broken", "[NaN]", "[" * 5000, "[" * 50 + "]" * 50, "[0" + ",0" * 4000 + "]"],
)
def test_what_is_no_json_or_too_much_of_it_is_text(text: str) -> None:
    assert folded(text) == ""


def test_markup_inside_is_shown_and_never_run() -> None:
    shown = folded('{"<script>": "<img onerror=x>"}')
    assert "<script" not in shown
    assert "<img" not in shown
    assert "&lt;img onerror=x&gt;" in shown
