"""Time zones as an address names them."""

from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

LONGEST = 64
# What lies beside the names in a system's folder: its own zone, and clocks with leap seconds.
_NO_NAMES = ("localtime", "posixrules", "Factory")
_NO_FOLDERS = ("right/", "posix/")


def day_in(zone: tzinfo, at: datetime) -> date:
    """The day of a moment in a zone."""
    try:
        return at.astimezone(zone).date()
    except OverflowError:  # on the first or last day that there is
        return at.date()


def read_zone(text: str) -> ZoneInfo | None:
    """The zone of an IANA name such as `Europe/Berlin`; None for any other text."""
    if not text or len(text) > LONGEST or not text.isascii() or not text.isprintable():
        return None
    if text in _NO_NAMES or text.startswith(_NO_FOLDERS):
        return None
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):  # unknown, a path out of the folder, or a folder
        return None
