"""What a run's queue was spent on, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from dashboard.domain.run.facts import Phase, Timed
from dashboard.domain.run.queue_split import LINE, MACHINE, MACHINE_AND_COMFYUI
from dashboard.presentation.words import PHASE_TEXTS

IN_LINE = "Waiting in line"
GPU_WAIT, BOOT = "gpu_wait", "boot"
_BOOTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        MACHINE: ("Machine boot", "From the machine's start until it took the run."),
        MACHINE_AND_COMFYUI: (
            "Machine and ComfyUI boot",
            "From the machine's start until it took the run. ComfyUI boots here too.",
        ),
    }
)
_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        LINE: "Waiting in line: the machine was up before the run was created.",
        MACHINE: "Waiting for a GPU, and for the machine to boot.",
        MACHINE_AND_COMFYUI: "Waiting for a GPU, and for the machine and ComfyUI to boot.",
    }
)
NOT_SPLIT = "Waiting in line, for a GPU machine and its setup; not split."


@dataclass(frozen=True, slots=True)
class QueuePart:
    """One part of a queue, in seconds; `kind` is how it is drawn."""

    name: str
    label: str
    sentence: str
    kind: str
    seconds: float


def queue_parts(run: Timed) -> tuple[QueuePart, ...]:
    """The two parts of a queue, which add up to it; empty where it is one piece."""
    if run.queue_kind not in _BOOTS or run.gpu_wait is None or run.boot is None:
        return ()
    label, sentence = _BOOTS[run.queue_kind]
    waited = "Until ComfyDeploy had started a machine for the run."
    return (
        QueuePart(GPU_WAIT, "Waiting for a GPU", waited, "queue", run.gpu_wait),
        QueuePart(BOOT, label, sentence, "boot", run.boot),
    )


def queue_label(run: Timed) -> str:
    """What the queue is called where it is one piece."""
    return IN_LINE if run.queue_kind == LINE else "Queue"


def queue_sentence(run: Timed) -> str:
    """What the queue was spent on, or that it cannot be split."""
    if run.queue_kind in _SENTENCES:
        return _SENTENCES[run.queue_kind]
    known = run.finished and run.queue_wait is not None
    return NOT_SPLIT if known else PHASE_TEXTS[Phase.QUEUE_WAIT].sentence
