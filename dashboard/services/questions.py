"""Questions beside GET run: lists, names and logs go through this one place."""

from django.utils import timezone

from dashboard.services import door, marks
from dashboard.upstream.errors import UpstreamError


def ask(path: str) -> bytes:
    """The body at a path of the API; raises UpstreamError.

    A rejected key is noted for everybody. Other failures say nothing of
    upstream as a whole: these endpoints are internal, and some answer 500 for
    an ID that they do not know.
    """
    try:
        body = door.client().get(path)
    except UpstreamError as error:
        if error.trouble == "key-rejected":
            marks.answered(error, timezone.now())
        raise
    marks.answered(None, timezone.now())
    return body
