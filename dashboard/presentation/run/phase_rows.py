"""The five times of a run as rows of a table, at one moment."""

from dataclasses import dataclass
from datetime import datetime

from dashboard.domain.run.facts import PHASES, Timed
from dashboard.domain.run.phases import (
    elapsed,
    growing_phase,
    shares_of,
    unfinished_seconds,
    unfinished_start,
)
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import THIN, exact, percent_text, took
from dashboard.presentation.words import PHASE_TEXTS

NOT_REPORTED, NOT_YET, NOT_REACHED = "not reported", "not yet", "not reached"


OUT_OF_ORDER, ABSURD = "times out of order", "not plausible"


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
        return NOT_YET if self.shown == NOT_YET else "not known"

    @property
    def share_text(self) -> str:
        return "" if self.share is None else percent_text(self.share)


def phase_rows(run: Timed, visibility: Visibility) -> tuple[PhaseRow, ...]:
    """The rows Queue, Cold start, Before the run, Run and Total, in this order."""
    shares = shares_of(run)
    return tuple(_row(run, visibility, name, shares.get(name)) for name in PHASES)


def _row(run: Timed, visibility: Visibility, name: str, share: int | None) -> PhaseRow:
    text = PHASE_TEXTS[name]
    begin, end = (getattr(run, stamp) for stamp in text.stamps)
    row = {
        "name": name,
        "label": text.label,
        "field": text.field,
        "sentence": text.sentence,
        "begin": begin,
        "end": end,
        "share": share,
    }
    if _grows(run, name):
        return PhaseRow(**row | {"end": None} | _growing(begin, visibility))
    seconds = getattr(run, name)
    if seconds is not None:
        return PhaseRow(**row, shown=took(seconds), seconds=seconds, known=True)
    return PhaseRow(**row | _unknown(run, name))


def _grows(run: Timed, name: str) -> bool:
    if run.finished or run.status is None:
        return False
    if name == "total":
        return run.created_at is not None
    current = growing_phase(run)
    if name == "before_run":
        return current in ("queue_wait", "cold_start") and run.created_at is not None
    return name == current


def _growing(since: datetime, visibility: Visibility) -> dict[str, object]:
    seconds = elapsed(since, visibility)
    if visibility.lost:
        return {"shown": f"≥{THIN}{took(seconds)}", "seconds": seconds, "at_least": True}
    return {"shown": took(seconds), "seconds": seconds, "growing": True, "since": since}


def _unknown(run: Timed, name: str) -> dict[str, object]:
    if f"negative-{name}" in run.warnings:
        return {"shown": OUT_OF_ORDER}
    if f"absurd-{name}" in run.warnings:
        return {"shown": ABSURD}
    if unfinished_start(run):
        return _after_unfinished_start(run, name)
    if not run.finished and _still_to_come(run, name):
        return {"shown": NOT_YET}
    return {"shown": NOT_REPORTED}


def _after_unfinished_start(run: Timed, name: str) -> dict[str, object]:
    if name == "run":
        return {"shown": NOT_REACHED}
    seconds = unfinished_seconds(run)
    if name != "cold_start" or seconds is None:
        return {"shown": "not finished" if name in ("cold_start", "before_run") else NOT_REPORTED}
    return {"shown": f"not finished: {took(seconds)}", "seconds": seconds, "unfinished": True}


def _still_to_come(run: Timed, name: str) -> bool:
    order = ("queue_wait", "cold_start", "run")
    current = growing_phase(run)
    if name in ("total", "run") or current is None:
        return name in ("total", "run")
    return name in order and order.index(name) > order.index(current)
