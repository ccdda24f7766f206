"""Numbers and moments as people read them."""

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal

THIN = "\u202f"  # between a number and its unit
GAP = "\u00a0"  # between two such pairs
MINUS = "\u2212"
ELLIPSIS = "…"
# These turn the text around them; a name could pass itself off as another by one.
_TURNS = (0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_DROPPED = dict.fromkeys(_TURNS)
_MARKED = dict.fromkeys(_TURNS, "\ufffd")
MINUTE, HOUR, DAY = 60, 3600, 86400


def took(seconds: float) -> str:
    """A length of time: `850 ms`, `12.6 s`, `3 m 04 s`, `1 h 02 m`, `2 d 03 h`.

    Rounds half up after the unit is chosen, so 59.96 s reads `1 m 00 s`.
    """
    if seconds < 0:
        return MINUS + took(-seconds)
    value = Decimal(repr(float(seconds)))
    if value < Decimal("0.001"):
        return f"<{THIN}1{THIN}ms"
    if value < 1 and (ms := _round(value * 1000)) < 1000:
        return f"{ms}{THIN}ms"
    if value < MINUTE and (tenths := _round(value * 10)) < MINUTE * 10:
        return f"{tenths // 10}.{tenths % 10}{THIN}s"
    if value < HOUR and (whole := _round(value)) < HOUR:
        return _pair(whole, MINUTE, "m", "s")
    if value < DAY and (minutes := _round(value / MINUTE)) < DAY // MINUTE:
        return _pair(minutes, 60, "h", "m")
    return _pair(_round(value / HOUR), 24, "d", "h")


def _pair(smalls: int, in_big: int, big: str, small: str) -> str:
    return f"{smalls // in_big}{THIN}{big}{GAP}{smalls % in_big:02d}{THIN}{small}"


def _round(value: Decimal) -> int:
    return int(value.quantize(Decimal(1), ROUND_HALF_UP))


def exact(seconds: float) -> str:
    """The same time in plain seconds, as far as it is known: `12.604 s`, `3,724 s`."""
    text = f"{abs(seconds):,.6f}".rstrip("0").rstrip(".")
    return f"{MINUS if seconds < 0 else ''}{text}{THIN}s"


def percent_text(percent: int) -> str:
    return f"{percent}{THIN}%"


def count(number: int) -> str:
    return f"{number:,}"


def pixels(width: int, height: int) -> str:
    """The size of a picture: `832 × 1,216`."""
    return f"{count(width)} × {count(height)}"


def plural(number: int, one: str, many: str = "") -> str:
    return f"{count(number)} {one if number == 1 else many or one + 's'}"


def ago(seconds: float) -> str:
    """An age in its one largest unit: `1 s ago`, `6 min ago`, `4 h ago`, `3 days ago`."""
    return f"{span(seconds)} ago"


def span(seconds: float) -> str:
    """A rough length of time: `8 s`, `2 min`, `4 h`, `3 days`."""
    whole = max(0, int(seconds))
    if whole < MINUTE:
        return f"{whole}{THIN}s"
    if whole < HOUR:
        return f"{whole // MINUTE}{THIN}min"
    if whole < DAY:
        return f"{whole // HOUR}{THIN}h"
    return plural(whole // DAY, "day")


def clock(at: datetime, *, tenths: bool = False) -> str:
    """The time of day in UTC without its zone: `14:03:22`; tenths are cut, not rounded."""
    utc = at.astimezone(UTC)
    return f"{utc:%H:%M:%S}" + (f".{utc.microsecond // 100_000}" if tenths else "")


def moment(at: datetime, *, seconds: bool = False) -> str:
    """A moment in UTC with its zone: `23 Nov 2026, 14:02 UTC`."""
    utc = at.astimezone(UTC)
    time = f"{utc:%H:%M:%S}" if seconds else f"{utc:%H:%M}"
    return f"{utc.day} {utc:%b} {utc.year}, {time} UTC"


def iso(at: datetime) -> str:
    """ISO 8601 in UTC with `Z` and milliseconds, as the `datetime` attribute takes it."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def cut(text: str, limit: int) -> str:
    """Text on one line, at most `limit` characters, without characters that turn its direction."""
    line = " ".join(text.translate(_DROPPED).split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + ELLIPSIS


def marked(text: str) -> str:
    """Text whose characters that turn its direction are seen, as U+FFFD."""
    return text.translate(_MARKED)


def capitalized(text: str) -> str:
    """Text with its first letter as a capital, the rest as it is."""
    return text[:1].upper() + text[1:]


def middle_cut(text: str) -> str:
    """An ID by its first 13 and last 4 characters: `7c1e9f42-3b0a…e1b4`."""
    return text if len(text) <= 18 else f"{text[:13]}{ELLIPSIS}{text[-4:]}"
