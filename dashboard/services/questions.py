"""Questions beside GET run: lists, names and logs go through this one place."""

import time

from dashboard.services import clock, door, manners
from dashboard.services.bucket import bucket
from dashboard.upstream.errors import UpstreamError

TRY_EVERY = 0.05
OF_EVERYBODY = frozenset({"key-rejected", "rate-limited", "unreachable", "timed-out"})


def ask(path: str, *, paid: bool = False) -> bytes:
    """The body at a path of the API; raises UpstreamError. `paid`: a token was taken for it.

    What concerns everybody is noted for everybody. Other failures say nothing of
    upstream as a whole: these endpoints are internal, and some answer 500 for
    an ID that they do not know.
    """
    if not paid:
        bucket().charge()
    try:
        body = door.client().get(path)
    except UpstreamError as error:
        if error.trouble in OF_EVERYBODY:
            manners.heard(error, clock.now())
        raise
    manners.heard(None, clock.now())
    return body


def pay(until: float) -> bool:
    """Takes a token for one more question, waiting until a `time.monotonic()`; False without one.

    It does not wait where this process has learnt that asking is stopped.
    """
    while not manners.closed_meanwhile(clock.now()):
        if bucket().take():
            return True
        if time.monotonic() >= until:
            return False
        time.sleep(TRY_EVERY)
    return False
