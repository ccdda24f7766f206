"""Numbers, moments and words from JSON values of any type; None where one cannot be read."""

import math
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECONDS_ABOVE = 1e11
LONGEST_NUMBER = 400
BIGGEST_WHOLE = 2**63 - 1
_WITHOUT_SECONDS = re.compile(r"[\d-]{8,10}[Tt ]\d\d:\d\d *([Zz]|[+-]\d\d:?\d\d)?")


def parse_number(value: object) -> float | None:
    """A finite number, also from a string; None for booleans."""
    if isinstance(value, str):
        return _spelled(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        read = float(value)
    except OverflowError:
        return None
    return read if math.isfinite(read) else None


def _spelled(text: str) -> float | None:
    if len(text) > LONGEST_NUMBER or not text.isascii() or "_" in text:
        return None
    try:
        read = float(text)
    except ValueError:
        return None
    return read if math.isfinite(read) else None


def parse_count(value: object) -> int | None:
    """A whole number from 0 that fits 64 bits."""
    read = parse_number(value)
    if read is None or read < 0 or read != int(read):
        return None
    whole = value if isinstance(value, int) else int(read)
    return whole if whole <= BIGGEST_WHOLE else None


def parse_moment(value: object) -> datetime | None:
    """A moment in UTC: ISO 8601 (UTC where no zone is named) or Unix seconds or milliseconds."""
    read = _iso(value) if isinstance(value, str) else None
    if read is None:
        read = _unix(parse_number(value))
    # A year at the calendar's edge cannot be moved to another zone.
    return read if read is not None and 1 < read.year < 9999 else None


def lacks_seconds(value: object) -> bool:
    """Whether a moment was sent without its seconds, as ComfyDeploy does on a whole one."""
    return isinstance(value, str) and bool(_WITHOUT_SECONDS.fullmatch(value.strip()))


def _iso(text: str) -> datetime | None:
    if len(text) > LONGEST_NUMBER:
        return None
    try:
        read = datetime.fromisoformat(text.strip().upper())
        return read.replace(tzinfo=UTC) if read.tzinfo is None else read.astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _unix(seconds: float | None) -> datetime | None:
    if seconds is None:
        return None
    if abs(seconds) > MILLISECONDS_ABOVE:
        seconds /= 1000
    try:
        return EPOCH + timedelta(seconds=seconds)
    except OverflowError:
        return None


def parse_word(value: object, most: int | None = None) -> str | None:
    """A string as sent, cut to `most` characters."""
    return value[:most] if isinstance(value, str) else None


def parse_id(value: object, most: int | None = None) -> str | None:
    """An ID as a string: a UUID in its normal form, else as sent, cut to `most` characters."""
    word = parse_word(value, most)
    try:
        return word and str(UUID(word))
    except ValueError:
        return word


def parse_uuid(value: object) -> UUID | None:
    """A UUID in any of its spellings."""
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def parse_name(value: object) -> str | None:
    """An identifier that may be sent as a string or as a whole number."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return parse_word(value)
