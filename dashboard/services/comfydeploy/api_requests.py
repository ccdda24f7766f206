"""Questions beside GET run: lists, names and logs go through this one place."""

import time

from dashboard.domain.polling.trouble import Trouble
from dashboard.services import clock
from dashboard.services.comfydeploy import client, gate
from dashboard.services.comfydeploy.token_bucket import token_bucket
from dashboard.upstream.errors import UpstreamError

TRY_EVERY = 0.05
OF_EVERYBODY = frozenset(
    {Trouble.KEY_REJECTED, Trouble.RATE_LIMITED, Trouble.UNREACHABLE, Trouble.TIMED_OUT}
)


def get_body(path: str, *, paid: bool = False) -> bytes:
    """The body at a path of the API; raises UpstreamError. `paid`: a token was taken for it.

    What concerns everybody is noted for everybody. Other failures say nothing of
    upstream as a whole: these endpoints are internal, and some answer 500 for
    an ID that they do not know.
    """
    if not paid:
        token_bucket().charge()
    try:
        body = client.client().get(path)
    except UpstreamError as error:
        if error.trouble in OF_EVERYBODY:
            gate.record_outcome(error, clock.now())
        raise
    gate.record_outcome(None, clock.now())
    return body


def wait_for_token(until: float) -> bool:
    """Takes a token for one more question, waiting until a `time.monotonic()`; False without one.

    It does not wait where this process has learnt that asking is stopped.
    """
    while not gate.is_closed(clock.now()):
        if token_bucket().take():
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(TRY_EVERY)
    return False
