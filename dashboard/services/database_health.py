"""Whether this process can write to the database; readers are told when it can't."""

import logging
import time

from django.db import connection

log = logging.getLogger(__name__)
REMEMBERED = 30.0

_failed: tuple[float, str] | None = None

READ_ONLY = "Runboard's database is read-only."
CAUSES = (
    ("full", "The disk of Runboard's database is full."),
    ("no space", "The disk of Runboard's database is full."),
    ("readonly", READ_ONLY),
    ("read-only", READ_ONLY),
    ("unable to open", "Runboard's database can't be opened."),
)


def failed(error: Exception) -> str:
    """Notes a write that failed; the sentence for readers. Logged once, until a write works."""
    global _failed
    told = sentence(error)
    if told == READ_ONLY and not connection.in_atomic_block:
        connection.close()  # opened on what was read-only, it would stay so
    if _failed is None or _failed[1] != told:
        log.error("%s (%s) Nothing new is stored until there is room again.", told, error)
    _failed = (time.monotonic(), told)
    return told


def worked() -> None:
    """Notes a write that was taken."""
    global _failed
    if _failed is not None:
        log.warning("The database takes writes again.")
    _failed = None


def trouble() -> str | None:
    """What is wrong with storing, while it is; a sentence."""
    if _failed is None or time.monotonic() - _failed[0] > REMEMBERED:
        return None
    return _failed[1]


def sentence(error: Exception) -> str:
    text = str(error).lower()
    return next(
        (told for words, told in CAUSES if words in text),
        "Runboard's database does not take writes.",
    )
