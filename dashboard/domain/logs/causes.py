"""Why runs fail: the causes that are known by their words, and what usually helps."""

import re
from dataclasses import dataclass
from types import MappingProxyType

MEMORY, INPUTS, MODEL, NODE = "out-of-memory", "invalid-inputs", "missing-model", "missing-node"
TIMEOUT, START, DISPATCH, MISFIT = "timed-out", "start-up", "not-sent", "misfit"


@dataclass(frozen=True, slots=True)
class Cause:
    """A known cause: its word, how a heading goes on after the node's name, what usually helps."""

    word: str
    did: str
    helps: str


CAUSES = MappingProxyType(
    {
        cause.word: cause
        for cause in (
            Cause(
                MEMORY,
                "ran out of GPU memory",
                "A smaller size, fewer pictures or frames at once, or a GPU with more memory.",
            ),
            Cause(
                INPUTS,
                "refused its inputs",
                "Compare the inputs below with what the workflow takes: a value may be missing, "
                "of the wrong kind, or out of its range.",
            ),
            Cause(
                MODEL,
                "did not find a model",
                "Check the file's name in the workflow, and that the model lies on the machine.",
            ),
            Cause(
                NODE,
                "needs a node that the machine does not have",
                "Install the custom node on the machine and build it again, "
                "or take the node out of the workflow.",
            ),
            Cause(
                MISFIT,
                "was given parts that do not fit together",
                "Load a model, LoRA, VAE and text encoder of one family, and pictures of the "
                "sizes that the nodes expect.",
            ),
            Cause(
                TIMEOUT,
                "ran longer than the machine allows",
                "Raise the machine's run timeout in ComfyDeploy, or make the run shorter.",
            ),
            Cause(
                START,
                "did not start",
                "Look at the start of the log: a custom node, a package or the machine's "
                "build may be broken.",
            ),
            Cause(
                DISPATCH,
                "failed before a machine took it",
                "Queue it again. If it fails again, look at the machine in ComfyDeploy: "
                "it may be stopped, deleted, or its build may have failed.",
            ),
        )
    }
)

# The first that fits wins: a missing model is told as an invalid input too.
_PATTERNS = tuple(
    (word, re.compile(pattern, re.IGNORECASE))
    for word, pattern in (
        (
            MEMORY,
            r"out of memory|OutOfMemoryError|allocation on device|not enough (?:gpu|video) memory"
            r"|CUBLAS_STATUS_ALLOC_FAILED|defaultcpuallocator: can't allocate",
        ),
        (
            NODE,
            r"node .{1,200}? (?:does not exist|not found)|missing_node_type"
            r"|cannot execute because (?:a )?node|unknown node type",
        ),
        (
            MODEL,
            r"value not in list: *\w*(?:ckpt|model|lora|vae|unet|clip|control_net|style)\w*"
            r"|model in folder .{1,200}? not found"
            r"|(?:no such file or directory|filenotfounderror).{0,300}?"
            r"\.(?:safetensors|ckpt|pt|pth|bin|gguf|onnx)"
            r"|\.(?:safetensors|ckpt|pth|gguf|onnx)\b.{0,80}?(?:not found|does not exist)",
        ),
        (
            INPUTS,
            r"prompt_outputs_failed_validation|prompt outputs failed validation"
            r"|failed to validate prompt|value not in list|required input is missing"
            r"|(?:smaller|bigger) than (?:min|max)|return type mismatch|custom validation failed"
            r"|exception when validating|prompt has no outputs|invalid prompt",
        ),
        (
            MISFIT,
            r"shapes cannot be multiplied|size mismatch for|sizes of tensors must match",
        ),
        (
            START,
            r"comfyui (?:server )?(?:failed|did not|could not) (?:to )?start"
            r"|server failed to start|error: server on port|address already in use"
            r"|failed to start comfyui",
        ),
        (
            TIMEOUT,
            r"\boperation timed out|\brun timed out|\bexecution timed out|run_timeout"
            r"|FunctionTimeoutError|exceeded .{0,40}timeout|extended timeout",
        ),
    )
)
LONGEST_READ = 20_000


def cause_in(text: str) -> str | None:
    """The word of the known cause that a message tells of, or None."""
    head = text[:LONGEST_READ]
    return next((word for word, pattern in _PATTERNS if pattern.search(head)), None)


def cause_of(
    status: str | None, message: str = "", exception_type: str = "", told: str | None = None
) -> Cause | None:
    """The known cause of a run's failure: as the log was read, by its error's words, or a timeout.

    `told` is the word that was found when the log was read.
    """
    word = told or cause_in(f"{exception_type}: {message}")
    if word is None and status == "timeout":
        word = TIMEOUT
    return CAUSES.get(word or "")
