"""Cells of a CSV file that spreadsheets open: texts that are no formulas, plain numbers, times."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, tzinfo
from functools import lru_cache

# The wide signs are read as the plain ones by spreadsheets of East Asian languages.
SIGNS = "=+-@＝＋－＠"
SEPARATORS = ";\t\r\n"  # where a spreadsheet may begin another cell, whatever the quotes say
_DROPPED = {0: None}
_QUOTED = re.compile('[,"\\r\\n]')
# Nearly every text: nothing to be done. No separator is in it, no NUL and no surrogate.
_PLAIN = re.compile(r"[A-Za-z0-9][\x01-\x08\x0b\x0c\x0e-:<-\ud7ff]*")
# A quote after a separator is none of the text where the cell is split there.
_FORMULA = re.compile(
    rf"\A(?= *[\t\r\n{re.escape(SIGNS)}])"
    rf'|(?<=[{SEPARATORS}])(?=[ "]*[{re.escape(SIGNS)}])'
)


def text_cell(text: str | None) -> str:
    """A text; an apostrophe stands before all that a spreadsheet would take for a formula."""
    if not text or _PLAIN.fullmatch(text):
        return text or ""
    plain = text.translate(_DROPPED).encode(errors="replace").decode()
    return _FORMULA.sub("'", plain)


def seconds_cell(seconds: float | None) -> str:
    """Seconds to the millisecond with a point, whatever the reader's language; "" if unknown."""
    if seconds is None:
        return ""
    return f"{seconds:.3f}".rstrip("0").rstrip(".")


def dollars_cell(micros: int | None) -> str:
    """US dollars of millionths, with four places at least, as JSON tells them; "" if unknown."""
    if micros is None:
        return ""
    text = f"{micros // 1_000_000}.{micros % 1_000_000:06}"
    return text[:-2] + text[-2:].rstrip("0")


def time_cell(at: str | None, zone: tzinfo) -> str:
    """A moment of a zone with its offset, in ISO 8601 to the millisecond; "" if unknown.

    It is given in UTC as the databases write it: `2026-07-01 12:00:00.123456`, or `12:00:00+00`.
    """
    if at is None:
        return ""
    hour, offset = _hour(at[:13], zone)
    if not hour:
        return _moment(at, zone).isoformat(timespec="milliseconds")
    fraction = at.removesuffix("+00")[20:23]
    return f"{hour}{at[13:19]}.{fraction:0<3}{offset}"


@lru_cache(maxsize=4096)
def _hour(hour: str, zone: tzinfo) -> tuple[str, str]:
    """An hour of UTC in a zone, and the offset; empty where that is not whole hours, or changes."""
    first, last = (_moment(f"{hour}{rest}", zone) for rest in (":00", ":59:59.999999"))
    if first.minute or first.second or first.utcoffset() != last.utcoffset():
        return "", ""
    return first.isoformat()[:13], first.isoformat()[19:]


def _moment(at: str, zone: tzinfo) -> datetime:
    return datetime.fromisoformat(at).replace(tzinfo=UTC).astimezone(zone)


def quoted(cell: str) -> str:
    """A cell as the file has it: in quotes where it needs them."""
    return '"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell


def lines(columns: Iterable[Iterable[str]]) -> str:
    """The lines of these columns, whose cells have the quotes that they need."""
    return "".join([f"{','.join(row)}\r\n" for row in zip(*columns, strict=True)])
