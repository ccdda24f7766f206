"""What one ComfyDeploy answer says, as plain frozen values.

Only the reader (`upstream/reader.py`) makes them; it reads an answer's outputs with
`domain/run/outputs.py`. Seconds are floats, unrounded; moments are aware datetimes
in UTC; `None` always means "not known", never zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypedDict
from uuid import UUID

from dashboard.domain.json_types import JsonObject, JsonValue


class Phase(StrEnum):
    """One of the five times of a run, by its name in facts, in JSON and in the database."""

    QUEUE_WAIT = "queue_wait"
    COLD_START = "cold_start"
    BEFORE_RUN = "before_run"
    RUN = "run"
    TOTAL = "total"


PHASES = tuple(Phase)


@dataclass(frozen=True, slots=True)
class Output:
    """One media object or string that a run made."""

    kind: str  # image, video, audio, text, model3d or file
    key: str  # the key inside upstream's `data`, such as "images"
    identity: str  # stable digest: equal while node, key and unsigned URL (or text) are
    filename: str | None = None
    url: str | None = None  # http or https only, with its signature: the link in use
    text: str | None = None  # of a string output
    node_id: str | None = None
    node_class: str | None = None
    output_id: str | None = None  # the id that a workflow's author typed
    unsafe: bool = False  # had a URL that is neither http nor https
    created_at: datetime | None = None
    expires_at: datetime | None = None  # of a signed URL


@dataclass(frozen=True, slots=True)
class Value:
    """A boolean among the outputs; it is listed separately."""

    key: str
    node_id: str | None
    value: bool

    def stored(self) -> JsonObject:
        """The value as a run's row has it."""
        return {"key": self.key, "node_id": self.node_id, "value": self.value}


@dataclass(frozen=True, slots=True)
class RunError:
    """What an error or exception entry among the outputs says."""

    message: str
    node_id: str | None = None
    node_type: str | None = None
    exception_type: str | None = None
    traceback: str | None = None

    def stored(self) -> "StoredError":
        """The error as a run's row has it."""
        return StoredError(
            message=self.message,
            node_id=self.node_id,
            node_type=self.node_type,
            exception_type=self.exception_type,
            traceback=self.traceback,
        )


class StoredError(TypedDict, total=False):
    """An error as a run's row has it: of the outputs, or of the log with cause and exit code."""

    message: str | None
    node_id: str | None
    node_type: str | None
    exception_type: str | None
    traceback: str | None
    cause: str | None
    exit_code: int | None


def fuller_error(first: StoredError | None, later: StoredError | None) -> StoredError | None:
    """The first error, or the later one where that alone has a node or a traceback."""
    if not (first and later):
        return first or later
    lacking = [name for name in ("node_id", "traceback") if later.get(name) and not first.get(name)]
    loses = [name for name in ("node_id", "traceback") if first.get(name) and not later.get(name)]
    return later if lacking and not loses else first


@dataclass(frozen=True, slots=True)
class RunFacts:
    """One answer to GET run, read by the rules of the README's "What the times mean"."""

    id: UUID
    status: str
    finished: bool
    progress: float | None = None  # 0 to 1
    live_status: str | None = None
    queue_position: int | None = None  # runs ahead; 0 = next
    created_at: datetime | None = None
    queued_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    updated_at: datetime | None = None
    queue_wait: float | None = None
    cold_start: float | None = None
    before_run: float | None = None
    run: float | None = None
    total: float | None = None
    start_kind: str = "unknown"  # cold, warm or unknown
    warnings: tuple[str, ...] = ()
    gpu: str | None = None
    origin: str | None = None
    machine_id: str | None = None
    machine_type: str | None = None
    workflow_id: str | None = None
    workflow_version_id: str | None = None
    user_id: str | None = None  # who started it
    gpu_event_id: str | None = None  # the container that it was on
    queue_kind: str = ""  # what the queue was spent on, where the container is known
    gpu_wait: float | None = None
    boot: float | None = None
    inputs: JsonValue = None  # any JSON, secrets masked, integers exact
    outputs: tuple[Output, ...] = ()
    values: tuple[Value, ...] = ()
    error: RunError | None = None
    state: Mapping[str, JsonValue] = field(default_factory=dict)
    """The whole answer under upstream's names in the order sent, cleaned and masked."""


class Timed(Protocol):
    """What presentation needs of a run: `RunFacts` and stored runs both have it."""

    @property
    def status(self) -> str | None: ...
    @property
    def finished(self) -> bool: ...
    @property
    def progress(self) -> float | None: ...
    @property
    def live_status(self) -> str | None: ...
    @property
    def queue_position(self) -> int | None: ...
    @property
    def origin(self) -> str | None: ...
    @property
    def created_at(self) -> datetime | None: ...
    @property
    def queued_at(self) -> datetime | None: ...
    @property
    def started_at(self) -> datetime | None: ...
    @property
    def ended_at(self) -> datetime | None: ...
    @property
    def updated_at(self) -> datetime | None: ...
    @property
    def queue_wait(self) -> float | None: ...
    @property
    def cold_start(self) -> float | None: ...
    @property
    def before_run(self) -> float | None: ...
    @property
    def run(self) -> float | None: ...
    @property
    def total(self) -> float | None: ...
    @property
    def start_kind(self) -> str: ...
    @property
    def warnings(self) -> Sequence[str]: ...
    @property
    def queue_kind(self) -> str: ...
    @property
    def gpu_wait(self) -> float | None: ...
    @property
    def boot(self) -> float | None: ...
