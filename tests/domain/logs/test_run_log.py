"""The error that is read out of a run's log."""

import json

import pytest

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.masking import mask_line
from dashboard.domain.logs.run_log import read_error

MEMORY = """got prompt
!!! Exception during processing !!! CUDA out of memory. Tried to allocate 2.50 GiB
Traceback (most recent call last):
  File "/comfyui/execution.py", line 323, in execute
    output_data = get_output_data(obj)
  File "/comfyui/nodes.py", line 1442, in common_ksampler
    samples = comfy.sample.sample(model)
torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.50 GiB

Prompt executed in 32.6 seconds"""
MODEL = """got prompt
Failed to validate prompt for output 9:
* CheckpointLoaderSimple 4:
  - Value not in list: ckpt_name: 'dream.safetensors' not in ['base.safetensors']
Output will be ignored
invalid prompt: {'type': 'prompt_outputs_failed_validation', 'message': 'Prompt outputs failed \
validation', 'details': '', 'extra_info': {}}"""
NODE = """got prompt
invalid prompt: {'type': 'invalid_prompt', 'message': 'Cannot execute because node VHS_Load does \
not exist.', 'details': "Node ID '#12'", 'extra_info': {}}"""
VALUE = """Failed to validate prompt for output 9:
* KSampler 3:
  - Value 0 smaller than min of 1: steps
Output will be ignored"""
START = """Starting server
Traceback (most recent call last):
  File "/comfyui/main.py", line 12, in <module>
    import torch
ModuleNotFoundError: No module named 'torch'"""


def lines(text: str) -> list[LogLine]:
    return [LogLine(None, line) for line in text.splitlines()]


@pytest.mark.parametrize(
    ("text", "cause", "node_id", "node_type"),
    [
        (MEMORY, "out-of-memory", None, None),
        (MODEL, "missing-model", "4", "CheckpointLoaderSimple"),
        (NODE, "missing-node", "12", "VHS_Load"),
        (VALUE, "invalid-inputs", "3", "KSampler"),
        ("Operation timed out", "timed-out", None, None),
        ("Error: Server on port 8188 not ready after 120 seconds", "start-up", None, None),
    ],
)
def test_the_known_causes_are_told_with_their_node(
    text: str, cause: str, node_id: str | None, node_type: str | None
) -> None:
    found = read_error(lines(text))
    assert found is not None
    assert (found.cause, found.error.node_id, found.error.node_type) == (cause, node_id, node_type)


def test_an_exception_has_its_type_message_and_traceback_and_no_more() -> None:
    found = read_error(lines(MEMORY))
    assert found is not None
    assert found.error.exception_type == "torch.OutOfMemoryError"
    assert found.error.message == "CUDA out of memory. Tried to allocate 2.50 GiB"
    assert found.error.traceback is not None
    assert found.error.traceback.startswith("Traceback (most recent call last):")
    assert "common_ksampler" in found.error.traceback
    assert "Prompt executed" not in found.error.traceback


def test_the_error_that_comfyui_reports_with_its_node_wins() -> None:
    told = {
        "type": "execution_error",
        "data": {
            "node_id": "30",
            "node_type": "VHS_VideoCombine",
            "exception_message": "Tried to allocate 2.37 GiB\n",
            "exception_type": "torch.OutOfMemoryError",
            "traceback": ["  File a\n", "  File b\n"],
        },
    }
    found = read_error(lines(f"{MEMORY}\nsent {json.dumps(told)}"))
    assert found is not None
    assert (found.error.node_id, found.error.node_type) == ("30", "VHS_VideoCombine")
    assert found.error.message == "Tried to allocate 2.37 GiB"
    assert found.error.traceback == "  File a\n  File b\n"
    assert found.cause == "out-of-memory"


def test_a_traceback_before_comfyui_answered_is_a_failed_start() -> None:
    found = read_error(lines(START), started=False)
    assert found is not None and found.cause == "start-up"
    later = read_error(lines(START), started=True)
    assert later is not None and later.cause == "import"
    assert later.error.message == "No module named 'torch'"


def test_a_log_without_an_error_tells_none() -> None:
    assert read_error([]) is None
    assert read_error(lines("got prompt\n100%|####| 20/20\nPrompt executed in 3.1 seconds")) is None
    assert (
        read_error(lines("Warning: Ran out of memory, retrying with tiled VAE decoding.")) is None
    )


@pytest.mark.parametrize(
    "text", ["{" * 3000, "[" * 5000, "invalid prompt: {'a': " + "(" * 2000 + "}"]
)
def test_nonsense_is_read_without_an_exception(text: str) -> None:
    read_error(lines(f"exception_message {text}"))
    read_error(lines(f"invalid prompt: {text}"))
    mask_line(text)
