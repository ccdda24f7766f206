"""The stretches of time that a bar is made of, told from what is known of a run."""

from dataclasses import dataclass, replace
from datetime import datetime

from dashboard.domain.run.facts import Timed
from dashboard.domain.run.phases import (
    elapsed,
    growing_phase,
    out_of_order,
    unfinished_seconds,
    unfinished_start,
)
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import THIN, took

OUTCOME_TONES = {"failed": "fail", "timeout": "late", "cancelled": "neutral"}
KINDS = {"queue_wait": "queue", "cold_start": "cold", "run": "run"}
LABELS = {"queue_wait": "Queue", "cold_start": "Cold start", "run": "Run"}
OPEN_TAIL = 0.08  # of what is known, for an end that is not
UNSEEN = "not seen"
REDRAWN_EVERY = 4.0  # seconds, of a growing bar: half of the polls find nothing to draw
REDRAWN_PARTS = 256  # of its length, once it is long


@dataclass(frozen=True, slots=True)
class Segment:
    kind: str
    label: str
    seconds: float
    value: str = ""
    growing: bool = False
    at_least: bool = False
    open_end: bool = False
    since: datetime | None = None


def segments_of(run: Timed, visibility: Visibility | None) -> tuple[Segment, ...] | str:
    """What to draw from left to right, or why nothing can be drawn."""
    if out_of_order(run):
        return "Times out of order"
    if any(word.startswith("absurd-") for word in run.warnings):
        return "Times not plausible"
    pieces = _ended(run) if run.finished else _live(run, visibility)
    return tuple(pieces) or "No times reported"


def growth(run: Timed, visibility: Visibility) -> int:
    """How far a live run's bar has grown, in steps worth drawing; 0 while nothing grows."""
    pieces = segments_of(run, visibility)
    if isinstance(pieces, str) or not pieces[-1].growing:
        return 0
    reached, step = sum(piece.seconds for piece in pieces), REDRAWN_EVERY
    while step * REDRAWN_PARTS <= reached:
        step *= 2
    return 1 + int(reached // step)


def _piece(name: str, seconds: float) -> Segment:
    return Segment(KINDS[name], LABELS[name], seconds, took(seconds))


def _unknown(label: str, seconds: float, note: str = "") -> Segment:
    return Segment("unknown", label, max(seconds, 0.0), f"{took(max(seconds, 0.0))}{note}")


def _ended(run: Timed) -> list[Segment]:
    if unfinished_start(run):
        return _unfinished(run)
    pieces = _before(run)
    if run.run is not None:
        return [*pieces, _piece("run", run.run)]
    known = sum(piece.seconds for piece in pieces)
    if run.total is None:
        return [*pieces, Segment("unknown", "", known * OPEN_TAIL, open_end=True)] if known else []
    if not pieces:
        return [_unknown("Total", run.total, ", phases not reported")]
    label = "Run" if run.before_run is not None else "Start and run"
    return [*pieces, _unknown(label, run.total - known, ", not split" if "and" in label else "")]


def _before(run: Timed) -> list[Segment]:
    """Queue and cold start as far as they are known; merged where the stamp between is missing."""
    queue, cold = run.queue_wait, run.cold_start
    if queue is not None and cold is not None:
        return [_piece("queue_wait", queue), _piece("cold_start", cold)]
    if run.before_run is not None:
        return [_unknown("Queue and start", run.before_run, ", not split")]
    if queue is not None:
        return [_piece("queue_wait", queue)]
    if cold is not None and run.total is not None and run.run is not None:
        rest = run.total - run.run - cold
        return [_unknown("Queue", rest), _piece("cold_start", cold)]
    return [_piece("cold_start", cold)] if cold is not None else []


def _unfinished(run: Timed) -> list[Segment]:
    pieces = [] if run.queue_wait is None else [_piece("queue_wait", run.queue_wait)]
    seconds = unfinished_seconds(run)
    if seconds is None:
        known = sum(piece.seconds for piece in pieces)
        return [*pieces, Segment("unknown", "", known * OPEN_TAIL, open_end=True)] if known else []
    start = Segment("cold", "Cold start", seconds, f"not finished: {took(seconds)}", open_end=True)
    return [*pieces, start]


def _live(run: Timed, visibility: Visibility | None) -> list[Segment]:
    name = growing_phase(run)
    if name is None:
        return _live_without_phases(run, visibility)
    pieces = {"queue_wait": [], "cold_start": _queue(run), "run": _before_live(run)}[name]
    if visibility is None:
        return pieces
    since = _since(run, name)
    seconds = elapsed(since, visibility)
    piece = replace(_piece(name, seconds), growing=not visibility.lost, since=since)
    return [*pieces, *_with_unseen(piece, visibility)]


def _queue(run: Timed) -> list[Segment]:
    return [] if run.queue_wait is None else [_piece("queue_wait", run.queue_wait)]


def _before_live(run: Timed) -> list[Segment]:
    known = _before(run)
    if known or run.created_at is None or run.started_at is None:
        return known
    seconds = (run.started_at - run.created_at).total_seconds()
    return [_unknown("Queue and start", seconds, ", not split")] if seconds > 0 else []


def _since(run: Timed, name: str) -> datetime:
    stamp = {"queue_wait": run.created_at, "cold_start": run.queued_at}.get(name, run.started_at)
    assert stamp is not None  # `growing_phase` names a phase only where its stamp is known
    return stamp


def _live_without_phases(run: Timed, visibility: Visibility | None) -> list[Segment]:
    if run.created_at is None or visibility is None:
        return []
    seconds = elapsed(run.created_at, visibility)
    total = Segment("unknown", "Total", seconds, took(seconds), not visibility.lost)
    return _with_unseen(replace(total, since=run.created_at), visibility)


def _with_unseen(piece: Segment, visibility: Visibility) -> list[Segment]:
    """Past the last answer the bar is dotted: nobody knows what the run does there."""
    if not visibility.lost or visibility.observed_at is None:
        return [piece]
    held = replace(piece, value=f"≥{THIN}{took(piece.seconds)}", at_least=True, since=None)
    unseen = max(0.0, (visibility.now - visibility.observed_at).total_seconds())
    return [held, Segment("unknown", UNSEEN, unseen, "")]
