"""How asking ComfyDeploy can fail: one tree, each leaf with its trouble word.

    UpstreamError
    ├── Unreachable    no connection, or one that broke off
    ├── TimedOut       one of our own timers ran out
    ├── KeyRejected    401
    ├── Forbidden      403
    ├── NotFound       404
    ├── RateLimited    429, with its Retry-After
    ├── ServerFailed   any 5xx
    └── BadAnswer      anything else that is no answer about the run asked for

The words are those of `domain/trouble.py`. A message is a sentence for people
and never holds the key or a part of an answer.
"""


class UpstreamError(Exception):
    """ComfyDeploy has not answered well; `retry_after` in seconds where it named a wait."""

    trouble = "unreachable"

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after = retry_after


class Unreachable(UpstreamError):
    trouble = "unreachable"


class TimedOut(UpstreamError):
    trouble = "timed-out"


class KeyRejected(UpstreamError):
    trouble = "key-rejected"


class Forbidden(UpstreamError):
    trouble = "forbidden"


class NotFound(UpstreamError):
    trouble = "not-found"


class RateLimited(UpstreamError):
    trouble = "rate-limited"


class ServerFailed(UpstreamError):
    trouble = "server-error"


class BadAnswer(UpstreamError):
    trouble = "bad-answer"
