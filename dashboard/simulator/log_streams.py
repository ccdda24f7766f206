"""The log of a live run, `/v2/stream-logs`: from its first line on, then as it grows."""

import time
from collections.abc import Callable, Generator, Iterator
from datetime import datetime, timedelta
from threading import Lock
from uuid import UUID

from dashboard.simulator import http_replies
from dashboard.simulator.api import Request, state_of
from dashboard.simulator.directory import ARCHIVED_AFTER
from dashboard.simulator.feed import HTML, LONG_LINE, TYPE
from dashboard.simulator.feed_events import line
from dashboard.simulator.http_replies import BROKEN, Reply, detail
from dashboard.simulator.ids import Ticket, decode
from dashboard.simulator.log_lines import Line, whole_log
from dashboard.simulator.run_rows import milliseconds
from dashboard.simulator.timeline import LIVE

PATH = "/api/v2/stream-logs"
TICK = 0.02  # seconds between two looks at the clock
FLOOD_RATE = 5000  # lines a second
UNENDED = ("cancelled",)  # ComfyDeploy never ends the streams of these
INSTEAD = {
    "403": detail(403, "Not authorized to access these logs"),
    "404": detail(404, "Not Found"),
    "500": BROKEN,
    "html": Reply(200, HTML, "text/html; charset=utf-8"),
}
MODES = (
    "normal",
    "silent",  # not a byte after the headers
    "no-headers",  # the connection is taken, and nothing is answered
    "dies",  # the connection breaks after `dies_after` lines
    "long-line",  # one line of 10 MB first
    "flood",  # thousands of lines a second
    "changed",  # events of another shape
    "lies",  # says at once that the log is over
    *INSTEAD,
)


class LogStreams:
    """Answers the streams. `mode` is one of `MODES` and may be changed while they are open.

    `open` counts the streams that are open now, `opened` those opened so far, `most` the
    largest number that was open at once.
    """

    def __init__(
        self, speed: float, clock: Callable[[], datetime], is_foreign: Callable[[UUID], bool]
    ) -> None:
        self.mode, self.dies_after = "normal", 3
        self.open = self.opened = self.most = 0
        self._speed, self._clock, self._is_foreign = speed, clock, is_foreign
        self._lock = Lock()

    def answer(self, request: Request) -> Reply | None:
        """The reply, or None for another path."""
        if request.path != PATH:
            return None
        if request.method != "GET":
            return http_replies.WRONG_METHOD
        given = request.query.get("run_id")
        if not given:
            return http_replies.NO_RUN_ID
        run_id = http_replies.read_uuid(given)
        if run_id is None:
            return http_replies.malformed("query", given)
        ticket = decode(run_id)
        if ticket is None or request.now < ticket.start:
            return http_replies.UNKNOWN_RUN
        if ticket.scenario.foreign or self._is_foreign(run_id):
            return INSTEAD["403"]
        if self.mode in INSTEAD:
            return INSTEAD[self.mode]
        stream = self._counted(self._stream(ticket))
        return Reply(200, content_type=TYPE, stream=stream, head=self.mode != "no-headers")

    def _counted(self, parts: Iterator[bytes]) -> Generator[bytes, None, None]:
        with self._lock:
            self.open, self.opened = self.open + 1, self.opened + 1
            self.most = max(self.most, self.open)
        try:
            yield from parts
        finally:
            with self._lock:
                self.open -= 1

    def _stream(self, ticket: Ticket) -> Iterator[bytes]:
        """The stream's bytes; an empty part where nothing is to be sent yet."""
        lines, sent = whole_log(ticket, self._speed), 0
        if self.mode == "long-line":
            yield b"data: " + b"x" * LONG_LINE + b"\n\n"
        if self.mode == "lies":
            yield _complete("sentinel")
            return
        while True:
            now = self._clock()  # once, so that no line comes after the end
            if self.mode in ("silent", "no-headers"):
                yield b""
            elif self.mode == "flood":
                yield _told(ticket, (0.0, "flood")) * int(FLOOD_RATE * TICK)
            else:
                elapsed = (now - ticket.start).total_seconds()
                fresh = [each for each in lines[sent:] if each[0] <= elapsed]
                sent += len(fresh)
                yield b"".join(self._told(ticket, each) for each in fresh)
                if self.mode == "dies" and sent >= self.dies_after:
                    raise ConnectionAbortedError("The log broke off.")
                if end := self._end(ticket, now):
                    yield end
                    return
            time.sleep(TICK)

    def _told(self, ticket: Ticket, one: Line) -> bytes:
        return line({"log": one[1]}) if self.mode == "changed" else _told(ticket, one)

    def _end(self, ticket: Ticket, now: datetime) -> bytes:
        """What ends a stream; empty while the run is live, and for runs whose streams never end."""
        state = state_of(ticket, now, self._speed)
        if state.status in LIVE or state.ended is None or state.status in UNENDED:
            return b""
        elapsed = (now - ticket.start).total_seconds()
        if elapsed < state.ended + ARCHIVED_AFTER / self._speed:
            return _complete("sentinel")
        return _told(ticket, (state.ended, "__END__")) * 2 + _complete("archive")


def _told(ticket: Ticket, one: Line) -> bytes:
    at, text = one
    level = "webhook" if text.startswith('{"type": "webhook"') else "info"
    moment = milliseconds(ticket.start + timedelta(seconds=at))
    return line({"message": text, "level": level, "timestamp": moment})


def _complete(source: str) -> bytes:
    return line({"type": "stream_complete", "source": source})
