"""Names what went wrong: by the status of an answer, or by why there is none."""

import http.client
import math
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

import requests
import urllib3.exceptions as lib

from dashboard.upstream import errors
from dashboard.upstream.errors import BadAnswer, Unreachable, UpstreamError

SHORTEST_WAIT, LONGEST_WAIT = 1.0, 3600.0

BY_STATUS: dict[int, tuple[type[UpstreamError], str]] = {
    401: (errors.KeyRejected, "ComfyDeploy rejects this server's key."),
    403: (errors.Forbidden, "This server's key may not read this run."),
    404: (errors.NotFound, "ComfyDeploy has no run with this ID."),
    429: (errors.RateLimited, "ComfyDeploy asked us to slow down."),
}
CAUSES: tuple[tuple[type[BaseException], str], ...] = (
    (lib.ProxyError, "the proxy between did not connect"),
    (lib.SSLError, "no secure connection could be made"),
    (lib.NameResolutionError, "its address could not be found"),
    (ConnectionRefusedError, "the connection was refused"),
    (ConnectionError, "the connection was closed before an answer"),
    (lib.NewConnectionError, "no connection could be made"),
)


def raise_for_answer(response: requests.Response) -> None:
    """Raises the named error of an answer that is no success; its body is never read."""
    status = response.status_code
    if 200 <= status < 300:
        return
    wait = retry_after(response)
    if status in BY_STATUS:
        kind, sentence = BY_STATUS[status]
        raise kind(sentence, retry_after=wait if status == 429 else None)
    if status >= 500:
        message = f"ComfyDeploy failed while answering (status {status})."
        raise errors.ServerFailed(message, retry_after=wait if status == 503 else None)
    raise BadAnswer(f"ComfyDeploy answered with status {status}, which says nothing about a run.")


def retry_after(response: requests.Response) -> float | None:
    """The wait in seconds that an answer asks for (a number or a date), from 1 s to 1 h."""
    header = response.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"-?[0-9]+(\.[0-9]*)?", header):
        seconds = float(header[:20])
    else:
        end = _date(header)
        if end is None:
            return None
        # By the server's own clock, where it sends one.
        now = _date(response.headers.get("Date", "")) or datetime.now(UTC)
        seconds = (end - now).total_seconds()
    return min(LONGEST_WAIT, max(SHORTEST_WAIT, math.ceil(seconds)))


def _date(text: str) -> datetime | None:
    try:
        read = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return read.replace(tzinfo=UTC) if read.tzinfo is None else read


def name_failure(error: Exception) -> Unreachable | BadAnswer:
    """The named error for a request without an answer; it holds nothing of the request."""
    chain = list(_chain(error))
    for cause in chain:
        if isinstance(cause, http.client.HTTPException) and not isinstance(
            cause, http.client.RemoteDisconnected | http.client.IncompleteRead
        ):
            return BadAnswer("What answered does not speak as ComfyDeploy does.")
    for kind, words in CAUSES:
        if any(isinstance(cause, kind) for cause in chain):
            return Unreachable(f"Runboard can't reach ComfyDeploy: {words}.")
    return Unreachable("Runboard can't reach ComfyDeploy.")


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it wraps: requests and urllib3 keep causes in three different places."""
    seen: set[int] = set()
    waiting = [error]
    while waiting:
        each = waiting.pop()
        if not isinstance(each, BaseException) or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        waiting += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
