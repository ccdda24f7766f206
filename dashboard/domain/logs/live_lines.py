"""The end of a log that is still being written: masked, bounded, each bar one line."""

from collections.abc import Iterable
from dataclasses import replace

from dashboard.domain.listing import LogLine
from dashboard.domain.logs.entries import Entry, is_bar, read_entries, without_redraws
from dashboard.domain.logs.masking import LONGEST_LINE, mask_line

MOST_LINES = 500
MOST_BYTES = 256_000
LINE_OVERHEAD = 33  # bytes of a line's time and its end


class LiveLines:
    """The last lines of a log, to which entries are added as they come.

    They read as those of the archived log: without escapes, deliveries and the end's mark.
    """

    def __init__(self) -> None:
        self.left_out = 0  # lines before those that are kept
        self._kept: list[LogLine] = []  # unmasked: a flood is masked only where it is looked at
        self._masked: dict[str, str] = {}

    @property
    def total(self) -> int:
        """All lines so far."""
        return self.left_out + len(self._kept)

    @property
    def lines(self) -> list[LogLine]:
        """The last lines, with secrets masked."""
        known = self._masked
        self._masked = {
            line.text: known[line.text] if line.text in known else mask_line(line.text)
            for line in self._kept
        }
        return [replace(line, text=self._masked[line.text]) for line in self._kept]

    def add(self, entries: Iterable[Entry]) -> bool:
        """Adds entries; returns whether the lines are others than before."""
        at = _unsettled(self._kept)
        held = self._kept[at:]
        cut = (replace(line, text=line.text[:LONGEST_LINE]) for line in read_entries(entries))
        new = list(without_redraws([*held, *cut]))
        if new == held:
            return False
        self._kept[at:] = new
        self._shorten()
        return True

    def _shorten(self) -> None:
        first, room = len(self._kept), MOST_BYTES
        while first > max(0, len(self._kept) - MOST_LINES):
            room -= _size(self._kept[first - 1])
            if room < 0:
                break
            first -= 1
        del self._kept[:first]
        self.left_out += first


def _unsettled(lines: list[LogLine]) -> int:
    """Where the last bar begins, if only blank lines follow: its next drawing takes its place."""
    at = len(lines)
    while at and not lines[at - 1].text:
        at -= 1
    return at - 1 if at and is_bar(lines[at - 1].text) else len(lines)


def _size(line: LogLine) -> int:
    return len(line.text.encode("utf-8", "replace")) + LINE_OVERHEAD
