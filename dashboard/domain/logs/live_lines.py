"""The end of a log that is still being written: masked, bounded, each bar one line."""

from collections.abc import Iterable
from dataclasses import replace

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.entries import Entry, is_bar, read_entries, without_redraws
from dashboard.domain.logs.masking import mask_line

MOST_LINES = 500
MOST_BYTES = 256_000
LINE_OVERHEAD = 33  # bytes of a line's time and its end


class LiveLines:
    """The last lines of a log, to which entries are added as they come.

    They read as those of the archived log: without escapes, deliveries and the end's mark.
    """

    def __init__(self) -> None:
        self.lines: list[LogLine] = []
        self.left_out = 0  # lines before them

    @property
    def total(self) -> int:
        """All lines so far."""
        return self.left_out + len(self.lines)

    def add(self, entries: Iterable[Entry]) -> bool:
        """Adds entries; returns whether the lines are others than before."""
        at = _unsettled(self.lines)
        held = self.lines[at:]
        masked = (replace(line, text=mask_line(line.text)) for line in read_entries(entries))
        new = list(without_redraws([*held, *masked]))
        if new == held:
            return False
        self.lines[at:] = new
        self._shorten()
        return True

    def _shorten(self) -> None:
        first, room = len(self.lines), MOST_BYTES
        while first > max(0, len(self.lines) - MOST_LINES):
            room -= _size(self.lines[first - 1])
            if room < 0:
                break
            first -= 1
        del self.lines[:first]
        self.left_out += first


def _unsettled(lines: list[LogLine]) -> int:
    """Where the last bar begins, if only blank lines follow: its next drawing takes its place."""
    at = len(lines)
    while at and not lines[at - 1].text:
        at -= 1
    return at - 1 if at and is_bar(lines[at - 1].text) else len(lines)


def _size(line: LogLine) -> int:
    return len(line.text.encode("utf-8", "replace")) + LINE_OVERHEAD
