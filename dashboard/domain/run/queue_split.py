"""What a run waited for in the queue: a GPU, and that machine's boot, or others before it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

LINE, MACHINE, MACHINE_AND_COMFYUI = "line", "machine", "machine-and-comfyui"
"""In line for a container that was up; a container was started; and ComfyUI with it."""
CLOCKS_DIFFER = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class QueueSplit:
    """The two parts of the queue in seconds, which add up to it."""

    kind: str
    gpu_wait: float
    boot: float


def split_queue(
    queue_wait: float | None,
    created: datetime | None,
    container_start: datetime | None,
    *,
    optimised: bool = False,
) -> QueueSplit | None:
    """The queue's parts, from when the run's container was started; None where not known.

    The start is by the container's clock, the rest by the server's: up to 2 s after the
    queue's end counts as its end. In an `optimised` runner ComfyUI boots before the queue ends.
    """
    if queue_wait is None or created is None or container_start is None:
        return None
    if container_start <= created:
        return QueueSplit(LINE, queue_wait, 0.0)
    waited = (container_start - created).total_seconds()
    if waited > queue_wait + CLOCKS_DIFFER.total_seconds():
        return None
    waited = min(waited, queue_wait)
    # In decimals: binary floats would make 4.017 - 2.341 not exactly 1.676.
    boot = float(Decimal(repr(queue_wait)) - Decimal(repr(waited)))
    return QueueSplit(MACHINE_AND_COMFYUI if optimised else MACHINE, waited, boot)
