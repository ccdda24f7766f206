"""The log of a live run as ComfyDeploy streams it: bytes in, entries out.

Each connection is sent the log from its first line on.
"""

from uuid import UUID

from dashboard.domain.json_types import JsonObject
from dashboard.domain.logs.entries import Entry
from dashboard.domain.run.values import parse_moment, parse_word
from dashboard.domain.server_events import EventReader, NotAStream
from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.json_body import storable

MAX_NONSENSE = 4_000_000  # bytes in a row; a log may hold a picture in one line
MAX_UNREADABLE = 100  # events in a row that are no lines
MAX_BYTES = 50_000_000  # of one connection
NO_LOG = "What answered is no log."


def log_stream_path(run_id: UUID) -> str:
    """The path of a live run's log."""
    return f"/v2/stream-logs?run_id={run_id}"


class LogStreamReader:
    """Reads a stream piece by piece; `complete` once it has said that the log is over."""

    def __init__(self) -> None:
        self.complete = False
        self._events = EventReader(MAX_NONSENSE)
        self._bytes = self._unreadable = 0

    def feed(self, piece: bytes) -> list[Entry]:
        """The entries that end in this piece; raises BadAnswer where it is no log, or endless."""
        self._bytes += len(piece)
        if self._bytes > MAX_BYTES:
            raise BadAnswer("The log is too long to be read while the run is live.")
        try:
            events = self._events.feed(piece)
        except NotAStream:
            raise BadAnswer(NO_LOG) from None
        return [entry for event in events if (entry := self._entry(event))]

    def _entry(self, event: JsonObject) -> Entry | None:
        if event.get("type") == "stream_complete":
            self.complete = True
            return None
        text = parse_word(event.get("message"))
        if text is None or event.get("type") == "error":
            self._unreadable += 1
            if self._unreadable > MAX_UNREADABLE or event.get("type") == "error":
                raise BadAnswer(NO_LOG)
            return None
        self._unreadable = 0
        if event.get("level") == "webhook":
            return None
        return parse_moment(event.get("timestamp")), storable(text)
