"""The live feed `/v2/stream-progress`: a stream of the workspace's events, and its moods."""

import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from dashboard.simulator import http_replies
from dashboard.simulator.api import Request
from dashboard.simulator.feed_events import ENDS, OPENING, REDIS_DOWN, Event, EventLog, line
from dashboard.simulator.http_replies import BROKEN, WRONG_METHOD, Reply, detail
from dashboard.simulator.ids import decode
from dashboard.simulator.run_book import RunBook
from dashboard.simulator.seeded_random import stable_uuid
from dashboard.simulator.things import FOREIGN_WORKFLOW
from dashboard.simulator.workspace import Workspace

PATH = "/api/v2/stream-progress"
KINDS = ("run_id", "workflow_id", "machine_id")
TICK = 0.02  # seconds between two looks at the clock
LONG_LINE, FLOOD_RATE = 10_000_000, 1000  # bytes; events a second
TYPE = "text/event-stream; charset=utf-8"
NOT_ONE = detail(400, "Exactly one ID type must be provided")
FOREIGN = detail(403, "Not authorized to access this progress")
HTML = b"<!doctype html><html><body><h1>Welcome to the network</h1></body></html>"
INSTEAD = {
    "403": FOREIGN,
    "404": detail(404, "Not Found"),
    "500": BROKEN,
    "html": Reply(200, HTML, "text/html; charset=utf-8"),
}
MODES = (
    "normal",
    "silent",  # not a byte after the headers
    "no-headers",  # the connection is taken, and nothing is answered
    "dies",  # the connection breaks after `dies_after` events
    "long-line",  # one line of 10 MB, then as usual
    "flood",  # one run a thousand times a second
    "redis-down",  # an error event, then the end
    "garbage",  # lines that are no events between good ones
    *INSTEAD,
)
GARBAGE = (
    b"data: {not json\n\n",
    b"data: \xff\xfe\xc3\x28\n\n",
    b"data: 7\n\n",
    b"data: null\n\n",
    b'data: ["run_id"]\n\n',
    b'data: {"run_id": 7, "status": {}}\n\n',
    b'data: {"run_id": "nonsense", "status": "running"}\n\n',
    b'data:{"type": "unheard-of"}\n\n',
    b"data: " + b"[" * 3000 + b"\n\n",
    b": a comment\n\n",
    b"event: progress\nid: 3\nretry: 1\n\n",
    b"no field at all\r\n\r\n",
    b"data\n\n\n\n",
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """Which events a stream passes on, and whether the end of a run ends it."""

    kind: str
    given: str
    status: str | None

    def wants(self, event: Event) -> bool:
        # A run's ID chooses no run: the real server sends those of the whole organisation.
        field = "" if self.kind == "run_id" else str(getattr(event, self.kind))
        return (not field or field == self.given) and self.status in (None, event.status)

    def ends_with(self, event: Event) -> bool:
        return self.kind == "run_id" and self.status is None and event.status in ENDS


class Feed:
    """Answers the streams. `mode` is one of `MODES` and may be changed while they are open.

    `open` counts the streams that are open now, `opened` those opened so far.
    """

    def __init__(self, book: RunBook, workspace: Workspace) -> None:
        self.book, self.workspace = book, workspace
        self.mode, self.dies_after = "normal", 3
        self.open = self.opened = 0
        self._cuts = 0
        self._log = EventLog(book)
        self._lock = Lock()

    def cut(self) -> None:
        """Breaks every open stream off."""
        self._cuts += 1

    def answer(self, request: Request) -> Reply | None:
        """The reply, or None for another path."""
        if request.path != PATH:
            return None
        if request.method != "GET":
            return WRONG_METHOD
        asked = {kind: request.query[kind] for kind in KINDS if request.query.get(kind)}
        if len(asked) != 1:
            return NOT_ONE
        (kind, given), *_ = asked.items()
        refused = self._refusal(kind, given, request) or INSTEAD.get(self.mode)
        if refused:
            return refused
        chosen = _Asked(kind, given, request.query.get("status"))
        # The stream begins before its headers are sent: nothing after them is missed.
        stream = self._counted(self._stream(chosen, self._log.end(), self._cuts))
        return Reply(200, content_type=TYPE, stream=stream, head=self.mode != "no-headers")

    def _refusal(self, kind: str, given: str, request: Request) -> Reply | None:
        if "feed" in self.workspace.forbidden or given == FOREIGN_WORKFLOW:
            return FOREIGN
        thing_id = http_replies.read_uuid(given)
        if thing_id is None:
            return _malformed(given)
        if kind == "run_id":
            return self._refused_run(thing_id, request)
        name = kind.removesuffix("_id")
        known = self.workspace.known(name, str(thing_id))  # a deleted one is accepted
        return None if known else detail(404, f"{name.capitalize()} not found")

    def _refused_run(self, run_id: UUID, request: Request) -> Reply | None:
        ticket, made = decode(run_id), self.book.made(run_id)
        if ticket is None or ticket.start > request.now:
            return http_replies.UNKNOWN_RUN
        return FOREIGN if ticket.scenario.foreign or (made and made.foreign) else None

    def _counted(self, parts: Iterator[bytes]) -> Generator[bytes, None, None]:
        with self._lock:
            self.open, self.opened = self.open + 1, self.opened + 1
        try:
            yield from parts
        finally:
            with self._lock:
                self.open -= 1

    def _stream(self, asked: _Asked, seen: int, cuts: int) -> Iterator[bytes]:
        """The stream's bytes; an empty part where nothing is to be sent yet."""
        if self.mode not in ("silent", "no-headers"):
            yield OPENING
        before, sent, flooded = "", 0, time.monotonic()
        while True:
            mode = self.mode
            if mode == "redis-down":
                yield REDIS_DOWN
                return
            if mode != before:
                yield _on_entering(mode)
                before, flooded = mode, time.monotonic()
            if mode == "flood":
                due = int((time.monotonic() - flooded) * FLOOD_RATE)
                yield self._flood() * due
                flooded += due / FLOOD_RATE
            events, seen = self._log.since(seen)
            for event in filter(asked.wants, events):
                if mode in ("silent", "no-headers"):
                    continue
                self._break_off(mode, sent, cuts)
                yield (_garbage(sent) if mode == "garbage" else b"") + line(event.told())
                sent += 1
                if asked.ends_with(event):
                    return
            self._break_off(mode, sent, cuts)
            yield b""
            time.sleep(TICK)

    def _break_off(self, mode: str, sent: int, cuts: int) -> None:
        if self._cuts != cuts or (mode == "dies" and sent >= self.dies_after):
            raise ConnectionAbortedError("The feed broke off.")

    def _flood(self) -> bytes:
        now, _ = self.book.position()
        runs = [*self.book.announced[-1:], *self.book.planned(now)[:1]]
        run_id = runs[0].run_id if runs else stable_uuid("flood")
        told: dict[str, object] = {"run_id": str(run_id)}
        return line({**told, "progress": -1, "status": "running", "node_class": ""})


def _on_entering(mode: str) -> bytes:
    if mode == "long-line":
        return b"data: " + b"x" * LONG_LINE + b"\n\n"
    return b"".join(GARBAGE) if mode == "garbage" else b""


def _garbage(sent: int) -> bytes:
    return GARBAGE[sent % len(GARBAGE)]


def _malformed(given: str) -> Reply:
    reason = f"length must be between 32..36 characters, got {len(given)}"
    return detail(
        500,
        "Permission check failed: (sqlalchemy.dialects.postgresql.asyncpg.Error) "
        "<class 'asyncpg.exceptions.DataError'>: invalid input for query argument $1: "
        f"{given!r} (invalid UUID {given!r}: {reason})",
    )
