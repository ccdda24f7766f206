"""Whether this process can write to the database, and the sentence on pages while it can't."""

import logging
import time

from django.db import connection

log = logging.getLogger(__name__)
REPORTED_FOR = 30.0  # seconds after the last failed write

_last_failure: tuple[float, str] | None = None

READ_ONLY = "Runboard's database is read-only."
CAUSES = (
    ("full", "The disk of Runboard's database is full."),
    ("no space", "The disk of Runboard's database is full."),
    ("readonly", READ_ONLY),
    ("read-only", READ_ONLY),
    ("unable to open", "Runboard's database can't be opened."),
)


def record_failure(error: Exception) -> str:
    """Records a failed write and returns the sentence for pages; logs once until a write works."""
    global _last_failure
    text = sentence(error)
    if text == READ_ONLY and not connection.in_atomic_block:
        connection.close()  # a connection to a read-only file stays read-only
    if _last_failure is None or _last_failure[1] != text:
        log.error("%s (%s) Nothing new is stored until there is room again.", text, error)
    _last_failure = (time.monotonic(), text)
    return text


def record_success() -> None:
    """Records a write that worked."""
    global _last_failure
    if _last_failure is not None:
        log.warning("The database takes writes again.")
    _last_failure = None


def trouble() -> str | None:
    """The sentence of the last failed write, for 30 s; None once a write works."""
    if _last_failure is None or time.monotonic() - _last_failure[0] > REPORTED_FOR:
        return None
    return _last_failure[1]


def sentence(error: Exception) -> str:
    """What a database error means, in words for pages."""
    message = str(error).lower()
    return next(
        (text for words, text in CAUSES if words in message),
        "Runboard can't write to its database.",
    )
