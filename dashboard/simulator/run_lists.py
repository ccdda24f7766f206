"""The lists of runs: a workflow's (v2, and the older one) and a deployment's."""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from dashboard.simulator import http_replies
from dashboard.simulator.api import Request
from dashboard.simulator.http_replies import BROKEN, WRONG_METHOD, Reply, detail, json_text
from dashboard.simulator.run_answers import RunAnswer
from dashboard.simulator.run_book import Entry, RunBook
from dashboard.simulator.run_details import details_row
from dashboard.simulator.run_rows import Row, long_row, odd_rows, short_row
from dashboard.simulator.timeline import LIVE, State
from dashboard.simulator.workspace import FORBIDDEN, Workspace

_LISTED = re.compile(r"/api/(v2/workflow|deployment|workflow)/([^/]+)/runs")
NO_WORKFLOW = detail(404, "Workflow not found or you don't have access to it")
NO_META = '{"totalRowCount":0,"filterRowCount":0,"chartData":[]}'
STORED = (None, *LIVE, "success", "failed", "timeout", "cancelled")
SETTLED = timedelta(minutes=1)  # after its end a row of a list changes no more
KEPT_ROWS = 100_000
Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class Line:
    """One row as JSON, with the status by which the list can be filtered."""

    stored: str
    text: str


@dataclass(slots=True)
class RunLists:
    """Answers the lists. Rows of ended runs are written once, but for the older list.

    `told` puts the container on a run's state. `lag` is how many seconds the lists are
    behind GET run.
    """

    book: RunBook
    workspace: Workspace
    told: Callable[[UUID, State, datetime], State] = lambda _run, state, _now: state
    lag: float = 0.0
    _kept: dict[tuple[UUID, bool], Line] = field(default_factory=dict)

    def answer(self, request: Request) -> Reply | None:
        """The reply, or None for another path."""
        found = _LISTED.fullmatch(request.path)
        if not found:
            return None
        if request.method != "GET":
            return WRONG_METHOD
        if "runs" in self.workspace.forbidden:
            return FORBIDDEN
        now = request.now - timedelta(seconds=self.lag)
        tell = {"deployment": self._deployment, "workflow": self._details}.get(found[1])
        return (tell or self._workflow)(found[2], request, now)

    def _workflow(self, given: str, request: Request, now: datetime) -> Reply:
        asked = _Asked.read(request)
        if asked is None or asked.status not in STORED or http_replies.read_uuid(given) is None:
            return BROKEN
        if not self.workspace.known("workflow", given) or not self.workspace.has(given):
            return NO_WORKFLOW
        runs = [
            run for run in self.book.of_workflow(given, now) if run.ticket.start >= asked.earliest
        ]
        if asked.deployment is not None:
            place = self.workspace.deployment(asked.deployment)
            runs = runs if place and place.runs and place.workflow_id == given else []
        if asked.status is None and not self.workspace.odd:
            return _reply(f"[{self._texts(asked.part(runs), now)}]")
        return _reply(f"[{','.join(asked.part(self._chosen(runs, asked, now)))}]")

    def _chosen(self, runs: list[Entry], asked: "_Asked", now: datetime) -> list[str]:
        lines = [self._line(run, now) for run in runs]
        texts = [line.text for line in lines if asked.status in (None, line.stored)]
        if not self.workspace.odd or not texts:
            return texts
        return [*texts[:1], *map(json_text, odd_rows(json.loads(texts[0]))), *texts[1:]]

    def _deployment(self, given: str, request: Request, now: datetime) -> Reply:
        asked = _Asked.read(request, limit=60)
        place = self.workspace.deployment(given)
        if asked is None or place is None:
            return BROKEN
        listed = self.book.of_workflow(place.workflow_id, now) if place.runs else []
        runs = [run for run in listed if not run.foreign]
        rows = self._texts(asked.part(runs), now, short=True)
        return _reply(f'{{"data":[{rows}],"meta":{NO_META}}}')

    def _details(self, given: str, request: Request, now: datetime) -> Reply:
        """The older list, of own runs alone; of another workflow it is empty."""
        asked = _Asked.read(request)
        if asked is None:
            return BROKEN
        known = self.workspace.known("workflow", given) and self.workspace.has(given)
        runs = self.book.of_workflow(given, now) if known else []
        own = asked.part([run for run in runs if not run.foreign])
        return _reply(f"[{','.join(json_text(self._detail(run, now)) for run in own)}]")

    def _detail(self, run: Entry, now: datetime) -> Row:
        state = self.told(run.run_id, run.state(now, self.book.speed), now)
        answer = RunAnswer(run.run_id, run.ticket.start, state, "", now).body(False)
        return details_row(run.ticket, run.run_id, state, run.batch_id, answer)

    def _texts(self, runs: Iterable[Entry], now: datetime, short: bool = False) -> str:
        return ",".join(self._line(run, now, short).text for run in runs)

    def _line(self, run: Entry, now: datetime, short: bool = False) -> Line:
        kept = self._kept.get((run.run_id, short))
        if kept:
            return kept
        state = run.state(now, self.book.speed)
        start = run.ticket.start
        row = (
            short_row(run.run_id, start, state)
            if short
            else long_row(run.run_id, start, state, run.batch_id)
        )
        line = Line(state.stored, json_text(row))
        ended = state.ended is not None and start + timedelta(seconds=state.ended)
        if ended and ended + SETTLED <= now and len(self._kept) < KEPT_ROWS:
            self._kept[run.run_id, short] = line
        return line


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the query asks for."""

    limit: int
    offset: int
    earliest: datetime
    status: str | None
    deployment: str | None

    @classmethod
    def read(cls, request: Request, limit: int = 100) -> "_Asked | None":
        """The question; None if the real server breaks on it."""
        query = request.query
        numbers = [query.get("limit") or limit, query.get("offset") or 0, query.get("rf") or 0]
        status, deployment = query.get("status"), query.get("deployment_id")
        if not all(str(number).isdecimal() for number in numbers):
            return None
        if deployment is not None and http_replies.read_uuid(deployment) is None:
            return None
        size, offset, earliest = map(int, numbers)
        return cls(size, offset, _moment(earliest), status, deployment)

    def part(self, rows: list[Each]) -> list[Each]:
        return rows[self.offset : self.offset + self.limit]


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.max.replace(tzinfo=UTC)  # milliseconds: later than every run


def _reply(text: str) -> Reply:
    return Reply(200, text.encode())
