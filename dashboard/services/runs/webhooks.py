"""ComfyDeploy's calls: unsigned, late, doubled, so they only say which run to look at."""

import json
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from dashboard.services.comfydeploy.token_bucket import TokenBucket
from dashboard.services.runs import pasted
from dashboard.services.runs.nudge import nudge

RATE, BURST = 50.0, 200.0
MAX_BYTES = 256_000
# In a body too long to be read whole: the run's ID comes before its outputs.
_RUN_ID = re.compile(rb'(?<!\\)"run_id"\s{0,9}:\s{0,9}"([0-9a-fA-F-]{32,36})"')

_bucket = TokenBucket(RATE, BURST)


def address() -> str:
    """The address to pass as `webhook` when a run is queued."""
    return settings.PUBLIC_URL + reverse("hook", args=[settings.HOOK_SECRET])


def is_ours(secret: str) -> bool:
    """Whether a call knows the secret, compared in constant time."""
    return constant_time_compare(secret, settings.HOOK_SECRET)


def wait() -> float:
    """0.0 when a call may be taken, else seconds to wait: 50 a second, bursts of 200."""
    return 0.0 if _bucket.take() else max(_bucket.ready_in(), 0.01)


def take(body: bytes, now: datetime) -> None:
    """Makes the run that a call is about due now; tracks it where HOOK_TRACKS says so.

    What cannot be read is no signal. Nothing of the body is stored or believed.
    """
    run_id = run_id_of(body)
    if run_id is None:
        return
    if not nudge([run_id], now) and settings.HOOK_TRACKS:
        pasted.track_all([run_id], again=False)


def run_id_of(body: bytes) -> UUID | None:
    """The `run_id` of a call's body, which may be cut off behind it."""
    try:
        value: Any = json.loads(body)
        return UUID(value["run_id"]) if isinstance(value, dict) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        found = _RUN_ID.search(body)
    try:
        return UUID(found[1].decode()) if found else None
    except ValueError:
        return None
