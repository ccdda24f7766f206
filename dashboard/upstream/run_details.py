"""What only the older list of a workflow's runs tells: node times, and errors at once.

GET run leaves out every output that is not made of lists: the machine's report of node
times, and the error that ended a run. This list has them, and no filter by run.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from dashboard.domain.json_types import JsonObject, JsonValue
from dashboard.domain.nodes.node_times import NodeReport, NodeTime, is_report, read_node_times
from dashboard.domain.run.facts import RunError
from dashboard.domain.run.outputs import read_outputs
from dashboard.domain.run.status import is_finished
from dashboard.domain.run.values import EPOCH, parse_moment, parse_uuid, parse_word
from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.json_body import read_json

PAGE_SIZE = 20  # a row has the whole workflow in it
LONGEST_STATUS = 40


@dataclass(frozen=True, slots=True)
class RunDetail:
    """One row: how far the run is, what was reported of its nodes, and the error that ended it."""

    id: UUID
    status: str
    created_at: datetime | None
    ended_at: datetime | None
    report: NodeReport
    error: RunError | None

    @property
    def nodes(self) -> tuple[NodeTime, ...]:
        return self.report.nodes

    @property
    def finished(self) -> bool:
        return is_finished(self.status, self.ended_at)


def details_path(workflow_id: str, offset: int = 0) -> str:
    """The path of a page of a workflow's runs with all their outputs, newest first."""
    return f"/workflow/{quote(workflow_id, safe='')}/runs?limit={PAGE_SIZE}&offset={offset}"


def read_details(body: bytes) -> tuple[RunDetail, ...]:
    """The rows in the order sent, each run once; raises BadAnswer when it is no list."""
    sent = read_json(body)
    if not isinstance(sent, list):
        raise BadAnswer("ComfyDeploy's answer is not a list of runs.")
    found: dict[UUID, RunDetail] = {}
    for row in sent:
        if isinstance(row, dict) and (run_id := parse_uuid(row.get("id"))):
            found.setdefault(run_id, _detail(run_id, row))
    return tuple(found.values())


def _detail(run_id: UUID, row: JsonObject) -> RunDetail:
    outputs = row.get("outputs")
    elements = outputs if isinstance(outputs, list) else []
    return RunDetail(
        id=run_id,
        status=(parse_word(row.get("status"), LONGEST_STATUS) or "").strip(),
        created_at=parse_moment(row.get("created_at")),
        ended_at=parse_moment(row.get("ended_at")),
        report=_report(elements),
        error=read_outputs(elements).error,
    )


def _report(elements: Sequence[JsonValue]) -> NodeReport:
    """The newest report; a machine sends it again where a delivery has failed.

    Outputs come in any order.
    """
    reports = sorted(_reports(elements), key=lambda each: each[0])
    return read_node_times(reports[-1][1]) if reports else NodeReport()


def _reports(elements: Sequence[JsonValue]) -> Iterator[tuple[datetime, list[JsonValue]]]:
    for element in elements:
        data = element.get("data") if isinstance(element, dict) else None
        if isinstance(element, dict) and isinstance(data, list) and is_report(data):
            yield parse_moment(element.get("created_at")) or EPOCH, data
