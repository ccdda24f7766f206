"""A container: one GPU machine that ComfyDeploy started, and when."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from dashboard.domain.json_types import JsonValue
from dashboard.domain.run.values import (
    lacks_seconds,
    parse_moment,
    parse_uuid,
    parse_word,
)

LONGEST_WORD = 200
CLOCKS_DIFFER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ContainerFacts:
    """One of a machine's events. A moment that was sent without its seconds is not known."""

    id: UUID
    machine_id: str
    machine_version_id: str | None
    gpu: str | None
    environment: str | None  # fluid deployments alone have one
    session_id: str | None  # of a person's workspace; a run's container has none
    started_at: datetime | None
    ended_at: datetime | None
    open: bool  # no end was sent: it is up, or crashed


def read_container(
    row: Mapping[str, JsonValue], machine_id: str, now: datetime
) -> ContainerFacts | None:
    """The container in one event of this machine; None where it is not one.

    An end before the start is not known, and a start in the future no event.
    """
    container_id = parse_uuid(row.get("id"))
    if container_id is None or (parse_word(row.get("machine_id")) or machine_id) != machine_id:
        return None
    started, ended = _exact(row.get("start_time")), _exact(row.get("end_time"))
    if started and started > now + CLOCKS_DIFFER:
        return None
    if started and ended and ended < started:
        ended = None
    return ContainerFacts(
        id=container_id,
        machine_id=machine_id,
        machine_version_id=_word(row.get("machine_version_id")),
        gpu=_word(row.get("gpu")),
        environment=_word(row.get("environment")),
        session_id=_word(row.get("session_id")),
        started_at=started,
        ended_at=ended,
        open=row.get("end_time") is None,
    )


def _exact(value: JsonValue) -> datetime | None:
    return None if lacks_seconds(value) else parse_moment(value)


def _word(value: JsonValue) -> str | None:
    return (parse_word(value, LONGEST_WORD) or "").strip() or None
