"""The known causes of failures in sentences: a heading, and what usually helps."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dashboard.domain.logs.causes import Cause


@dataclass(frozen=True, slots=True)
class CauseText:
    """A known cause: its heading, how it goes on after a node's name, and what usually helps.

    Without a predicate no node is to blame, and the heading stands alone.
    """

    word: Cause
    title: str
    predicate: str
    advice: str


CAUSE_TEXTS: Mapping[Cause, CauseText] = MappingProxyType(
    {
        text.word: text
        for text in (
            CauseText(
                Cause.OUT_OF_MEMORY,
                "The run ran out of GPU memory",
                "ran out of GPU memory",
                "A smaller size, fewer pictures or frames at once, or a GPU with more memory.",
            ),
            CauseText(
                Cause.INVALID_INPUTS,
                "ComfyUI refused the inputs",
                "refused its inputs",
                "Compare the inputs below with what the workflow takes: a value may be missing, "
                "of the wrong kind, or out of its range.",
            ),
            CauseText(
                Cause.MISSING_MODEL,
                "Model file not found",
                "did not find its model file",
                "Check the file’s name in the workflow, and that the model is on the machine.",
            ),
            CauseText(
                Cause.MISSING_NODE,
                "A custom node is missing on the machine",
                "is not installed on the machine",
                "Install the custom node on the machine and build it again, "
                "or take the node out of the workflow.",
            ),
            CauseText(
                Cause.MISMATCHED_PARTS,
                "Incompatible models or sizes",
                "got incompatible models or sizes",
                "Load a model, LoRA, VAE and text encoder of one family, and pictures of the "
                "sizes that the nodes expect.",
            ),
            CauseText(
                Cause.TIMED_OUT,
                "Exceeded the machine’s time limit",
                "",
                "Raise the machine’s run timeout in ComfyDeploy, or make the run shorter.",
            ),
            CauseText(
                Cause.START_FAILED,
                "ComfyUI did not start",
                "",
                "Look at the start of the log: a custom node, a package or the machine’s "
                "build may be broken.",
            ),
            CauseText(
                Cause.NOT_SENT,
                "The run failed before a machine took it",
                "",
                "Queue it again. If it fails again, look at the machine in ComfyDeploy: "
                "it may be stopped, deleted, or its build may have failed.",
            ),
            CauseText(
                Cause.KILLED,
                "The machine ended the process: usually too little memory",
                "",
                "Use a machine with more memory, a smaller size or fewer frames, "
                "or smaller models.",
            ),
            CauseText(
                Cause.CALL_TIMED_OUT,
                "A call inside the run timed out",
                "waited too long for an answer",
                "The service or program that the node calls was too slow: try again, raise the "
                "node’s own timeout, or give it less to do.",
            ),
            CauseText(
                Cause.NETWORK,
                "The run could not reach a service",
                "could not reach a service",
                "Try again. If it keeps failing, check the address in the node, the service’s "
                "status and limits, and that the machine may reach it.",
            ),
            CauseText(
                Cause.DISK_FULL,
                "The machine’s disk is full",
                "found the machine’s disk full",
                "Write fewer or smaller files, clear what earlier runs left, "
                "or use a machine with more disk space.",
            ),
            CauseText(
                Cause.MISSING_FILE,
                "File not found",
                "did not find a file",
                "Check the path in the inputs, and that the file was uploaded "
                "or made by an earlier node.",
            ),
            CauseText(
                Cause.CUDA,
                "The GPU reported an error",
                "met a GPU error",
                "Queue it again. If it fails again, check that the machine’s PyTorch and CUDA "
                "versions fit its GPU, and the node’s values.",
            ),
            CauseText(
                Cause.IMPORT,
                "A Python package is missing or broken",
                "could not import a Python package",
                "Add the package, in the version that the custom node asks for, to the machine "
                "and build it again.",
            ),
        )
    }
)
