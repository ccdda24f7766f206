"""A batch's progress in words and as one bar."""

from dataclasses import dataclass

from dashboard.domain.run.batch import Progress
from dashboard.presentation.format import count, took

KINDS = ("done", "failed", "cancelled", "other", "running", "waiting")


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the bar: its place and width in percent, and what it is called."""

    kind: str
    x: str
    width: str
    text: str


@dataclass(frozen=True, slots=True)
class BatchText:
    """The headline, the bar, the medians, and what is not known yet; empty where nothing is."""

    title: str
    headline: str
    parts: tuple[Part, ...]
    total: str
    run: str
    unread: str


def batch_text(progress: Progress) -> BatchText:
    return BatchText(
        title=f"Batch of {_runs(progress.size)}",
        headline=_headline(progress),
        parts=_parts(progress),
        total="" if progress.total is None else took(progress.total),
        run="" if progress.run is None else took(progress.run),
        unread=f"{count(progress.unread)} still to be read" if progress.unread else "",
    )


def _runs(number: int) -> str:
    return f"{count(number)} run{'' if number == 1 else 's'}"


def _headline(progress: Progress) -> str:
    """`14 of 20 finished, 2 failed`."""
    finished = f"{count(progress.finished)} of {count(progress.size)} finished"
    return f"{finished}, {count(progress.failed)} failed" if progress.failed else finished


def _parts(progress: Progress) -> tuple[Part, ...]:
    parts, before = [], 0
    for kind in KINDS:
        number: int = getattr(progress, kind)
        if number:
            text = f"{count(number)} {'ended otherwise' if kind == 'other' else kind}"
            x, width = (f"{100 * part / progress.size:.4g}%" for part in (before, number))
            parts.append(Part(kind, x, width, text))
        before += number
    return tuple(parts)
