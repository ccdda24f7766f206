"""ComfyDeploy's published fields, each with its place on the page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.presentation.folding import Folded, fold, fold_line
from dashboard.presentation.format import count

PUBLISHED_FIELDS = (
    "id",
    "workflow_version_id",
    "workflow_inputs",
    "workflow_id",
    "workflow_api",
    "machine_id",
    "origin",
    "status",
    "ended_at",
    "created_at",
    "updated_at",
    "queued_at",
    "started_at",
    "gpu_event_id",
    "gpu",
    "machine_version",
    "machine_type",
    "modal_function_call_id",
    "user_id",
    "org_id",
    "live_status",
    "progress",
    "is_realtime",
    "webhook",
    "webhook_status",
    "webhook_intermediate_status",
    "outputs",
    "number",
    "duration",
    "cold_start_duration",
    "cold_start_duration_total",
    "run_duration",
    "queue_position",
)
PERSONAL = ("user_id", "org_id")
LONGEST = 300
MAX_EXTRA = 100  # rows of fields that are not published


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of the answer: its value as JSON text, `null` or `not sent`."""

    name: str
    shown: str
    sent: bool
    published: bool = True
    fold: Folded | None = None  # of a value that is too long for the page
    at: int = 0  # its place among the fields
    personal: bool = False  # it names a user or an organisation, and is not printed

    @property
    def place(self) -> str:
        """Where the whole value is found, below the address of the run's values."""
        return f"fields/{self.at}"


def field_rows(state: Mapping[str, object]) -> tuple[FieldRow, ...]:
    """Every published field in the published order, then whatever else was sent."""
    names = field_names(state)
    shown = names[: len(PUBLISHED_FIELDS) + MAX_EXTRA]
    people = [one for name in PERSONAL if isinstance(one := state.get(name), str) and one]
    rows = [_row(at, name, state, people) for at, name in enumerate(shown)]
    if more := len(names) - len(shown):
        rows.append(FieldRow("…", f"{count(more)} more, in the raw response", True))
    return tuple(rows)


def field_names(state: Mapping[str, object]) -> list[str]:
    """The names of all fields, in the order of their rows."""
    return [*PUBLISHED_FIELDS, *(name for name in state if name not in PUBLISHED_FIELDS)]


def field_text(state: Mapping[str, object], at: int) -> str:
    """The whole value of one field as JSON; IndexError or KeyError where there is none."""
    return json_text(state[field_names(state)[at]], indent=2)


def _row(at: int, name: str, state: Mapping[str, object], people: list[str]) -> FieldRow:
    published = name in PUBLISHED_FIELDS
    if name not in state:
        return FieldRow(name, "not sent", False, published)
    text = json_text(state[name])
    folded = fold(text, LONGEST)
    return FieldRow(
        fold_line(name, LONGEST),
        folded.head,
        True,
        published,
        folded if folded.cut else None,
        at,
        name in PERSONAL or any(one in text for one in people),
    )


def json_text(value: object, *, indent: int | None = None) -> str:
    """A value as JSON for reading: integers exact, letters as they are."""
    try:
        return json.dumps(value, ensure_ascii=False, indent=indent)
    except RecursionError:  # indenting goes deeper than writing in one line
        return json.dumps(value, ensure_ascii=False)
