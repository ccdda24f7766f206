"""A run's log with secrets masked, as it is stored."""

import json
import re
from collections.abc import Iterable
from dataclasses import replace

from dashboard.domain.listing import LogLine
from dashboard.domain.text.assigned_secrets import mask_assigned
from dashboard.domain.text.redaction import redact, redact_text

KEPT = 500_000  # characters, from the end: that is where errors are
LONGEST_LINE = 20_000
_SURROGATE = re.compile("[\ud800-\udfff]")


def mask_line(text: str) -> str:
    """One line with secrets masked, values assigned to secret names too.

    A line that is a JSON object is masked by its names; a webhook's address
    loses its whole query, as in a run's answer.
    """
    text = text[:LONGEST_LINE]
    if text.startswith("{"):
        found = _mask_object(text)
        if found is not None:
            return found
    return _mask_text(text)


def _mask_object(text: str) -> str | None:
    try:
        value = json.loads(text)
        if not isinstance(value, dict):
            return None
        if value.get("type") == "webhook" and isinstance(value.get("url"), str):
            value["url"] = redact({"webhook": value["url"]})["webhook"]
        masked = json.dumps(redact(value, _mask_text), ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
    # What no database holds stays escaped, as it was.
    return _SURROGATE.sub(lambda found: f"\\u{ord(found[0]):04x}", masked)


def _mask_text(text: str) -> str:
    return mask_assigned(redact_text(text))


def mask_lines(lines: Iterable[LogLine]) -> list[LogLine]:
    """The last lines, masked: at most 500,000 characters."""
    stored: list[LogLine] = []
    left = KEPT
    for line in reversed(list(lines)):
        masked = replace(line, text=mask_line(line.text))
        left -= len(masked.text) + 1
        if left < 0:
            break
        stored.append(masked)
    return stored[::-1]
