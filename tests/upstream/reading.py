"""The samples, read."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from dashboard.domain.run.facts import RunFacts
from dashboard.upstream.reader import read_run

SAMPLES = Path(__file__).parent.parent / "samples"
PAYLOADS = sorted((SAMPLES / "payloads").glob("*.json"))
LIFE = [
    path
    for path in sorted((SAMPLES / "captures").glob("*.json"))
    if path.read_bytes().startswith(b'{"id"')
]
RUN = UUID("40bec7a6-9c2f-4b62-af63-e6b66a47cf5a")


def sample(number: str) -> dict[str, Any]:
    (path,) = [path for path in [*PAYLOADS, *LIFE] if path.name.startswith(f"{number}_")]
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


def facts(payload: dict[str, Any], **changes: Any) -> RunFacts:
    sent = {**payload, **changes}
    return read_run(json.dumps(sent).encode(), UUID(payload["id"]))


def read(number: str, **changes: Any) -> RunFacts:
    return facts(sample(number), **changes)


def times(run: RunFacts) -> list[float | None]:
    return [run.queue_wait, run.cold_start, run.before_run, run.run, run.total]
