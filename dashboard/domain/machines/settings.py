"""A machine's settings, as far as they say how its containers live."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.domain.json_types import JsonObject, JsonValue
from dashboard.domain.run.values import parse_count, parse_word
from dashboard.domain.text.assigned_secrets import mask_assigned
from dashboard.domain.text.redaction import redact, redact_text

LONGEST_ID = 200
MOST = 2**31 - 1
LONGEST_BUILD = 300_000  # bytes
BUILD = (
    *("type", "gpu", "comfyui_version", "python_version", "base_docker_image"),
    *("docker_command_steps", "extra_docker_commands", "dependencies", "snapshot"),
    *("prestart_command", "extra_args", "models_to_cache", "machine_builder_version"),
    *("cpu_request", "cpu_limit", "memory_request", "memory_limit", "disable_metadata"),
    *("install_custom_node_with_gpu", "allow_concurrent_inputs"),
)


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
    build: JsonObject | None = None  # how it was built, as it was sent, secrets masked


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
        build=_build(row),
    )


def _build(row: Mapping[str, JsonValue]) -> JsonObject | None:
    """What tells how to build the machine again; None where there is nothing, or too much."""
    told = {name: row[name] for name in BUILD if row.get(name) not in (None, "", [], {})}
    found = redact(told, lambda text: mask_assigned(redact_text(text)))
    size = len(json.dumps(found, ensure_ascii=False).encode()) if found else 0
    return found if 0 < size <= LONGEST_BUILD else None


def _count(value: JsonValue) -> int | None:
    found = parse_count(value)
    return None if found is None or found > MOST else found
