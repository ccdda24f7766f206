"""ComfyDeploy's other endpoints: their paths, and how their answers are read.

They are internal to ComfyDeploy's own dashboard and may change, so each
reader uses the fields it knows and ignores the rest.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote, urlencode
from uuid import UUID

from dashboard.domain.json_types import JsonObject, JsonValue
from dashboard.domain.listing import (
    DEPLOYMENT,
    MACHINE,
    VERSION,
    WORKFLOW,
    ListedRun,
    LogLine,
    RunPage,
)
from dashboard.domain.logs.entries import Entry, plain_lines
from dashboard.domain.nodes.editor_workflow import read_workflow
from dashboard.domain.nodes.graph import read_graph
from dashboard.domain.run.values import (
    parse_count,
    parse_id,
    parse_moment,
    parse_uuid,
    parse_word,
)
from dashboard.domain.text.redaction import redact_text
from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.json_body import read_json
from dashboard.upstream.reader import LONGEST_STATUS, facts_of

LONGEST_NAME = 200
NAME_PATHS = {
    WORKFLOW: "/workflow/{}",
    VERSION: "/workflow-version/{}",
    DEPLOYMENT: "/deployment/{}",
    MACHINE: "/machine/{}",
}
MADE_WITH = ("created_at", "machine_id", "machine_version_id", "comfyui_snapshot", "dependencies")
LIST_PATHS = {WORKFLOW: "/v2/workflow/{}/runs", DEPLOYMENT: "/deployment/{}/runs"}


def name_path(kind: str, upstream_id: str) -> str:
    """The path of a workflow, version, deployment or machine."""
    return NAME_PATHS[kind].format(quote(upstream_id, safe=""))


def runs_path(
    kind: str, upstream_id: str, *, limit: int, offset: int = 0, since: datetime | None = None
) -> str:
    """The path of the list of runs of a workflow or deployment, newest first.

    Of a workflow, only those that were created `since` then.
    """
    query: dict[str, int] = {"limit": limit, "offset": offset}
    if since and kind == WORKFLOW:
        query["rf"] = int(since.timestamp())  # in milliseconds it would find nothing
    return f"{LIST_PATHS[kind].format(quote(upstream_id, safe=''))}?{urlencode(query)}"


def log_path(run_id: UUID) -> str:
    """The path of a finished run's log, which ComfyDeploy stores for 30 days."""
    return f"/v2/clickhouse-run-logs/{run_id}"


def read_name(kind: str, body: bytes) -> str:
    """The name in an answer about one thing; raises BadAnswer where there is none."""
    answer = read_json(body)
    if not isinstance(answer, dict):
        raise BadAnswer("ComfyDeploy's answer does not tell a name.")
    found = name_in(kind, answer)
    if not found:
        raise BadAnswer("ComfyDeploy's answer does not tell a name.")
    return found


@dataclass(frozen=True, slots=True)
class VersionDetail:
    """A workflow version in its two forms, and how it was made; not masked, None where not told."""

    graph: JsonObject | None = None
    workflow: JsonObject | None = None
    made_with: JsonObject | None = None


def read_version(body: bytes) -> VersionDetail:
    """What an answer about a workflow version tells; raises BadAnswer where it is no JSON."""
    answer = read_json(body)
    if not isinstance(answer, dict):
        return VersionDetail()
    made_with = {name: answer[name] for name in MADE_WITH if answer.get(name)}
    return VersionDetail(
        read_graph(answer.get("workflow_api")),
        read_workflow(answer.get("workflow")),
        made_with or None,
    )


def name_in(kind: str, answer: JsonObject) -> str:
    """The name in an object about one thing, without secrets; "" where there is none."""
    found = _version(answer) if kind == VERSION else _named(answer)
    if kind == DEPLOYMENT:
        found = found or _deployment(answer)
    return redact_text(found)[:LONGEST_NAME]


def _named(answer: JsonObject) -> str:
    return (parse_word(answer.get("name"), LONGEST_NAME) or "").strip()


def _version(answer: JsonObject) -> str:
    number = parse_count(answer.get("version"))
    return "" if number is None else f"v{number}"


def _deployment(answer: JsonObject) -> str:
    """The names of its workflow and environment: most deployments have no name of their own."""
    workflow = answer.get("workflow")
    parts = (
        _named(workflow) if isinstance(workflow, dict) else "",
        (parse_word(answer.get("environment"), LONGEST_NAME) or "").strip(),
    )
    return ", ".join(part for part in parts if part)


def read_list(body: bytes, *, cold_after: float = 5.0) -> RunPage:
    """A page of either list, its runs in the order sent: an array, or an object with `data`.

    Rows without a readable ID are left out, as are further rows of an ID; raises
    BadAnswer when it is no list. A run is cold from `cold_after` seconds on.
    """
    answer = read_json(body)
    of_deployment = isinstance(answer, dict)
    rows = answer.get("data") if isinstance(answer, dict) else answer
    if not isinstance(rows, list):
        raise BadAnswer("ComfyDeploy's answer is not a list of runs.")
    found: dict[UUID, ListedRun] = {}
    for row in rows:
        if isinstance(row, dict) and (run_id := parse_uuid(row.get("id"))):
            # What a deployment's list calls the duration is that of the run phase.
            sent = {**row, "duration": None} if of_deployment else row
            found.setdefault(run_id, _listed(sent, run_id, cold_after))
    return RunPage(tuple(found.values()), sent=len(rows))


def _listed(row: JsonObject, run_id: UUID, cold_after: float) -> ListedRun:
    status = (parse_word(row.get("status"), LONGEST_STATUS) or "").strip()
    return ListedRun(
        id=run_id,
        status=status or None,
        created_at=parse_moment(row.get("created_at")),
        deployment_id=parse_id(row.get("deployment_id"), LONGEST_NAME),
        batch_id=parse_id(row.get("batch_id"), LONGEST_NAME),
        org_id=(parse_word(row["org_id"], LONGEST_NAME) or "") if "org_id" in row else None,
        facts=facts_of({**row, "outputs": None}, run_id, status, cold_after) if status else None,
    )


def read_log(body: bytes) -> tuple[LogLine, ...]:
    """The lines of a log, plain but not masked yet; raises BadAnswer when it is none.

    An entry of several lines becomes several, of which the first has the time.
    """
    answer = read_json(body)
    if not isinstance(answer, list):
        raise BadAnswer("ComfyDeploy's answer is not a log.")
    return tuple(plain_lines(_entries(answer)))


def _entries(rows: list[JsonValue]) -> Iterator[Entry]:
    for row in rows:
        if isinstance(row, dict) and "webhook" not in (row.get("level"), row.get("log_type")):
            text = parse_word(row.get("log")) or parse_word(row.get("message")) or ""
            yield parse_moment(row.get("timestamp")), text
