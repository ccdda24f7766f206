"""A machine's settings, as far as they say how its containers live."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.domain.json_types import JsonValue
from dashboard.domain.run.values import parse_count, parse_word

LONGEST_ID = 200
MOST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class MachineSettings:
    """Seconds and numbers of containers; None where not told."""

    idle_timeout: int | None = None  # how long a container stays up without a run
    keep_warm: int | None = None  # containers that are always up
    run_timeout: int | None = None  # a longer run is timed out
    concurrency_limit: int | None = None  # containers at once
    optimised: bool = False  # ComfyUI boots with the machine, before the queue ends
    version_id: str | None = None
    version: int | None = None


def read_settings(row: Mapping[str, JsonValue]) -> MachineSettings:
    """The settings in an answer about a machine; whatever cannot be read is not known."""
    return MachineSettings(
        idle_timeout=_count(row.get("idle_timeout")),
        keep_warm=_count(row.get("keep_warm")),
        run_timeout=_count(row.get("run_timeout")),
        concurrency_limit=_count(row.get("concurrency_limit")),
        optimised=row.get("optimized_runner") is True,
        version_id=parse_word(row.get("machine_version_id"), LONGEST_ID),
        version=_count(row.get("machine_version")),
    )


def _count(value: JsonValue) -> int | None:
    found = parse_count(value)
    return None if found is None or found > MOST else found
