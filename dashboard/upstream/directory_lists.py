"""ComfyDeploy's lists of workflows, deployments and machines: their paths, and how they are read.

An ordinary key may ask for them; it gets the rows of its own workspace only.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from uuid import UUID

from dashboard.domain.directory import (
    DEPLOYMENTS,
    FLUID,
    MACHINES,
    WORKFLOWS,
    Listed,
    ListedDeployment,
    ListedMachine,
    ListedWorkflow,
    ListPage,
)
from dashboard.domain.json_types import JsonObject, JsonValue
from dashboard.domain.listing import DEPLOYMENT, MACHINE, WORKFLOW
from dashboard.domain.run.values import parse_moment, parse_uuid, parse_word
from dashboard.domain.text.links import safe_url
from dashboard.upstream.directory import LONGEST_NAME, name_in
from dashboard.upstream.errors import BadAnswer
from dashboard.upstream.json_body import read_json

PAGE_SIZE = 25  # a row of /deployments has its whole workflow in it
MOST_ROWS = 20_000
LONGEST_WORD, LONGEST_URL = 40, 2000
PATHS = {
    WORKFLOWS: "/workflows/all",
    DEPLOYMENTS: f"/deployments?page_size={PAGE_SIZE}&offset={{}}",
    FLUID: f"/deployments?is_fluid=true&page_size={PAGE_SIZE}&offset={{}}",
    MACHINES: "/machines/all",
}
PAGED = frozenset({DEPLOYMENTS, FLUID})


def list_path(name: str, offset: int = 0) -> str:
    """The path of a list, from its row `offset` on; lists without pages come whole."""
    return PATHS[name].format(offset)


def read_page(name: str, body: bytes) -> ListPage:
    """The rows of an answer, in the order sent; raises BadAnswer when it is no list.

    Rows without a readable ID are left out, as are further rows of an ID. A page
    of another size than was asked for is the last: paging is at its end, or ignored.
    """
    sent = read_json(body)
    if not isinstance(sent, list):
        raise BadAnswer(f"ComfyDeploy's answer is not a list of {name}.")
    rows: dict[UUID, Listed] = {}
    for row in _readable(name, sent[:MOST_ROWS]):
        rows.setdefault(row.id, row)
    ends = name not in PAGED or len(sent) != PAGE_SIZE
    return ListPage(tuple(rows.values()), last=ends and len(sent) <= MOST_ROWS)


def _readable(name: str, rows: list[JsonValue]) -> Iterator[Listed]:
    for row in rows:
        row_id = parse_uuid(row.get("id")) if isinstance(row, dict) else None
        if row_id and isinstance(row, dict):
            yield _READERS[name](row_id, row)


def _workflow(row_id: UUID, row: JsonObject) -> Listed:
    return ListedWorkflow(row_id, *_common(WORKFLOW, row), cover_url=_url(row.get("cover_image")))


def _deployment(row_id: UUID, row: JsonObject, *, fluid: bool = False) -> Listed:
    return ListedDeployment(
        row_id,
        *_common(DEPLOYMENT, row),
        environment=_word(row.get("environment")),
        gpu=_word(row.get("gpu")),
        workflow_id=parse_uuid(row.get("workflow_id")),
        machine_id=parse_uuid(row.get("machine_id")),
        fluid=fluid,
    )


def _fluid(row_id: UUID, row: JsonObject) -> Listed:
    return _deployment(row_id, row, fluid=True)


def _machine(row_id: UUID, row: JsonObject) -> Listed:
    return ListedMachine(row_id, *_common(MACHINE, row), gpu=_word(row.get("gpu")))


_READERS: dict[str, Callable[[UUID, JsonObject], Listed]] = {
    WORKFLOWS: _workflow,
    DEPLOYMENTS: _deployment,
    FLUID: _fluid,
    MACHINES: _machine,
}


def _common(kind: str, row: JsonObject) -> tuple[str, str, datetime | None, bool]:
    """Name, organisation, last change, and whether it is deleted."""
    return (
        name_in(kind, row),
        _word(row.get("org_id"), LONGEST_NAME),
        parse_moment(row.get("updated_at")),
        row.get("deleted") in (True, "true"),
    )


def _word(value: object, most: int = LONGEST_WORD) -> str:
    return (parse_word(value, most) or "").strip()


def _url(value: object) -> str:
    url = parse_word(value) or ""
    return (safe_url(url) or "") if len(url) <= LONGEST_URL else ""
