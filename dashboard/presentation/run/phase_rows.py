"""The five times of a run as rows of a table, at one moment."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dashboard.domain.run.facts import PHASES, Phase, Timed
from dashboard.domain.run.phases import (
    elapsed,
    growing_phase,
    shares_of,
    split_percents,
    unfinished_seconds,
    unfinished_start,
)
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import THIN, exact, percent_text, took
from dashboard.presentation.run.queue_parts import queue_parts, queue_sentence
from dashboard.presentation.words import PHASE_TEXTS

NOT_REPORTED, NOT_YET, NOT_REACHED = "not reported", "not yet", "not reached"
OUT_OF_ORDER, ABSURD = "times out of order", "implausible"


@dataclass(frozen=True, slots=True)
class PhaseRow:
    """One phase: `shown` is always words; `seconds` only what is known or has passed so far."""

    name: str
    label: str
    field: str
    sentence: str
    shown: str
    seconds: float | None = None
    known: bool = False  # a finished number
    growing: bool = False  # ticks in the browser from `since`
    at_least: bool = False
    unfinished: bool = False
    since: datetime | None = None
    begin: datetime | None = None
    end: datetime | None = None
    share: int | None = None  # whole percent of the total
    part: bool = False  # of the queue, which has a row of its own

    @property
    def exactly(self) -> str:
        return exact(self.seconds) if self.known and self.seconds is not None else ""

    @property
    def end_text(self) -> str:
        """What stands in place of a moment where the phase has no end."""
        if self.growing:
            return "now"
        if self.shown.startswith("not finished"):
            return NOT_REACHED
        return NOT_YET if self.shown == NOT_YET else "unknown"

    @property
    def share_text(self) -> str:
        return "" if self.share is None else percent_text(self.share)


def phase_rows(run: Timed, visibility: Visibility) -> tuple[PhaseRow, ...]:
    """The rows Queue, Cold start, Before the run, Run and Total, in this order.

    The parts of a queue that was taken apart have rows behind it.
    """
    shares = shares_of(run)
    queue, *others = (_row(run, visibility, phase, shares.get(phase)) for phase in PHASES)
    queue = replace(queue, sentence=queue_sentence(run))
    return (queue, *_part_rows(run, queue), *others)


def _part_rows(run: Timed, queue: PhaseRow) -> list[PhaseRow]:
    parts = queue_parts(run)
    if not parts or not queue.known:
        return []
    between = queue.begin + timedelta(seconds=parts[0].seconds) if queue.begin else None
    moments = ((queue.begin, between), (between, queue.end))
    seconds = [part.seconds for part in parts]
    shares = (None, None) if queue.share is None else split_percents(queue.share, *seconds)
    return [
        PhaseRow(
            name=part.name,
            label=part.label,
            field="",
            sentence=part.sentence,
            shown=took(part.seconds),
            seconds=part.seconds,
            known=True,
            begin=begin,
            end=end,
            share=share,
            part=True,
        )
        for part, (begin, end), share in zip(parts, moments, shares, strict=True)
    ]


def _row(run: Timed, visibility: Visibility, phase: Phase, share: int | None) -> PhaseRow:
    text = PHASE_TEXTS[phase]
    begin, end = (getattr(run, stamp) for stamp in text.stamps)
    row = {
        "name": phase,
        "label": text.label,
        "field": text.field,
        "sentence": text.sentence,
        "begin": begin,
        "end": end,
        "share": share,
    }
    if _grows(run, phase):
        return PhaseRow(**row | {"end": None} | _growing(begin, visibility))
    seconds = getattr(run, phase)
    if seconds is not None:
        return PhaseRow(**row, shown=took(seconds), seconds=seconds, known=True)
    return PhaseRow(**row | _unknown(run, phase))


def _grows(run: Timed, phase: Phase) -> bool:
    if run.finished or run.status is None:
        return False
    if phase == Phase.TOTAL:
        return run.created_at is not None
    current = growing_phase(run)
    if phase == Phase.BEFORE_RUN:
        return current in (Phase.QUEUE_WAIT, Phase.COLD_START) and run.created_at is not None
    return phase == current


def _growing(since: datetime, visibility: Visibility) -> dict[str, object]:
    seconds = elapsed(since, visibility)
    if visibility.lost:
        return {"shown": f"≥{THIN}{took(seconds)}", "seconds": seconds, "at_least": True}
    return {"shown": took(seconds), "seconds": seconds, "growing": True, "since": since}


def _unknown(run: Timed, phase: Phase) -> dict[str, object]:
    if f"negative-{phase}" in run.warnings:
        return {"shown": OUT_OF_ORDER}
    if f"absurd-{phase}" in run.warnings:
        return {"shown": ABSURD}
    if unfinished_start(run):
        return _after_unfinished_start(run, phase)
    if not run.finished and _still_to_come(run, phase):
        return {"shown": NOT_YET}
    return {"shown": NOT_REPORTED}


def _after_unfinished_start(run: Timed, phase: Phase) -> dict[str, object]:
    if phase == Phase.RUN:
        return {"shown": NOT_REACHED}
    seconds = unfinished_seconds(run)
    if phase != Phase.COLD_START or seconds is None:
        started = phase in (Phase.COLD_START, Phase.BEFORE_RUN)
        return {"shown": "not finished" if started else NOT_REPORTED}
    return {"shown": f"not finished: {took(seconds)}", "seconds": seconds, "unfinished": True}


def _still_to_come(run: Timed, phase: Phase) -> bool:
    """Whether a live run has not reached this phase yet."""
    if phase in (Phase.TOTAL, Phase.RUN):
        return True
    return phase == Phase.COLD_START and growing_phase(run) == Phase.QUEUE_WAIT
