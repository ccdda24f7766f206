"""What a share link shows: the fields of a run that its scopes name, and no others."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType
from uuid import UUID

from dashboard.domain.json_types import JsonValue
from dashboard.domain.run.facts import PHASES, Timed
from dashboard.domain.run.visibility import Visibility

OUTPUTS, TIMES, INPUTS, NAMES, LABELS = "outputs", "times", "inputs", "names", "labels"
COST, PICKS = "cost", "picks"
ALL_SCOPES = (OUTPUTS, TIMES, INPUTS, NAMES, LABELS, COST, PICKS)
DEFAULT_SCOPES = frozenset({OUTPUTS, TIMES})

MAX_SHEET = 200
"""Runs that one link may show."""

LIFETIME_DAYS: Mapping[str, int | None] = MappingProxyType(
    {"1": 1, "7": 7, "30": 30, "never": None}
)
DEFAULT_LIFETIME = "7"

# The end is always shared: whether a timeout is final is part of a run's state.
STATE_FIELDS = ("status", "finished", "progress", "ended_at", "updated_at", "origin")
SCOPE_FIELDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        TIMES: (
            *("created_at", "queued_at", "started_at", "queue_position"),
            *(*PHASES, "start_kind", "warnings", "gpu", "queue_kind", "gpu_wait", "boot"),
        ),
        NAMES: (
            *("uuid", "live_status", "workflow_id", "workflow_version_id"),
            *("deployment_id", "machine_id", "machine_type", "workflow_name"),
        ),
        INPUTS: ("inputs", "prompt"),
        LABELS: ("label", "starred"),
    }
)
"""Which fields of a run each scope adds to its state. A field that is not listed is private."""


@dataclass(frozen=True, slots=True)
class RedactedRun:
    """A run as the readers of one link get it; what they may not see has its default."""

    status: str | None = None
    finished: bool = False
    progress: float | None = None
    ended_at: datetime | None = None
    updated_at: datetime | None = None
    origin: str | None = None
    created_at: datetime | None = None
    queued_at: datetime | None = None
    started_at: datetime | None = None
    queue_position: int | None = None  # a place in line gives away how long it waits
    queue_wait: float | None = None
    cold_start: float | None = None
    before_run: float | None = None
    run: float | None = None
    total: float | None = None
    start_kind: str = "unknown"
    warnings: Sequence[str] = ()
    gpu: str | None = None
    queue_kind: str = ""
    gpu_wait: float | None = None
    boot: float | None = None
    uuid: UUID | None = None
    live_status: str | None = None
    workflow_id: str | None = None
    workflow_version_id: str | None = None
    deployment_id: str | None = None
    machine_id: str | None = None
    machine_type: str | None = None
    workflow_name: str = ""
    inputs: JsonValue = None
    prompt: str = ""  # the beginning of it
    label: str = ""  # the title that was given
    starred: bool = False


def redacted_view(run: object, scopes: Collection[str]) -> RedactedRun:
    """The fields of a stored run that the scopes allow."""
    names = [*STATE_FIELDS]
    for scope in scopes:
        names.extend(SCOPE_FIELDS.get(scope, ()))
    return RedactedRun(**{name: getattr(run, name) for name in names})


def reader_visibility(run: Timed, visibility: Visibility) -> Visibility:
    """The visibility for a reader without an account: how fresh it is, without the reason."""
    return Visibility(
        now=visibility.now,
        observed_at=visibility.observed_at,
        interval=visibility.interval,
        keeping=visibility.keeping,
        stale=visibility.lost and not run.finished,
    )


def known_scopes(words: Collection[str]) -> frozenset[str]:
    """Those of the words that are scopes."""
    return frozenset(ALL_SCOPES) & frozenset(words)


def end_of_lifetime(life: str, now: datetime) -> datetime | None:
    """When a link of this lifetime ends; None = never. Raises KeyError for an unknown one."""
    days = LIFETIME_DAYS[life]
    return None if days is None else now + timedelta(days=days)
