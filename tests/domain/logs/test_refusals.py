"""Prompts that ComfyUI refuses: where the refusal begins, and which node it names."""

import pytest

from dashboard.domain.logs.refusals import find_refusal, read_object

OUTPUT = "Failed to validate prompt for output 9:"
NODE = "* KSampler (Efficient) 3:"
VALUE = "  - Value not in list: scheduler: 'x' not in ['normal']"
IGNORED = "Output will be ignored"
FINAL = "invalid prompt: {'type': 'prompt_outputs_failed_validation', 'message': 'It failed'}"


@pytest.mark.parametrize(
    ("texts", "whole", "node", "message"),
    [
        ([OUTPUT, NODE, VALUE, IGNORED, FINAL], True, ("3", "KSampler (Efficient)"), "It failed"),
        ([OUTPUT, NODE, VALUE, IGNORED], False, ("3", "KSampler (Efficient)"), VALUE),
        ([FINAL], True, (None, None), "It failed"),
        (
            ["invalid prompt: {'type': 'a', 'message': 'node Foo does not exist', "
             "'details': \"Node ID '#30'\"}"],
            True, ("30", "Foo"), "node Foo does not exist",
        ),
    ],
)  # fmt: skip
def test_a_refusal_names_its_node(
    texts: list[str], whole: bool, node: tuple[str | None, str | None], message: str
) -> None:
    found = find_refusal(["got prompt", *texts])
    assert found is not None
    at, all_of_it, error = found
    assert (at, all_of_it) == (1, whole)
    assert (error.node_id, error.node_type) == node
    assert message in error.message


def test_a_log_that_refuses_nothing_has_no_refusal() -> None:
    assert find_refusal(["got prompt", "the text: invalid prompt: {'a': 1}", IGNORED]) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('sent {"a": [1, null]} now', {"a": [1, None]}),
        ("sent {'a': (1, None)}", {"a": (1, None)}),
        ("{" * 3000, None),
        ("no object", None),
        ("[1, 2]", None),
    ],
)
def test_an_object_is_read_from_json_and_from_python(text: str, value: object) -> None:
    assert read_object(text) == value
