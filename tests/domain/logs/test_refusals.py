"""Prompts that ComfyUI refuses: where the refusal begins, and which node it names."""

import json
from collections.abc import Callable

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


NO_MODEL = {
    "type": "value_not_in_list",
    "message": "Value not in list",
    "details": "ckpt_name: 'x.safetensors' not in []",
}
NODE_ERRORS = {"3": {"errors": [NO_MODEL], "class_type": "CheckpointLoaderSimple"}}
SUMMARY = {"type": "prompt_outputs_failed_validation", "message": "It failed", "details": ""}


@pytest.mark.parametrize("write", [json.dumps, repr])
@pytest.mark.parametrize("before", ["", "POST /prompt answered 400: "])
@pytest.mark.parametrize(
    "answer",
    [{**SUMMARY, "node_errors": NODE_ERRORS}, {"error": SUMMARY, "node_errors": NODE_ERRORS}],
)
def test_an_answer_that_is_printed_names_its_nodes(
    answer: dict[str, object], before: str, write: Callable[[object], str]
) -> None:
    found = find_refusal(["got prompt", before + write(answer)])
    assert found
    assert (found[2].node_id, found[2].node_type) == ("3", "CheckpointLoaderSimple")
    said = "  - Value not in list: ckpt_name: 'x.safetensors' not in []"
    assert found[2].message == f"It failed\n* CheckpointLoaderSimple 3:\n{said}"


@pytest.mark.parametrize("nodes", [None, [], {"3": None}, {"3": {"errors": [1, None]}}])
def test_node_errors_of_any_shape_are_read(nodes: object) -> None:
    assert find_refusal([json.dumps({"error": SUMMARY, "node_errors": nodes})]) is not None


@pytest.mark.parametrize(
    "line",
    [
        "the text: invalid prompt: {'a': 1}",
        '{"prompt": {"7": {"type": "invalid_prompt"}}}',
        '{"type": "status"}',
    ],
)
def test_a_log_that_refuses_nothing_has_no_refusal(line: str) -> None:
    assert find_refusal(["got prompt", line, IGNORED]) is None


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
