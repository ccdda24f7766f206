"""Known causes of failures: by the words of a message, by what the log said, by the status."""

import pytest

from dashboard.domain.logs.causes import LONGEST_READ, Cause, cause_in, cause_of


@pytest.mark.parametrize(
    ("message", "cause"),
    [
        ("Allocation on device 0 would exceed allowed memory. (out of memory)", "out-of-memory"),
        (
            "[Errno 2] No such file or directory: '/comfyui/models/vae/a.safetensors'",
            "missing-model",
        ),
        ("Model in folder 'checkpoints' with filename 'a.ckpt' not found.", "missing-model"),
        ("Value not in list: ckpt_name: 'a.safetensors'", "missing-model"),
        ("Required input is missing: image", "invalid-inputs"),
        ("Cannot execute because node VHS_Load does not exist.", "missing-node"),
        ("mat1 and mat2 shapes cannot be multiplied (77x768 and 2048x64)", "misfit"),
        ("list index out of range", None),
    ],
)
def test_messages_are_told_apart(message: str, cause: str | None) -> None:
    assert cause_in(message) == cause


def test_a_timeout_is_a_known_cause_without_any_words() -> None:
    assert cause_of("timeout") is Cause.TIMED_OUT
    assert cause_of("timeout", "CUDA out of memory") is Cause.OUT_OF_MEMORY
    assert cause_of("failed") is None
    assert cause_of("failed", "boom", "ValueError") is None


def test_the_cause_that_was_found_in_the_log_wins() -> None:
    assert cause_of("failed", "CUDA out of memory", log_cause="start-up") is Cause.START_FAILED
    assert cause_of("failed", log_cause="a word of another release") is None


def test_only_the_beginning_of_a_long_text_is_searched() -> None:
    assert cause_in("x" * LONGEST_READ + " out of memory") is None
