"""Why runs fail: the causes that are known by their words in an error's message or a log."""

import re
from enum import StrEnum

LONGEST_READ = 20_000
"""Characters of a text in which a cause is searched for."""


class Cause(StrEnum):
    """A known cause of a failure, by the word that pages and the database have for it."""

    OUT_OF_MEMORY = "out-of-memory"
    INVALID_INPUTS = "invalid-inputs"
    MISSING_MODEL = "missing-model"
    MISSING_NODE = "missing-node"
    MISMATCHED_PARTS = "misfit"
    TIMED_OUT = "timed-out"
    START_FAILED = "start-up"
    NOT_SENT = "not-sent"


# The first pattern that matches wins: a missing model is reported as an invalid input too.
_PATTERNS = tuple(
    (cause, re.compile(pattern, re.IGNORECASE))
    for cause, pattern in (
        (
            Cause.OUT_OF_MEMORY,
            r"out of memory|OutOfMemoryError|allocation on device|not enough (?:gpu|video) memory"
            r"|CUBLAS_STATUS_ALLOC_FAILED|defaultcpuallocator: can't allocate",
        ),
        (
            Cause.MISSING_NODE,
            r"node .{1,200}? (?:does not exist|not found)|missing_node_type"
            r"|cannot execute because (?:a )?node|unknown node type",
        ),
        (
            Cause.MISSING_MODEL,
            r"value not in list: *\w*(?:ckpt|model|lora|vae|unet|clip|control_net|style)\w*"
            r"|model in folder .{1,200}? not found"
            r"|(?:no such file or directory|filenotfounderror).{0,300}?"
            r"\.(?:safetensors|ckpt|pt|pth|bin|gguf|onnx)"
            r"|\.(?:safetensors|ckpt|pth|gguf|onnx)\b.{0,80}?(?:not found|does not exist)",
        ),
        (
            Cause.INVALID_INPUTS,
            r"prompt_outputs_failed_validation|prompt outputs failed validation"
            r"|failed to validate prompt|value not in list|required input is missing"
            r"|(?:smaller|bigger) than (?:min|max)|return type mismatch|custom validation failed"
            r"|exception when validating|prompt has no outputs|invalid prompt",
        ),
        (
            Cause.MISMATCHED_PARTS,
            r"shapes cannot be multiplied|size mismatch for|sizes of tensors must match",
        ),
        (
            Cause.START_FAILED,
            r"comfyui (?:server )?(?:failed|did not|could not) (?:to )?start"
            r"|server failed to start|error: server on port|address already in use"
            r"|failed to start comfyui",
        ),
        (
            Cause.TIMED_OUT,
            r"\boperation timed out|\brun timed out|\bexecution timed out|run_timeout"
            r"|FunctionTimeoutError|exceeded .{0,40}timeout|extended timeout",
        ),
    )
)


def cause_in(text: str) -> Cause | None:
    """The known cause that a message or a line of a log speaks of, or None."""
    head = text[:LONGEST_READ]
    return next((cause for cause, pattern in _PATTERNS if pattern.search(head)), None)


def cause_of(
    status: str | None, message: str = "", exception_type: str = "", log_cause: str | None = None
) -> Cause | None:
    """The known cause of a run's failure, or None.

    `log_cause` is the word that was stored when the log was read; without one
    the error's own text decides, then the status.
    """
    if log_cause:
        return next((cause for cause in Cause if cause == log_cause), None)
    found = cause_in(f"{exception_type}: {message}")
    return Cause.TIMED_OUT if found is None and status == "timeout" else found
