"""How often an error occurred, and whether one kind of GPU alone has it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

FEWEST = 4  # runs on either side, below which a split may be chance


@dataclass(frozen=True, slots=True)
class GpuSplit:
    """Every run with the error was on `gpu`; `others` ran elsewhere, and none of them had it."""

    gpu: str
    failed: int
    others: int
    other_gpu: str | None = None  # where all of those were on one


@dataclass(frozen=True, slots=True)
class AlikeRun:
    uuid: UUID
    at: datetime

    @property
    def short_id(self) -> str:
        return str(self.uuid)[:8]


@dataclass(frozen=True, slots=True)
class AlikeErrors:
    """How many runs failed alike, the one asked about among them; `runs` the oldest first."""

    number: int
    first: AlikeRun
    runs: tuple[AlikeRun, ...]
    split: GpuSplit | None = None


def gpu_split(failed: Mapping[str | None, int], runs: Mapping[str | None, int]) -> GpuSplit | None:
    """The split by GPU, only where it separates completely and both sides are large enough.

    `failed` counts the runs with the error by GPU, `runs` all ended runs of the same time.
    """
    hit = [gpu for gpu, number in failed.items() if number]
    if len(hit) != 1 or hit[0] is None or failed[hit[0]] < FEWEST:
        return None
    others = {gpu: number for gpu, number in runs.items() if gpu != hit[0] and number}
    total = sum(others.values())
    if None in others or total < FEWEST:
        return None
    only = next(iter(others)) if len(others) == 1 else None
    return GpuSplit(hit[0], failed[hit[0]], total, only)
