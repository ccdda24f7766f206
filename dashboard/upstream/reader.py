"""One answer to GET run, read once into plain facts."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from dashboard.domain.json_types import JsonObject
from dashboard.domain.run.durations import FIELDS, read_durations, start_kind
from dashboard.domain.run.facts import RunFacts
from dashboard.domain.run.outputs import Reading, read_outputs
from dashboard.domain.run.progress import read_progress
from dashboard.domain.run.status import KNOWN, is_finished
from dashboard.domain.run.values import (
    lacks_seconds,
    parse_count,
    parse_id,
    parse_moment,
    parse_number,
    parse_word,
)
from dashboard.domain.text.redaction import redact, redact_text
from dashboard.domain.text.terminal_text import without_escapes
from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.json_body import read_json

READER_VERSION = 4
LONGEST_STATUS = 100
LONGEST_WORD = 200
STAMPS = ("created", "queued", "started", "ended", "updated")
WORDS = (
    *("gpu", "origin", "machine_type"),
    *("user_id", "gpu_event_id"),
)
IDS = ("machine_id", "workflow_id", "workflow_version_id")


def read_run(body: bytes, run_id: UUID, *, cold_after: float = 5.0) -> RunFacts:
    """The facts of an answer about `run_id`; raises BadAnswer, and nothing else, when it is none.

    A run is cold when ComfyUI took more than `cold_after` seconds to answer.
    Secrets are masked everywhere but in the links of outputs.
    """
    answer = read_json(body)
    if not isinstance(answer, dict):
        raise BadAnswer("ComfyDeploy's answer is not about a run.")
    if _id(answer.get("id")) != run_id:
        raise BadAnswer("ComfyDeploy's answer is not about the run that was asked for.")
    status = (parse_word(answer.get("status"), LONGEST_STATUS) or "").strip()
    if not status:
        raise BadAnswer("ComfyDeploy's answer does not say how the run is.")
    return facts_of(answer, run_id, status, cold_after)


def _id(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def facts_of(answer: JsonObject, run_id: UUID, status: str, cold_after: float) -> RunFacts:
    """The facts of an object about a run, whose ID and status are read already."""
    state = dict(redact(answer))
    if live_status := _live_status(answer):
        state["live_status"] = live_status
    stamps = {name: parse_moment(answer.get(f"{name}_at")) for name in STAMPS}
    columns: dict[str, Any] = {f"{name}_at": at for name, at in stamps.items()}
    columns |= {name: parse_word(state.get(name), LONGEST_WORD) for name in WORDS}
    columns |= {name: parse_id(state.get(name), LONGEST_WORD) for name in IDS}
    finished = is_finished(status, stamps["ended"])
    reported = {field: parse_number(answer.get(field)) for field in FIELDS.values()}
    inexact = frozenset(name for name in STAMPS if lacks_seconds(answer.get(f"{name}_at")))
    durations, warnings = read_durations(reported, stamps, finished, inexact)
    made = read_outputs(answer.get("outputs"))
    return RunFacts(
        id=run_id,
        status=status,
        finished=finished,
        progress=read_progress(parse_number(answer.get("progress")), status),
        live_status=live_status,
        queue_position=parse_count(answer.get("queue_position")),
        **asdict(durations),
        start_kind=start_kind(durations.cold_start, cold_after),
        warnings=(*warnings, *_warnings(status, stamps["ended"], made)),
        **columns,
        inputs=state.get("workflow_inputs"),
        outputs=made.outputs,
        values=made.values,
        error=made.error,
        state=state,
    )


def _live_status(answer: JsonObject) -> str | None:
    words = parse_word(answer.get("live_status"))
    return None if words is None else redact_text(without_escapes(words))


def _warnings(status: str, ended_at: datetime | None, made: Reading) -> tuple[str, ...]:
    conditions = {
        "timeout-not-final": status == "timeout" and ended_at is None,
        "unknown-status": status not in KNOWN,
        "unsafe-url": any(output.unsafe for output in made.outputs),
    }
    return tuple(name for name, holds in conditions.items() if holds)
