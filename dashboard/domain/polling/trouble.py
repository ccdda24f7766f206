"""What can go wrong between Runboard and ComfyDeploy, and why no request is sent."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Trouble(StrEnum):
    """One kind of failure, by the word that JSON and the database have for it."""

    UNREACHABLE = "unreachable"
    TIMED_OUT = "timed-out"
    RATE_LIMITED = "rate-limited"
    KEY_REJECTED = "key-rejected"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not-found"
    SERVER_ERROR = "server-error"
    BAD_ANSWER = "bad-answer"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why no request was sent: the circuit breaker, or our own limit (`ours`)."""

    word: str
    retry_at: datetime
    ours: bool = False
