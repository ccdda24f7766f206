"""The strips "Compared with usual": each phase of a run compared with those of earlier runs."""

from dataclasses import dataclass

from dashboard.domain.run.durations import COLD, UNKNOWN, WARM
from dashboard.domain.run.facts import Phase, Timed
from dashboard.domain.run.phases import growing_phase, unfinished_start
from dashboard.domain.run.usual import MIN_RUNS, Band, Usual
from dashboard.domain.run.visibility import Visibility
from dashboard.presentation.format import plural, took
from dashboard.presentation.run.scale import at, nice_scale, took_plain
from dashboard.presentation.run.time_left import rank_text, short_rank

ROWS = {
    Phase.QUEUE_WAIT: ("Queue", "queue"),
    Phase.COLD_START: ("Cold start", "cold"),
    Phase.RUN: ("Run", "run"),
    Phase.TOTAL: ("Total", "total"),
}
STARTS = {
    COLD: "cold start",
    WARM: "warm start",
    UNKNOWN: "unknown start",
    None: "cold or warm start",
}
UNFINISHED = "Didn't finish, not compared"
NOT_KNOWN = "Time unknown, not compared"


@dataclass(frozen=True, slots=True)
class ComparisonRow:
    """One phase: a band from p25 to p90, a mark at p50, a dot for this run where it is known."""

    label: str
    phase: Phase
    kind: str
    band_x: str
    band_width: str
    middle: str
    dot: str | None
    scale: str
    usually: str
    place: str
    rank: str  # the place without the sample; "" where this run's time is unknown
    median: str
    name: str  # one sentence, for screen readers


@dataclass(frozen=True, slots=True)
class Comparison:
    """All strips of a run; `few` says how many runs there are while they are too few."""

    caption: str
    against: str = ""  # the same for the head of a column
    rows: tuple[ComparisonRow, ...] = ()
    few: str = ""


def compare_with_usual(
    run: Timed, visibility: Visibility, usual: Usual | None
) -> Comparison | None:
    """The strips of a run, or None where there is nothing at all to compare with."""
    if usual is None or not usual.size:
        return None
    rows = tuple(
        _strip(run, visibility, phase, band, usual.size)
        for phase in ROWS
        if (band := getattr(usual, phase)) and _belongs(run, phase)
    )
    if rows:
        sample = _sample(usual)
        return Comparison(f"vs {sample} (p25–p90)", f"Against {sample}", rows)
    if usual.size < MIN_RUNS:
        return Comparison("", few=f"Too few runs to compare ({usual.size} so far)")
    return None


def _belongs(run: Timed, phase: Phase) -> bool:
    """Whether a phase can be compared at all: reached, under way or still to come."""
    return not run.finished or getattr(run, phase) is not None or phase == Phase.RUN


def _sample(usual: Usual) -> str:
    on = f" on {usual.gpu}" if usual.gpu else ""
    return f"{plural(usual.size, STARTS[usual.start_kind])}{on}"


def _strip(
    run: Timed, visibility: Visibility, phase: Phase, band: Band, size: int
) -> ComparisonRow:
    label, kind = ROWS[phase]
    seconds = _seconds(run, phase)
    scale = nice_scale(max(band.p90, seconds or 0.0))
    usually = f"Usually {took(band.p50)}, p90 {took(band.p90)}"
    if band.size != size:  # the caption's number is another: failed runs say nothing of this time
        usually = f"{usually} ({plural(band.size, 'run')})"
    where = rank_text(seconds, band) if seconds is not None else _without(run, phase)
    parts = [f"{took(seconds)}, {where}" if seconds is not None else where, usually]
    of_all = f" ({plural(band.size, 'run')})" if band.size == size else ""
    return ComparisonRow(
        label=label,
        phase=phase,
        kind=kind,
        band_x=at(band.p25, scale),
        band_width=f"{(band.p90 - band.p25) / scale * 100:.3f}%",
        middle=at(band.p50, scale),
        dot=at(seconds, scale) if seconds is not None else None,
        scale=took_plain(scale),
        usually=usually,
        place=where,
        rank=short_rank(seconds, band) if seconds is not None else "",
        median=f"median {took(band.p50)}",
        name=f"{label}: {'; '.join(filter(None, parts))}{of_all}.",
    )


def _seconds(run: Timed, phase: Phase) -> float | None:
    """This run's own time, once it is whole: of a run that did not end well, its start alone."""
    if phase in (Phase.RUN, Phase.TOTAL) and run.status != "success":
        return None
    seconds: float | None = getattr(run, phase)
    return seconds


def _without(run: Timed, phase: Phase) -> str:
    if run.finished:
        if run.status == "success":
            return NOT_KNOWN
        return UNFINISHED if phase in (Phase.RUN, Phase.TOTAL) or unfinished_start(run) else ""
    return "In progress" if growing_phase(run) == phase else "Not yet"
