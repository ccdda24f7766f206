"""Questions beside GET run: lists, names and logs go through this one place."""

from dashboard.services import clock, door, manners
from dashboard.services.bucket import bucket
from dashboard.upstream.errors import UpstreamError

OF_EVERYBODY = frozenset({"key-rejected", "rate-limited", "unreachable", "timed-out"})


def ask(path: str) -> bytes:
    """The body at a path of the API; raises UpstreamError.

    What concerns everybody is noted for everybody. Other failures say nothing of
    upstream as a whole: these endpoints are internal, and some answer 500 for
    an ID that they do not know.
    """
    bucket().charge()
    try:
        body = door.client().get(path)
    except UpstreamError as error:
        if error.trouble in OF_EVERYBODY:
            manners.heard(error, clock.now())
        raise
    manners.heard(None, clock.now())
    return body
