"""ComfyDeploy's feed of new runs, read from server-sent events: bytes in, IDs out."""

import json
import re
from dataclasses import dataclass
from uuid import UUID

MAX_LINE = 65_536  # bytes of a line, and of an event's data
MAX_NONSENSE = 262_144  # bytes in a row without an event that a feed sends
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0  # seconds

_LINE_END = re.compile(rb"\r\n|\r|\n")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


class NotAFeed(Exception):
    """What comes is no feed: too much of it in a row says nothing."""


class FailedFeed(Exception):
    """The feed itself says that it has failed: no run will come any more."""


@dataclass(frozen=True, slots=True)
class NewRun:
    """A run that a feed names; `workflow_id` is None where it does not tell it."""

    id: UUID
    workflow_id: UUID | None = None


class FeedReader:
    """Reads a feed piece by piece in bounded memory, however its bytes are cut.

    A line or event of more than 64 KB, and one that is no JSON object, is skipped.
    """

    def __init__(self) -> None:
        self.spoke = False  # whether any event that a feed sends has come
        self._line = bytearray()
        self._data: list[bytes] = []
        self._too_long = self._skips_line = self._after_return = False
        self._nonsense = 0

    def feed(self, piece: bytes) -> list[NewRun]:
        """The runs whose events end in this piece, in order; raises NotAFeed or FailedFeed."""
        self._nonsense += len(piece)
        if self._after_return and piece.startswith(b"\n"):  # a line's end that was cut in two
            piece, self._after_return = piece[1:], False
        if piece:
            self._after_return = piece.endswith(b"\r")
        *ended, rest = _LINE_END.split(piece)
        found: list[NewRun] = []
        for part in ended:
            self._add(part)
            found += self._end_line()
        self._add(rest)
        if self._nonsense > MAX_NONSENSE:
            raise NotAFeed
        return found

    def _add(self, part: bytes) -> None:
        if len(self._line) + len(part) > MAX_LINE:
            self._skips_line = True
            self._line.clear()
        elif not self._skips_line:
            self._line += part

    def _end_line(self) -> list[NewRun]:
        line, skipped = bytes(self._line), self._skips_line
        self._line.clear()
        self._skips_line = False
        if skipped:
            self._too_long = True
        elif not line:
            return self._end_event()
        elif line.startswith(b"data:"):
            self._data.append(line[5:].removeprefix(b" "))
            if sum(map(len, self._data)) + len(self._data) > MAX_LINE:
                self._too_long = True
        if self._too_long:
            self._data.clear()
        return []

    def _end_event(self) -> list[NewRun]:
        data, too_long = b"\n".join(self._data), self._too_long
        self._data.clear()
        self._too_long = False
        event = None if too_long or not data else _json_object(data)
        if event is None:
            return []
        if event.get("type") == "error":
            raise FailedFeed
        self.spoke, self._nonsense = True, 0
        run_id = _id(event.get("run_id"))
        return [NewRun(run_id, _id(event.get("workflow_id")))] if run_id else []


def _id(value: object) -> UUID | None:
    return UUID(value) if isinstance(value, str) and _UUID.fullmatch(value) else None


def _json_object(data: bytes) -> dict[str, object] | None:
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def wait_after(failures: int) -> float:
    """Seconds before the next connection after so many failed ones in a row: 1 s, then doubled."""
    return min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(max(failures - 1, 0), 20))
