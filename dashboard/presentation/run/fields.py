"""ComfyDeploy's published fields, each with its place on the page."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

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
LONGEST = 300


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field of the answer: its value as JSON text, `null` or `not sent`."""

    name: str
    shown: str
    sent: bool
    published: bool = True
    length: str = ""  # how long the whole value is, where `shown` is cut


def field_rows(state: Mapping[str, Any]) -> tuple[FieldRow, ...]:
    """Every published field in the published order, then whatever else was sent."""
    extra = [name for name in state if name not in PUBLISHED_FIELDS]
    return tuple(_row(name, state) for name in (*PUBLISHED_FIELDS, *extra))


def _row(name: str, state: Mapping[str, Any]) -> FieldRow:
    published = name in PUBLISHED_FIELDS
    if name not in state:
        return FieldRow(name, "not sent", False, published)
    text = json_text(state[name])
    if len(text) <= LONGEST:
        return FieldRow(name, text, True, published)
    length = f"{count(len(text))} characters"
    return FieldRow(name, text[:LONGEST] + "…", True, published, length)


def json_text(value: Any, *, indent: int | None = None) -> str:
    """A value as JSON for reading: integers exact, letters as they are."""
    return json.dumps(value, ensure_ascii=False, indent=indent)
