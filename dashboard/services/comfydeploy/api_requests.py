"""Requests for lists, names and logs: everything but GET run goes through here."""

import time

from dashboard.domain.polling.trouble import Trouble
from dashboard.services import clock
from dashboard.services.comfydeploy import client, gate
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.upstream.errors import UpstreamError

TOKEN_POLL_SECONDS = 0.05
# Troubles that say something about every request, not about one path.
SHARED_TROUBLES = frozenset(
    {Trouble.KEY_REJECTED, Trouble.RATE_LIMITED, Trouble.UNREACHABLE, Trouble.TIMED_OUT}
)


def get_body(path: str, *, token_taken: bool = False) -> bytes:
    """Asks ComfyDeploy for a path of its API and returns the body; raises UpstreamError.

    The token bucket is charged, unless the caller has taken a token already. Good
    answers and SHARED_TROUBLES are reported to the gate. Other failures are not:
    these endpoints are internal, and some answer 500 for an unknown ID.
    """
    if not token_taken:
        token_bucket().charge()
    try:
        body = client.client().get(path)
    except UpstreamError as error:
        if error.trouble in SHARED_TROUBLES:
            gate.record_outcome(error, clock.now())
        raise
    gate.record_outcome(None, clock.now())
    return body


def wait_for_token(until: float) -> bool:
    """Takes a token for one more request, waiting until that `time.monotonic()`.

    False where no token comes in time, or at once while the gate is closed.
    """
    while not gate.is_closed(clock.now()):
        if token_bucket().take():
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(TOKEN_POLL_SECONDS)
    return False
