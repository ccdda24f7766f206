"""The segments of a phase bar in seconds, from what is known of a run."""

from dataclasses import dataclass, replace
from datetime import datetime

from dashboard.domain.run.facts import Phase, Timed
from dashboard.domain.run.phases import (
    began_at,
    elapsed,
    growing_phase,
    out_of_order,
    unfinished_seconds,
    unfinished_start,
)
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import THIN, took
from dashboard.presentation.run.queue_parts import queue_label, queue_parts

OUTCOME_TONES = {"failed": "fail", "timeout": "late", "cancelled": "neutral"}
KINDS = {Phase.QUEUE_WAIT: "queue", Phase.COLD_START: "cold", Phase.RUN: "run"}
LABELS = {Phase.QUEUE_WAIT: "Queue", Phase.COLD_START: "Cold start", Phase.RUN: "Run"}
OPEN_TAIL = 0.08  # of the known length, drawn for an end that is not known
UNSEEN = "No updates"
REDRAWN_EVERY = 4.0  # seconds of growth: half of the polls of a live run change nothing
REDRAWN_PARTS = 256  # of its length, once it is long


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of the bar; `since` is when a growing one began."""

    kind: str
    label: str
    seconds: float
    value: str = ""
    growing: bool = False
    at_least: bool = False
    open_end: bool = False
    since: datetime | None = None


def segments_of(run: Timed, visibility: Visibility | None) -> tuple[Segment, ...] | str:
    """The segments from left to right, or the reason why there are none."""
    if out_of_order(run):
        return "Times out of order"
    if any(word.startswith("absurd-") for word in run.warnings):
        return "Implausible times"
    segments = _ended(run) if run.finished else _live(run, visibility)
    return tuple(segments) or "No times reported"


def whole_queue(segments: tuple[Segment, ...]) -> tuple[Segment, ...]:
    """The same with the queue in one piece, for bars that are too small for its parts."""
    parts = [segment for segment in segments if segment.kind in ("queue", "boot")]
    if not parts:
        return segments
    queue = _segment(Phase.QUEUE_WAIT, sum(part.seconds for part in parts))
    growing = parts[0] if len(parts) == 1 and parts[0].growing else queue
    return (growing, *(segment for segment in segments if segment not in parts))


def growth(run: Timed, visibility: Visibility) -> int:
    """How far a live run's bar has grown, in steps worth drawing; 0 while no segment grows."""
    segments = segments_of(run, visibility)
    if isinstance(segments, str) or not segments[-1].growing:
        return 0
    reached, step = sum(segment.seconds for segment in segments), REDRAWN_EVERY
    while step * REDRAWN_PARTS <= reached:
        step *= 2
    return 1 + int(reached // step)


def _segment(phase: Phase, seconds: float) -> Segment:
    return Segment(KINDS[phase], LABELS[phase], seconds, took(seconds))


def _unknown(label: str, seconds: float, note: str = "") -> Segment:
    return Segment("unknown", label, max(seconds, 0.0), f"{took(max(seconds, 0.0))}{note}")


def _ended(run: Timed) -> list[Segment]:
    if unfinished_start(run):
        return _unfinished(run)
    segments = _before(run)
    if run.run is not None:
        return [*segments, _segment(Phase.RUN, run.run)]
    known = sum(segment.seconds for segment in segments)
    if run.total is None:
        return (
            [*segments, Segment("unknown", "", known * OPEN_TAIL, open_end=True)] if known else []
        )
    if not segments:
        return [_unknown("Total", run.total, ", phases not reported")]
    label = "Run" if run.before_run is not None else "Start and run"
    return [*segments, _unknown(label, run.total - known, ", not split" if "and" in label else "")]


def _before(run: Timed) -> list[Segment]:
    """Queue and cold start as far as they are known; merged where the stamp between is missing."""
    queue, cold = run.queue_wait, run.cold_start
    if queue is not None and cold is not None:
        return [*_queue(run), _segment(Phase.COLD_START, cold)]
    if run.before_run is not None:
        return [_unknown("Queue and start", run.before_run, ", not split")]
    if queue is not None:
        return _queue(run)
    if cold is not None and run.total is not None and run.run is not None:
        rest = run.total - run.run - cold
        return [_unknown("Queue", rest), _segment(Phase.COLD_START, cold)]
    return [_segment(Phase.COLD_START, cold)] if cold is not None else []


def _unfinished(run: Timed) -> list[Segment]:
    segments = _queue(run)
    seconds = unfinished_seconds(run)
    if seconds is None:
        known = sum(segment.seconds for segment in segments)
        return (
            [*segments, Segment("unknown", "", known * OPEN_TAIL, open_end=True)] if known else []
        )
    start = Segment("cold", "Cold start", seconds, f"not finished: {took(seconds)}", open_end=True)
    return [*segments, start]


def _live(run: Timed, visibility: Visibility | None) -> list[Segment]:
    phase = growing_phase(run)
    since = began_at(run, phase) if phase else None
    if phase is None or since is None:
        return _live_without_phases(run, visibility)
    known = _before_phase(run, phase)
    if visibility is None:
        return known
    seconds = elapsed(since, visibility)
    current = replace(_segment(phase, seconds), growing=not visibility.lost, since=since)
    return [*known, *_with_unseen(current, visibility)]


def _before_phase(run: Timed, phase: Phase) -> list[Segment]:
    """The segments that a live run has left behind."""
    if phase == Phase.QUEUE_WAIT:
        return []
    return _queue(run) if phase == Phase.COLD_START else _before_run(run)


def _queue(run: Timed) -> list[Segment]:
    if run.queue_wait is None:
        return []
    parts = [
        Segment(part.kind, part.label, part.seconds, took(part.seconds))
        for part in queue_parts(run)
    ]
    return parts or [replace(_segment(Phase.QUEUE_WAIT, run.queue_wait), label=queue_label(run))]


def _before_run(run: Timed) -> list[Segment]:
    known = _before(run)
    if known or run.created_at is None or run.started_at is None:
        return known
    seconds = (run.started_at - run.created_at).total_seconds()
    return [_unknown("Queue and start", seconds, ", not split")] if seconds > 0 else []


def _live_without_phases(run: Timed, visibility: Visibility | None) -> list[Segment]:
    if run.created_at is None or visibility is None:
        return []
    seconds = elapsed(run.created_at, visibility)
    total = Segment("unknown", "Total", seconds, took(seconds), not visibility.lost)
    return _with_unseen(replace(total, since=run.created_at), visibility)


def _with_unseen(segment: Segment, visibility: Visibility) -> list[Segment]:
    """The growing segment; after the last answer a dotted one, for time that was not observed."""
    if not visibility.lost or visibility.observed_at is None:
        return [segment]
    held = replace(segment, value=f"≥{THIN}{took(segment.seconds)}", at_least=True, since=None)
    unseen = max(0.0, (visibility.now - visibility.observed_at).total_seconds())
    return [held, Segment("unknown", UNSEEN, unseen, "")]
