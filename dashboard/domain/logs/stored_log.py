"""A log as it is stored: one text, from which its lines can be read again."""

from collections.abc import Iterator
from datetime import datetime

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.entries import STORED_TIME, Entry, plain_lines

LOG_READER_VERSION = 3
"""Raised when logs are read in another way; watchers then read stored logs again."""

BLANK = "\n"
"""An entry of one empty line."""


def lines_of(body: str) -> list[LogLine]:
    """The plain lines of a stored text, also of one that an earlier release stored.

    What is no longer stored (deliveries of webhooks, the end's mark) is left out.
    """
    lines = list(plain_lines(_entries(body)))
    return lines if any(line.text.strip() for line in lines) else []


def _entries(body: str) -> Iterator[Entry]:
    for line in body.split("\n"):
        found = STORED_TIME.match(line)
        at = _moment(found[0].rstrip()) if found else None
        text = line[found.end() :] if found and at else line
        yield at, text or BLANK


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
