"""The five times of a run as rows of a table, at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from dashboard.domain.facts import PHASES, Sight, Timed
from dashboard.domain.format import THIN, exact, percent_text, took, whole_percent
from dashboard.domain.words import PHASE_TEXTS

NOT_REPORTED, NOT_YET, NOT_REACHED = "not reported", "not yet", "not reached"
OUT_OF_ORDER, ABSURD = "times out of order", "not plausible"
UNFINISHED_START = ("failed", "timeout", "cancelled")
AGREE_WITHIN = 1.0


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


def phase_rows(run: Timed, sight: Sight) -> tuple[PhaseRow, ...]:
    """The rows Queue, Cold start, Before the run, Run and Total, in this order."""
    shares = shares_of(run)
    return tuple(_row(run, sight, name, shares.get(name)) for name in PHASES)


def growing_phase(run: Timed) -> str | None:
    """The phase that a live run is in, where the stamp of its beginning is known.

    Asked by status, not by stamps: a retry leaves the stamps of the first try behind.
    """
    if run.finished or run.status is None:
        return None
    begun = {"not-started": "queue_wait", "queued": "cold_start"}.get(run.status, "run")
    return begun if getattr(run, PHASE_TEXTS[begun].stamps[0]) else None


def seen_until(sight: Sight) -> datetime:
    """Up to when we know that a live run went on."""
    return sight.observed_at if sight.lost and sight.observed_at else sight.now


def elapsed(since: datetime, sight: Sight) -> float:
    """Seconds since a stamp; never negative, for upstream's clock may be ahead of ours."""
    return max(0.0, (seen_until(sight) - since).total_seconds())


def unfinished_start(run: Timed) -> bool:
    """Whether it ended after a machine took it and before ComfyUI answered."""
    return (
        run.finished
        and run.status in UNFINISHED_START
        and run.queued_at is not None
        and run.started_at is None
        and run.cold_start is None
        and run.before_run is None
    )


def unfinished_seconds(run: Timed) -> float | None:
    """How long a start that never ended went on, where that can be told."""
    if run.queued_at is None or run.ended_at is None:
        return None
    seconds = (run.ended_at - run.queued_at).total_seconds()
    return seconds if seconds >= 0 else None


def out_of_order(run: Timed) -> bool:
    return any(word.startswith("negative-") for word in run.warnings)


def shares_of(run: Timed) -> Mapping[str, int]:
    """Whole percents that add up to 100, for a finished run whose phases fill its total.

    The cold start keeps its own rounding, for it stands in the headline too; the
    rest goes by largest remainder.
    """
    parts = {name: getattr(run, name) for name in ("queue_wait", "cold_start", "run")}
    known = {name: seconds for name, seconds in parts.items() if seconds is not None}
    if not run.finished or not run.total or len(known) < len(parts):
        return {}
    if abs(sum(known.values()) - run.total) > AGREE_WITHIN:
        return {}
    cold = min(100, whole_percent(known["cold_start"] / run.total))
    queue, work = _split(100 - cold, known["queue_wait"], known["run"])
    return {
        "queue_wait": queue,
        "cold_start": cold,
        "before_run": queue + cold,
        "run": work,
        "total": 100,
    }


def _split(percents: int, one: float, other: float) -> tuple[int, int]:
    if one + other <= 0:
        return percents, 0
    first = whole_percent(one / (one + other) * percents / 100)
    return first, percents - first


def _row(run: Timed, sight: Sight, name: str, share: int | None) -> PhaseRow:
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
        return PhaseRow(**row | {"end": None} | _growing(begin, sight))
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


def _growing(since: datetime, sight: Sight) -> dict[str, object]:
    seconds = elapsed(since, sight)
    if sight.lost:
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
