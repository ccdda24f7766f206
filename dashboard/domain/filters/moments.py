"""Stretches of time as a filter writes them: `today`, `7d`, `2026-11-20..2026-11-26`, `>…`."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

TODAY, YESTERDAY = "today", "yesterday"
_LAST = re.compile(r"([1-9]\d{0,3})([hd])", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}.*", re.ASCII)
_SIDE = re.compile(r"(>=|<=|>|<)\s*(\S.*)")
LATEST_YEAR = 2999  # a day's end is a day later, in any zone


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `begin` on and before `end`; None is open to that side."""

    begin: datetime | None = None
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        return (self.begin is None or at >= self.begin) and (self.end is None or at < self.end)


def read_moments(text: str) -> str | None:
    """A value in its one form; None where it is no stretch of time.

    Days are of the reader's zone and both included; a moment without an offset is of that zone.
    """
    value = text.strip().lower()
    if value in (TODAY, YESTERDAY) or _LAST.fullmatch(value):
        return value
    first, dots, last = value.partition("..")
    days = [_day(each.strip()) for each in ((first, last) if dots else (first,))]
    if None not in days:
        known = [day for day in days if day]
        return "..".join(map(str, known)) if known == sorted(known) else None
    found = _SIDE.fullmatch(text.strip())
    moment = _moment(found[2]) if found else None
    return f"{found[1]}{_printed(moment)}" if found and moment else None


def is_of_days(value: str) -> bool:
    """Whether a value that `read_moments` gave means another stretch of time in another zone."""
    if _LAST.fullmatch(value):
        return False
    side = _SIDE.fullmatch(value)
    if side is None or _DAY.fullmatch(side[2]):
        return True
    return datetime.fromisoformat(side[2].replace("Z", "+00:00")).tzinfo is None


def stretch_of(value: str, now: datetime, zone: tzinfo = UTC) -> Stretch:
    """The stretch of a value that `read_moments` gave, at this moment in this zone."""
    today = now.astimezone(zone).date()
    if value == TODAY:
        return _days(today, today, zone)
    if value == YESTERDAY:
        before = today - timedelta(days=1)
        return _days(before, before, zone)
    if found := _LAST.fullmatch(value):
        unit = timedelta(hours=1) if found[2] == "h" else timedelta(days=1)
        return Stretch(begin=now - int(found[1]) * unit)
    if found := _SIDE.fullmatch(value):
        return _side(found[1], found[2], zone)
    first, _, last = value.partition("..")
    return _days(date.fromisoformat(first), date.fromisoformat(last or first), zone)


def _side(sign: str, text: str, zone: tzinfo) -> Stretch:
    """After, before, from or until a moment; of a day its end, its beginning, and so on."""
    if _DAY.fullmatch(text):
        day = _days(date.fromisoformat(text), date.fromisoformat(text), zone)
        return {
            ">": Stretch(begin=day.end),
            ">=": Stretch(begin=day.begin),
            "<": Stretch(end=day.begin),
            "<=": Stretch(end=day.end),
        }[sign]
    at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    at = at if at.tzinfo else at.replace(tzinfo=zone)
    later = at + timedelta(microseconds=1)
    return {
        ">": Stretch(begin=later),
        ">=": Stretch(begin=at),
        "<": Stretch(end=at),
        "<=": Stretch(end=later),
    }[sign]


def _days(first: date, last: date, zone: tzinfo) -> Stretch:
    """From the first midnight on, up to the midnight after the last day."""
    ends = (first, last + timedelta(days=1))
    begin, end = (datetime.combine(day, time(), tzinfo=zone) for day in ends)
    return Stretch(begin, end)


def _day(text: str) -> date | None:
    if not _DAY.fullmatch(text):
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 1971 <= day.year <= LATEST_YEAR else None


def _moment(text: str) -> date | datetime | None:
    if _DAY.fullmatch(text):
        return _day(text)
    # No other form: `20261120` would be its midnight, where the day itself is meant.
    if not _MOMENT.fullmatch(text.upper()):
        return None
    try:
        # In an address a plus sign is a space.
        plain = re.sub(r" (\d\d:?\d\d)$", r"+\1", text.upper()).replace("Z", "+00:00")
        at = datetime.fromisoformat(plain)
        at = at.astimezone(UTC) if at.tzinfo else at
    except (ValueError, OverflowError):
        return None
    return at if 1971 <= at.year <= LATEST_YEAR else None


def _printed(moment: date | datetime) -> str:
    if not isinstance(moment, datetime):
        return moment.isoformat()
    return moment.isoformat().replace("+00:00", "Z")
