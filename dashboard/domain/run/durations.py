"""The five phases of a run in seconds, out of what is reported and out of its stamps."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from dashboard.domain.run.facts import PHASES

LONGEST = 366 * 86400.0
TOLERANCE = 1.0
FIELDS = {
    "cold_start": "cold_start_duration",
    "before_run": "cold_start_duration_total",
    "run": "run_duration",
    "total": "duration",
}
ENDS = {
    "queue_wait": ("created", "queued"),
    "cold_start": ("queued", "started"),
    "before_run": ("created", "started"),
    "run": ("started", "ended"),
    "total": ("created", "ended"),
}
COLD, WARM, UNKNOWN = "cold", "warm", "unknown"


@dataclass(frozen=True, slots=True)
class Durations:
    """Seconds, unrounded; None is not known."""

    queue_wait: float | None = None
    cold_start: float | None = None
    before_run: float | None = None
    run: float | None = None
    total: float | None = None


def read_durations(
    reported: Mapping[str, float | None],
    stamps: Mapping[str, datetime | None],
    finished: bool,
) -> tuple[Durations, tuple[str, ...]]:
    """The phases and the warnings about them.

    `reported` is by ComfyDeploy's field names, finite or None; `stamps` by
    created, queued, started, ended. Reported values win over stamps. A value in
    force that is negative or over 366 days is unknown and warned of.
    """
    spans = {phase: _between(stamps, *ENDS[phase]) for phase in PHASES}
    told = _told(reported, spans)
    known: dict[str, float] = {}
    warnings: list[str] = []
    disagree = False
    for phase in PHASES:
        if _is_open(phase, stamps, finished):
            continue
        mine, stamped = told.get(phase), spans[phase]
        value = stamped if mine is None else mine
        if value is None:
            continue
        if wrong := _wrong(value):
            warnings.append(f"{wrong}-{phase}")
            continue
        known[phase] = value
        disagree |= mine is not None and stamped is not None and _apart(mine, stamped)
    if disagree:
        warnings.append("timestamps-disagree")
    return Durations(**known), tuple(warnings)


def start_kind(cold_start: float | None, cold_after: float) -> str:
    """Whether ComfyUI had to start: cold, warm, or unknown where it is not reported."""
    if cold_start is None:
        return UNKNOWN
    return COLD if cold_start > cold_after else WARM


def _between(stamps: Mapping[str, datetime | None], first: str, last: str) -> float | None:
    start, end = stamps.get(first), stamps.get(last)
    return None if start is None or end is None else (end - start).total_seconds()


def _told(
    reported: Mapping[str, float | None], spans: Mapping[str, float | None]
) -> dict[str, float]:
    """What is reported by phase; the queue, which is not reported, is what the others leave."""
    told = {}
    for phase, field in FIELDS.items():
        value = reported.get(field)
        # A GET that has just cancelled a run reports 0.0 for everything.
        if value is not None and (value != 0 or spans[phase] is not None):
            told[phase] = value
    if "before_run" in told and "cold_start" in told:
        # In decimals, so that 12.576251 - 7.763247 is 4.813004 and not a hair beside it.
        rest = Decimal(repr(told["before_run"])) - Decimal(repr(told["cold_start"]))
        told["queue_wait"] = float(rest)
    return told


def _is_open(phase: str, stamps: Mapping[str, datetime | None], finished: bool) -> bool:
    """Whether the phase has no end, so that no value can be its length, whatever is reported."""
    if phase in ("run", "total"):
        return stamps.get("ended") is None
    if phase == "cold_start" and finished:
        return stamps.get("queued") is not None and stamps.get("started") is None
    return False


def _wrong(value: float) -> str:
    if value < 0:
        return "negative"
    return "absurd" if value > LONGEST else ""


def _apart(one: float, other: float) -> bool:
    return round(abs(one - other), 6) > TOLERANCE
