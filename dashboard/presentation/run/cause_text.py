"""The known causes of failures in sentences: a heading, and what usually helps."""

import re
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
                "Use a smaller size, fewer images or frames at once, or a GPU with more memory.",
            ),
            CauseText(
                Cause.INVALID_INPUTS,
                "ComfyUI rejected the inputs",
                "rejected its inputs",
                "Check the inputs below: a value may be missing, of the wrong type or out of "
                "range.",
            ),
            CauseText(
                Cause.MISSING_MODEL,
                "Model file not found",
                "couldn't find its model file",
                "Check the file name in the workflow, and that the model is on the machine.",
            ),
            CauseText(
                Cause.MISSING_NODE,
                "Custom node not installed",
                "is not installed on the machine",
                "Install the custom node on the machine and rebuild it, or remove the node "
                "from the workflow.",
            ),
            CauseText(
                Cause.MISMATCHED_PARTS,
                "Incompatible models or sizes",
                "got incompatible models or sizes",
                "Use a model, LoRA, VAE and text encoder of one family, and images of the "
                "sizes the nodes expect.",
            ),
            CauseText(
                Cause.TIMED_OUT,
                "Exceeded the machine's time limit",
                "",
                "Raise the machine's run timeout in ComfyDeploy, or shorten the run.",
            ),
            CauseText(
                Cause.START_FAILED,
                "ComfyUI didn't start",
                "",
                "Check the start of the log: a custom node, a package or the machine's build "
                "may be broken.",
            ),
            CauseText(
                Cause.NOT_SENT,
                "The run failed before a machine took it",
                "",
                "Run it again. If it fails again, check the machine in ComfyDeploy: it may be "
                "stopped or deleted, or its build may have failed.",
            ),
            CauseText(
                Cause.KILLED,
                "The machine ended the process: usually too little memory",
                "",
                "Use a machine with more memory, a smaller size, fewer frames or smaller models.",
            ),
            CauseText(
                Cause.CALL_TIMED_OUT,
                "A call inside the run timed out",
                "waited too long for an answer",
                "Try again, raise the node's own timeout, or give the service it calls less to do.",
            ),
            CauseText(
                Cause.NETWORK,
                "Couldn't reach a service",
                "couldn't reach a service",
                "Try again. If it keeps failing, check the address in the node, the service's "
                "status and limits, and the machine's network access.",
            ),
            CauseText(
                Cause.DISK_FULL,
                "The machine's disk is full",
                "found the machine's disk full",
                "Write fewer or smaller files, delete what earlier runs left, or use a "
                "machine with more disk space.",
            ),
            CauseText(
                Cause.MISSING_FILE,
                "File not found",
                "couldn't find a file",
                "Check the path in the inputs, and that the file was uploaded or made by an "
                "earlier node.",
            ),
            CauseText(
                Cause.CUDA,
                "The GPU reported an error",
                "hit a GPU error",
                "Run it again. If it fails again, check the node's values, and that the "
                "machine's PyTorch and CUDA versions fit its GPU.",
            ),
            CauseText(
                Cause.IMPORT,
                "A Python package is missing or broken",
                "couldn't import a Python package",
                "Add the package to the machine, in the version the custom node needs, and "
                "rebuild it.",
            ),
        )
    }
)

CAUSE_BRIEF: Mapping[Cause, str] = MappingProxyType(
    {
        Cause.OUT_OF_MEMORY: "Out of memory",
        Cause.INVALID_INPUTS: "Inputs rejected",
        Cause.MISSING_MODEL: "Model file not found",
        Cause.MISSING_NODE: "Custom node not installed",
        Cause.MISMATCHED_PARTS: "Incompatible models or sizes",
        Cause.TIMED_OUT: "Over the time limit",
        Cause.START_FAILED: "ComfyUI didn't start",
        Cause.NOT_SENT: "No machine took it",
        Cause.KILLED: "Process ended by the machine",
        Cause.CALL_TIMED_OUT: "A call timed out",
        Cause.NETWORK: "A service was out of reach",
        Cause.DISK_FULL: "Disk full",
        Cause.MISSING_FILE: "File not found",
        Cause.CUDA: "GPU error",
        Cause.IMPORT: "Python package missing or broken",
    }
)
"""The same in a few words, for rows of a list."""

MAIN_MEMORY = CauseText(
    Cause.OUT_OF_MEMORY,
    "The run ran out of memory",
    "ran out of memory",
    "Use a machine with more memory, a smaller size, or fewer images or frames at once.",
)
_CPU = re.compile(r"DefaultCPUAllocator|alloc_cpu", re.IGNORECASE)
_GPU = re.compile(
    r"\b(?:CUDA|GPU|VRAM|HIP|MPS|XPU|device)\b|CU(?:BLAS|DNN)_|(?:^|\.)OutOfMemoryError$",
    re.IGNORECASE | re.MULTILINE,
)


def cause_text(cause: Cause, message: str, exception_type: str) -> CauseText:
    """The sentences of a cause; of memory, the GPU's only where the error speaks of one."""
    told = f"{message}\n{exception_type}"
    if cause == Cause.OUT_OF_MEMORY and (_CPU.search(told) or not _GPU.search(told)):
        return MAIN_MEMORY
    return CAUSE_TEXTS[cause]
