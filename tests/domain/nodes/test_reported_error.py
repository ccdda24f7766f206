"""The errors that machines report, in each shape and as nonsense."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.nodes.reported_error import NO_MESSAGE, first_error, read_error
from dashboard.domain.run.facts import RunError
from tests.conftest import SAMPLES

SECRET = "hf_FAKEFAKEFAKEFAKEFAKEFAKEFAKEFAKE"
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text()),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(), inner)),
    max_leaves=8,
)
WORDS = st.one_of(ANYTHING, st.just(f"see {SECRET}"))
FIELDS = ("node_id", "node_type", "exception_message", "exception_type", "traceback")
INNER = ("type", "message", "error", "error_type", "stack_trace", "node_id", "node_errors")


def captured(name: str) -> Any:
    bodies = json.loads((SAMPLES / "nodes" / "posted-bodies.json").read_text())
    return bodies[name]["output_data"]


def some_of(names: tuple[str, ...], values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.fixed_dictionaries({}, optional=dict.fromkeys(names, values))


def test_a_node_that_failed() -> None:
    error = read_error(captured("plugin: execution_error (node failed)"))
    assert error
    assert (error.node_id, error.node_type) == ("3", "KSampler")
    assert error.exception_type == "torch.OutOfMemoryError"
    assert error.message.startswith("Allocation on device")
    assert error.traceback and len(error.traceback.strip().splitlines()) == 4


def test_a_refused_prompt() -> None:
    error = read_error(captured("plugin: validation error"))
    assert error and error.message.splitlines() == [
        "Prompt outputs failed validation",
        "* CheckpointLoaderSimple 4:",
        "  - Value not in list: ckpt_name: 'sd_xl_base_1.0.safetensors'"
        " not in ['flux1-dev.safetensors']",
    ]
    assert (error.node_id, error.node_type) == ("4", "CheckpointLoaderSimple")


def test_a_refusal_that_names_neither_class_nor_reason() -> None:
    refusal: Any = {
        "error": {"type": "x"},
        "node_errors": {"4": {"errors": [{}, {"message": 1}, None]}},
    }
    error = read_error({"error": refusal})
    assert error and (error.node_id, error.node_type) == ("4", None)
    assert "None" not in error.message


def test_an_exception_before_the_prompt_was_accepted() -> None:
    error = read_error(captured("plugin: exception before the prompt was accepted"))
    assert error and (error.message, error.exception_type) == (
        "KeyError: 'class_type'",
        "KeyError",
    )


def test_an_error_that_tells_nothing() -> None:
    assert read_error({"error": {}}) == RunError(NO_MESSAGE)


def test_an_error_that_is_a_word_alone() -> None:
    error = read_error({"error": {"error": "no prompt", "node_errors": []}})
    assert error and error.message == "no prompt"


def test_a_prompt_that_runs_in_part_has_no_error() -> None:
    node_errors = captured("plugin: validation error")["error"]["node_errors"]
    assert (
        read_error({"error": {"prompt_id": "x", "number": 3, "node_errors": node_errors}}) is None
    )


@pytest.mark.parametrize(
    "data",
    [{}, {"images": []}, {"error": None}, {"error": "text"}, {"error": {"url": "https://x"}}],
)
def test_other_data_holds_no_error(data: Any) -> None:
    assert read_error(data) is None


def test_the_error_of_a_node_stopped_the_run() -> None:
    first, second = RunError("upload"), RunError("memory", node_id="3")
    assert first_error([first, second]) is second
    assert first_error([first]) is first
    assert first_error([]) is None


def test_every_part_is_masked() -> None:
    data: Any = {**dict.fromkeys(FIELDS, SECRET), "traceback": ["a\n", f"b {SECRET}\n"]}
    refused: Any = {"error": {"message": SECRET, "type": SECRET}, "node_errors": {}}
    for error in (read_error(data), read_error({"error": refused})):
        assert error and SECRET not in json.dumps(error.stored())


@given(st.one_of(some_of(FIELDS, WORDS), some_of(("error",), some_of(INNER, WORDS))))
def test_anything_is_read_into_texts_without_secrets(data: Any) -> None:
    error = read_error(data)
    if error is None:
        return
    assert error.message.strip()
    told = error.stored().values()
    assert all(text is None or isinstance(text, str) for text in told)
    assert SECRET not in json.dumps(list(told))


@given(ANYTHING)
def test_any_error_object_has_a_message(inner: Any) -> None:
    error = read_error({"error": inner})
    assert error is None or error.message
