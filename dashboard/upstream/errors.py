"""How a request to ComfyDeploy can fail: one tree, each leaf with its trouble word.

    UpstreamError
    ├── Unreachable    no connection, or one that broke off
    ├── TimedOut       one of our own timers ran out
    ├── KeyRejected    401
    ├── Forbidden      403
    ├── NotFound       404
    ├── RateLimited    429, with its Retry-After
    ├── ServerFailed   any 5xx
    └── BadAnswer      anything else that is no answer about the run asked for

The words are those of `domain/polling/trouble.py`. A message is a sentence for people
and never holds the key or a part of an answer.
"""

from dashboard.domain.polling.trouble import Trouble


class UpstreamError(Exception):
    """ComfyDeploy has not answered well; `retry_after` in seconds where it named a wait."""

    trouble = Trouble.UNREACHABLE

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


class Unreachable(UpstreamError):
    trouble = Trouble.UNREACHABLE


class TimedOut(UpstreamError):
    trouble = Trouble.TIMED_OUT


class KeyRejected(UpstreamError):
    trouble = Trouble.KEY_REJECTED


class Forbidden(UpstreamError):
    trouble = Trouble.FORBIDDEN


class NotFound(UpstreamError):
    trouble = Trouble.NOT_FOUND


class RateLimited(UpstreamError):
    trouble = Trouble.RATE_LIMITED


class ServerFailed(UpstreamError):
    trouble = Trouble.SERVER_ERROR


class BadAnswer(UpstreamError):
    trouble = Trouble.BAD_ANSWER
