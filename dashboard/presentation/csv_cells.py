"""Cells of a CSV file that spreadsheets open: texts that are no formulas, plain numbers, times."""

from datetime import datetime, tzinfo

# The wide signs are read as the plain ones by spreadsheets of East Asian languages.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_DROPPED = {0: None}


def text_cell(text: str | None) -> str:
    """A text; one that a spreadsheet would take for a formula begins with an apostrophe."""
    plain = (text or "").translate(_DROPPED).encode(errors="replace").decode()
    return f"'{plain}" if plain.lstrip(" ").startswith(FORMULA) else plain


def seconds_cell(seconds: float | None) -> str:
    """Seconds to the millisecond with a point, whatever the reader's language; "" if unknown."""
    if seconds is None:
        return ""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def time_cell(at: datetime | None, zone: tzinfo) -> str:
    """A moment of a zone with its offset, in ISO 8601 to the millisecond; "" if unknown."""
    return "" if at is None else at.astimezone(zone).isoformat(timespec="milliseconds")
