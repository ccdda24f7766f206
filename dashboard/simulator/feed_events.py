"""The events of the live feed: one for every status change of every run."""

import json
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dashboard.simulator.run_book import Entry, RunBook
from dashboard.simulator.timeline import Plan
from dashboard.simulator.workflows import ORG_ID

CHANNEL = f"progress:org:{ORG_ID}"
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


class Watch:
    """Gives each event once, from the moment at which it was made."""

    def __init__(self, book: RunBook) -> None:
        self.book = book
        self._last, self._seen = book.position()

    def events(self) -> list[Event]:
        """The events since the last call, oldest first."""
        since, seen = self._last, self._seen
        self._last, self._seen = self.book.position()
        fresh = [_first(run, self.book.speed) for run in self.book.announced[seen : self._seen]]
        later = [
            event
            for run in self.book.moving(since, self._last)
            for event in _between(events_of(run, self.book.speed), since, self._last)
            # Runs made on purpose are announced when they are made, whatever the clock says.
            if event.status != "input" or self.book.made(run.run_id) is None
        ]
        return [*fresh, *sorted(later, key=_moment)]


def _first(run: Entry, speed: float) -> Event:
    return events_of(run, speed)[0]


def _moment(event: Event) -> datetime:
    return event.at


def _between(events: list[Event], since: datetime, until: datetime) -> list[Event]:
    first = bisect_right(events, since, key=_moment)
    return events[first : bisect_right(events, until, key=_moment)]
