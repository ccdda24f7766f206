"""The runs that failed in the same way, in words and on a line of time."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dashboard.domain.changed.error_history import AlikeErrors, GpuSplit
from dashboard.presentation.format import count, plural

TIMES = {1: "", 2: "Twice"}


@dataclass(frozen=True, slots=True)
class Mark:
    """A run on the line: where it stands from 0 to 100 %."""

    uuid: UUID
    short_id: str
    at: datetime
    x: str
    own: bool


@dataclass(frozen=True, slots=True)
class ErrorBefore:
    """`times` is how often it occurred, "" for the first time; `split` a sentence on GPUs."""

    times: str
    since: datetime
    first: Mark
    marks: tuple[Mark, ...]
    split: str = ""


def error_before(alike: AlikeErrors, run_id: UUID) -> ErrorBefore:
    """The panel of one run among those that failed alike."""
    ends = alike.runs[0].at, alike.runs[-1].at
    width = (ends[1] - ends[0]).total_seconds()

    def mark(uuid: UUID, at: datetime) -> Mark:
        share = (at - ends[0]).total_seconds() / width if width > 0 else 0.5
        return Mark(
            uuid, str(uuid)[:8], at, f"{min(1.0, max(0.0, share)) * 100:.2f}%", uuid == run_id
        )

    times = TIMES.get(alike.number, f"{count(alike.number)} times")
    return ErrorBefore(
        times=times,
        since=alike.first.at,
        first=mark(alike.first.uuid, alike.first.at),
        marks=tuple(mark(run.uuid, run.at) for run in alike.runs),
        split=split_text(alike.split) if alike.split else "",
    )


def split_text(split: GpuSplit) -> str:
    """ "All 4 on A10G. On L40S: 0 of 98 runs." """
    elsewhere = f"On {split.other_gpu}" if split.other_gpu else "On other GPUs"
    others = plural(split.others, "run")
    return f"All {count(split.failed)} on {split.gpu}. {elsewhere}: 0 of {others}."
