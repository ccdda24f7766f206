"""The events of the live feed: one for every status change of every run."""

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from threading import Lock

from dashboard.simulator.run_book import Entry, RunBook
from dashboard.simulator.timeline import Plan
from dashboard.simulator.workflows import ORG_ID

CHANNEL = f"progress:org:{ORG_ID}"
KEPT = 50_000
ENDS = ("success", "failed", "timeout")


@dataclass(frozen=True, slots=True, order=True)
class Event:
    """A change of a run. An abort through the API has no status."""

    at: datetime
    run_id: str
    workflow_id: str
    machine_id: str
    status: str | None

    def told(self) -> dict[str, object]:
        marker = self.status if self.status in ("input", "output") else ""
        return {
            "run_id": self.run_id,
            "workflow_id": self.workflow_id,
            "machine_id": self.machine_id,
            "progress": 0 if self.status in ("input", None) else -1,
            "status": self.status,
            "node_class": marker,
            "timestamp": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
        }


def line(value: object) -> bytes:
    return f"data: {json.dumps(value)}\n\n".encode()


OPENING = line({"type": "connection_established", "channels": [CHANNEL]}) + line(
    {"type": "subscribed", "channel": CHANNEL}
)
REDIS_DOWN = line(
    {
        "type": "error",
        "message": "Error 111 connecting to 127.0.0.1:6379. "
        "Connect call failed ('127.0.0.1', 6379).",
    }
)


@lru_cache(10_000)
def events_of(run: Entry, speed: float) -> list[Event]:
    """All the events of a run, in order."""
    plan = run.ticket.scenario.timetable(run.ticket.seed)
    workflow = plan.details.workflow
    return sorted(
        Event(
            run.ticket.start + timedelta(seconds=after / speed),
            str(run.run_id),
            workflow.id,
            workflow.machine_id,
            None if status == "cancelled" else status,
        )
        for after, status in _changes(plan)
    )


def _changes(plan: Plan) -> Iterator[tuple[float, str]]:
    changes = (
        (plan.created, "input"),
        (plan.queued, "queued"),
        (plan.started, "started"),
        (plan.running, "running"),
        (plan.uploading, "uploading"),
        (plan.ended, plan.end),
        (plan.restarted, "started"),
        *((report.at, "output") for report in plan.reports),
    )
    return ((after, status) for after, status in changes if after is not None)


class EventLog:
    """The events so far, shared by all streams: each is made once, when a stream looks."""

    def __init__(self, book: RunBook) -> None:
        self.book = book
        self._lock = Lock()
        self._events: list[Event] = []
        self._left_out = 0  # old events that are no longer kept
        self._last, self._announced = book.position()

    def end(self) -> int:
        """The number of events so far; `since` gives those after it."""
        with self._lock:
            self._advance()
            return self._left_out + len(self._events)

    def since(self, end: int) -> tuple[list[Event], int]:
        """The events after the first `end`, oldest first, and how many there are now."""
        with self._lock:
            self._advance()
            fresh = self._events[max(0, end - self._left_out) :]
            return fresh, self._left_out + len(self._events)

    def _advance(self) -> None:
        since, seen = self._last, self._announced
        self._last, self._announced = self.book.position()
        speed = self.book.speed
        self._events += [
            events_of(run, speed)[0] for run in self.book.announced[seen : self._announced]
        ]
        self._events += sorted(
            (
                event
                for run in self.book.moving(since, self._last)
                for event in _between(events_of(run, speed), since, self._last)
                # Runs made on purpose are announced when they are made, whatever the clock says.
                if event.status != "input" or self.book.made(run.run_id) is None
            ),
            key=_moment,
        )
        over = len(self._events) - KEPT
        if over > KEPT:
            del self._events[:over]
            self._left_out += over


def _moment(event: Event) -> datetime:
    return event.at


def _between(events: list[Event], since: datetime, until: datetime) -> list[Event]:
    first = bisect_right(events, since, key=_moment)
    return events[first : bisect_right(events, until, key=_moment)]
