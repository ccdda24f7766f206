"""The five phases of a run in seconds, from reported durations and from timestamps."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from dashboard.domain.run.facts import PHASES, Phase, RunFacts, Timed

LONGEST = 366 * 86400.0  # seconds; a longer phase counts as unknown
TOLERANCE = 1.0  # seconds by which two sources of a phase may differ
FIELDS = {
    Phase.COLD_START: "cold_start_duration",
    Phase.BEFORE_RUN: "cold_start_duration_total",
    Phase.RUN: "run_duration",
    Phase.TOTAL: "duration",
}
ENDS = {
    Phase.QUEUE_WAIT: ("created", "queued"),
    Phase.COLD_START: ("queued", "started"),
    Phase.BEFORE_RUN: ("created", "started"),
    Phase.RUN: ("started", "ended"),
    Phase.TOTAL: ("created", "ended"),
}
COLD, WARM, UNKNOWN = "cold", "warm", "unknown"
POSTED_AGAIN = "started-after-end"
"""The warning of a run whose start was recorded again when it had ended."""
_OVERWRITTEN = {
    "queued": (Phase.QUEUE_WAIT, Phase.COLD_START),
    "started": (Phase.COLD_START, Phase.BEFORE_RUN),
}


@dataclass(frozen=True, slots=True)
class Durations:
    """Seconds, unrounded; None where not known."""

    queue_wait: float | None = None
    cold_start: float | None = None
    before_run: float | None = None
    run: float | None = None
    total: float | None = None


def read_durations(
    reported: Mapping[str, float | None],
    stamps: Mapping[str, datetime | None],
    finished: bool,
    inexact: frozenset[str] = frozenset(),
) -> tuple[Durations, tuple[str, ...]]:
    """The phases and the warnings about them.

    `reported` is by ComfyDeploy's field names, finite or None; `stamps` by
    created, queued, started, ended. Reported values win over stamps, and stamps
    that are `inexact` (sent without seconds) give no value. A value that is
    negative or over 366 days counts as unknown and gives a warning.
    """
    spans = {phase: _between(stamps, *ENDS[phase]) for phase in PHASES}
    by_report = _by_report(reported, spans)
    known: dict[str, float] = {}
    lost = _overwritten(stamps, inexact)
    warnings: list[str] = []
    disagree = False
    for phase in PHASES:
        if phase in lost or _is_open(phase, stamps, finished):
            continue
        given, stamped = by_report.get(phase), spans[phase]
        exact = inexact.isdisjoint(ENDS[phase])
        value = (stamped if exact else None) if given is None else given
        if value is None:
            continue
        if fault := _fault(value):
            warnings.append(f"{fault}-{phase}")
            continue
        known[phase] = value
        disagree |= given is not None and stamped is not None and _differ(given, stamped)
    if disagree:
        warnings.append("timestamps-disagree")
    if lost:
        warnings.append(POSTED_AGAIN)
    return Durations(**known), tuple(warnings)


def posted_again(was: Timed, facts: RunFacts) -> bool:
    """Whether the start has been recorded again since a run was seen to have ended."""
    if not (was.finished and facts.finished) or POSTED_AGAIN in facts.warnings:
        return False
    if was.status == "timeout" and was.ended_at is None:
        return False  # only assumed: the run went on
    moved = was.started_at is not None and was.started_at != facts.started_at
    return moved or POSTED_AGAIN in was.warnings


def without_start(facts: RunFacts) -> RunFacts:
    """The facts with all unknown that hangs on when the run started."""
    warnings = (*facts.warnings, POSTED_AGAIN)
    return replace(
        facts, cold_start=None, before_run=None, run=None, start_kind=UNKNOWN, warnings=warnings
    )


def start_kind(cold_start: float | None, cold_after: float) -> str:
    """Whether ComfyUI had to start: cold, warm, or unknown where it is not reported."""
    if cold_start is None:
        return UNKNOWN
    return COLD if cold_start > cold_after else WARM


def _between(stamps: Mapping[str, datetime | None], first: str, last: str) -> float | None:
    start, end = stamps.get(first), stamps.get(last)
    return None if start is None or end is None else (end - start).total_seconds()


def _by_report(
    reported: Mapping[str, float | None], spans: Mapping[Phase, float | None]
) -> dict[Phase, float]:
    """The reported durations by phase; the queue, which is not reported, by subtraction."""
    found: dict[Phase, float] = {}
    for phase, field in FIELDS.items():
        value = reported.get(field)
        # A GET that has just cancelled a run reports 0.0 for everything.
        if value is not None and (value != 0 or spans[phase] is not None):
            found[phase] = value
    if Phase.BEFORE_RUN in found and Phase.COLD_START in found:
        # In decimals: binary floats would make 12.576251 - 7.763247 not exactly 4.813004.
        rest = Decimal(repr(found[Phase.BEFORE_RUN])) - Decimal(repr(found[Phase.COLD_START]))
        found[Phase.QUEUE_WAIT] = float(rest)
    return found


def _is_open(phase: Phase, stamps: Mapping[str, datetime | None], finished: bool) -> bool:
    """Whether the phase has not ended: then it has no duration, whatever is reported."""
    if phase in (Phase.RUN, Phase.TOTAL):
        return stamps.get("ended") is None
    if phase == Phase.COLD_START and finished:
        return stamps.get("queued") is not None and stamps.get("started") is None
    return False


def _overwritten(
    stamps: Mapping[str, datetime | None], inexact: frozenset[str]
) -> frozenset[Phase]:
    """The phases before the run whose stamps were posted again after the end, so are lost."""
    ended = stamps.get("ended")
    if ended is None:
        return frozenset()
    end = ended + timedelta(seconds=60 if "ended" in inexact else 0)
    late = [name for name in _OVERWRITTEN if (at := stamps.get(name)) is not None and at > end]
    return frozenset(phase for name in late for phase in _OVERWRITTEN[name])


def _fault(value: float) -> str:
    """Why a duration cannot be true, as the first half of a warning's word; "" where it can."""
    if value < 0:
        return "negative"
    return "absurd" if value > LONGEST else ""


def _differ(one: float, other: float) -> bool:
    return round(abs(one - other), 6) > TOLERANCE
