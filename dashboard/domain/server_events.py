"""Server-sent events: bytes in, JSON objects out, in bounded memory."""

import json
import re

from dashboard.domain.json_types import JsonObject

MAX_LINE = 65_536  # bytes of a line, and of an event's data
MAX_NONSENSE = 262_144  # bytes in a row without an event

_LINE_END = re.compile(rb"\r\n|\r|\n")


class NotAStream(Exception):
    """What comes is no stream of events: too much of it in a row says nothing."""


class EventReader:
    """Reads a stream piece by piece, however its bytes are cut.

    A line or event of more than 64 KB, and one that is no JSON object, is skipped.
    """

    def __init__(self, max_nonsense: int = MAX_NONSENSE) -> None:
        self._max_nonsense = max_nonsense
        self._line = bytearray()
        self._data: list[bytes] = []
        self._size = 0  # bytes of the data, with its line ends
        self._too_long = self._skips_line = self._after_return = False
        self._nonsense = 0

    def feed(self, piece: bytes) -> list[JsonObject]:
        """The events that end in this piece, in order; raises NotAStream."""
        self._nonsense += len(piece)
        if self._after_return and piece.startswith(b"\n"):  # a line's end that was cut in two
            piece, self._after_return = piece[1:], False
        if piece:
            self._after_return = piece.endswith(b"\r")
        *ended, rest = _LINE_END.split(piece)
        found: list[JsonObject] = []
        for part in ended:
            self._add(part)
            event = self._end_line()
            if event is not None:
                found.append(event)
        self._add(rest)
        if self._nonsense > self._max_nonsense:
            raise NotAStream
        return found

    def _add(self, part: bytes) -> None:
        if len(self._line) + len(part) > MAX_LINE:
            self._skips_line = True
            self._line.clear()
        elif not self._skips_line:
            self._line += part

    def _end_line(self) -> JsonObject | None:
        line, skipped = bytes(self._line), self._skips_line
        self._line.clear()
        self._skips_line = False
        if skipped:
            self._too_long = True
        elif not line:
            return self._end_event()
        elif line.startswith(b"data:"):
            self._data.append(line[5:].removeprefix(b" "))
            self._size += len(self._data[-1]) + 1
            if self._size > MAX_LINE:
                self._too_long = True
        if self._too_long:
            self._drop_data()
        return None

    def _end_event(self) -> JsonObject | None:
        data, too_long = b"\n".join(self._data), self._too_long
        self._drop_data()
        self._too_long = False
        event = None if too_long or not data else _json_object(data)
        if event is not None:
            self._nonsense = 0
        return event

    def _drop_data(self) -> None:
        self._data.clear()
        self._size = 0


def _json_object(data: bytes) -> JsonObject | None:
    try:
        value = json.loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
