"""ComfyDeploy's webhook calls: unsigned, late, doubled, so they only nudge a run."""

import json
import re
from datetime import datetime
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


def secret_matches(secret: str) -> bool:
    """Whether a call's secret is ours, compared in constant time."""
    return constant_time_compare(secret, settings.HOOK_SECRET)


def seconds_to_wait() -> float:
    """0.0 when a call is accepted (50 a second, bursts of 200), else seconds until the next."""
    return 0.0 if _bucket.take() else max(_bucket.ready_in(), 0.01)


def receive(body: bytes, now: datetime) -> None:
    """Nudges the run that a call is about; tracks an unknown one where HOOK_TRACKS is on.

    Writes, never asks. Of the body only the run's ID is used; an unreadable body is ignored.
    """
    run_id = run_id_of(body)
    if run_id is None:
        return
    if not nudge([run_id], now) and settings.HOOK_TRACKS:
        pasted.track_all([run_id], even_if_removed=False)


def run_id_of(body: bytes) -> UUID | None:
    """The `run_id` in a call's body, which may be cut off after it; None if unreadable."""
    try:
        value: object = json.loads(body)
        return UUID(value["run_id"]) if isinstance(value, dict) else None
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        match = _RUN_ID.search(body)
    try:
        return UUID(match[1].decode()) if match else None
    except ValueError:
        return None
