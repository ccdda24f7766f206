"""The known causes of failures in sentences: how a heading goes on, and what usually helps."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dashboard.domain.logs.causes import Cause


@dataclass(frozen=True, slots=True)
class CauseText:
    """A known cause: how a heading goes on after the node's name, and what usually helps."""

    word: Cause
    predicate: str
    advice: str


CAUSE_TEXTS: Mapping[Cause, CauseText] = MappingProxyType(
    {
        text.word: text
        for text in (
            CauseText(
                Cause.OUT_OF_MEMORY,
                "ran out of GPU memory",
                "A smaller size, fewer pictures or frames at once, or a GPU with more memory.",
            ),
            CauseText(
                Cause.INVALID_INPUTS,
                "refused its inputs",
                "Compare the inputs below with what the workflow takes: a value may be missing, "
                "of the wrong kind, or out of its range.",
            ),
            CauseText(
                Cause.MISSING_MODEL,
                "did not find a model",
                "Check the file's name in the workflow, and that the model lies on the machine.",
            ),
            CauseText(
                Cause.MISSING_NODE,
                "needs a node that the machine does not have",
                "Install the custom node on the machine and build it again, "
                "or take the node out of the workflow.",
            ),
            CauseText(
                Cause.MISMATCHED_PARTS,
                "was given parts that do not fit together",
                "Load a model, LoRA, VAE and text encoder of one family, and pictures of the "
                "sizes that the nodes expect.",
            ),
            CauseText(
                Cause.TIMED_OUT,
                "ran longer than the machine allows",
                "Raise the machine's run timeout in ComfyDeploy, or make the run shorter.",
            ),
            CauseText(
                Cause.START_FAILED,
                "did not start",
                "Look at the start of the log: a custom node, a package or the machine's "
                "build may be broken.",
            ),
            CauseText(
                Cause.NOT_SENT,
                "failed before a machine took it",
                "Queue it again. If it fails again, look at the machine in ComfyDeploy: "
                "it may be stopped, deleted, or its build may have failed.",
            ),
        )
    }
)
