"""The workspace's lists: workflows, deployments and machines, which may be renamed and deleted."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from dashboard.simulator.api import Request
from dashboard.simulator.http_replies import WRONG_METHOD, Reply, detail, json_reply
from dashboard.simulator.seeded_random import stable_uuid
from dashboard.simulator.workflows import WORKFLOWS, Workflow

Row = dict[str, object]
LISTS = ("workflows", "deployments", "machines")
FORBIDDEN = detail(403, "You are not authorized to access this resource")
OWNER: Row = {
    "user_id": "user_2demoMiraOkafor00000000001",
    "org_id": "org_2demoNorthlightStudio000001",
}
NEWEST = datetime(2026, 10, 5, 8, 12, 44, 310_000, tzinfo=UTC)
ODD: tuple[object, ...] = (
    None,
    3,
    {},
    {"id": None, "name": "no ID"},
    {"id": "nonsense"},
    {"id": str(stable_uuid("odd", 1)), "name": 7, "deleted": "false", "updated_at": "9999-01-01"},
    {"id": str(stable_uuid("odd", 2)), "name": ["x"], "gpu": {}, "updated_at": "21:00Z"},
    {
        "id": str(stable_uuid("odd", 3)),
        "name": "from tomorrow",
        "updated_at": "2199-01-01T00:00:00",
    },
)


def deployment_id(workflow: Workflow) -> str:
    return str(stable_uuid("deployment", workflow.name))


def machine_name(workflow: Workflow) -> str:
    return f"{workflow.name.split('-')[0]}-{workflow.gpu.lower()}"


@dataclass(slots=True)
class Workspace:
    """Answers the three lists: the demo's workflows first, then quiet ones up to `size`.

    `forbidden` holds the lists that answer 403 ("workflows", "deployments",
    "machines"); `odd` puts rows of wrong types, without an ID and twice in each.
    """

    size: int = len(WORKFLOWS)
    forbidden: set[str] = field(default_factory=set)
    odd: bool = False
    _names: dict[str, str] = field(default_factory=dict)
    _deleted: set[str] = field(default_factory=set)

    def rename(self, thing_id: str, name: str) -> None:
        self._names[thing_id] = name

    def delete(self, thing_id: str) -> None:
        self._deleted.add(thing_id)

    def has(self, thing_id: str) -> bool:
        return thing_id not in self._deleted

    def renamed(self, thing: Row) -> Row:
        """A thing under the name that it has now, and its workflow likewise."""
        name = self._names.get(str(thing.get("id")))
        inner = thing.get("workflow")
        return {
            **thing,
            **({"name": name} if name else {}),
            **({"workflow": self.renamed(inner)} if isinstance(inner, dict) else {}),
        }

    def answer(self, request: Request) -> Reply | None:
        """The reply, or None for another path than those of the three lists."""
        lists: dict[str, Callable[[Request], list[object]]] = {
            "/api/workflows/all": lambda _: self._with_odd(self._workflows()),
            "/api/deployments": self._deployments_page,
            "/api/machines/all": lambda _: self._with_odd(self._machines()),
        }
        rows = lists.get(request.path)
        if rows is None:
            return None
        if request.method != "GET":
            return WRONG_METHOD
        if request.path.split("/")[2] in self.forbidden:
            return FORBIDDEN
        return json_reply(200, rows(request))

    def _with_odd(self, rows: Iterable[Row]) -> list[object]:
        sent = list(rows)
        return [*sent[:1], *ODD, *sent] if self.odd else [*sent]

    def _deployments_page(self, request: Request) -> list[object]:
        fluid = request.query.get("is_fluid") == "true"
        environment = request.query.get("environment")
        rows = self._with_odd(
            row
            for row in self._deployments()
            if (row["modal_image_id"] is not None) == fluid
            and environment in (None, row["environment"])
        )
        size, offset = request.query.get("page_size", ""), request.query.get("offset", "0")
        if not size.isdigit():
            return rows  # an offset alone is ignored
        first = int(offset) if offset.isdigit() else 0
        return rows[first : first + int(size)]

    def _present(self, rows: Iterator[Row]) -> Iterator[Row]:
        return (self.renamed(row) for row in rows if self.has(str(row["id"])))

    def _workflows(self) -> Iterator[Row]:
        return self._present(_workflow_row(number) for number in range(self.size))

    def _deployments(self) -> Iterator[Row]:
        rows = (row for number in range(self.size) for row in _deployment_rows(number))
        return (row for row in self._present(rows) if self.has(str(row["workflow_id"])))

    def _machines(self) -> Iterator[Row]:
        return self._present(map(_machine_row, WORKFLOWS))


def _thing(number: int) -> tuple[str, str, Workflow]:
    """The ID and name of a workflow, and the demo's workflow whose machine it is on."""
    workflow = WORKFLOWS[number % len(WORKFLOWS)]
    if number < len(WORKFLOWS):
        return workflow.id, workflow.name, workflow
    return str(stable_uuid("workflow", number)), f"archive-{number + 1:02}", workflow


def _stamps(number: int, zone: str = "") -> Row:
    """When it was made and changed; lists name the zone or leave it out."""
    at = (NEWEST - timedelta(days=number)).replace(tzinfo=None)
    text = at.isoformat(timespec="microseconds") + zone
    return {"created_at": text, "updated_at": text}


def _workflow_row(number: int) -> Row:
    workflow_id, name, workflow = _thing(number)
    return {
        "id": workflow_id,
        **OWNER,
        "name": name,
        "selected_machine_id": workflow.machine_id,
        **_stamps(number),
        "pinned": False,
        "deleted": False,
        "description": None,
        "cover_image": None,
    }


def _deployment_rows(number: int) -> Iterator[Row]:
    """Production; staging for every other workflow; a fluid one for every third."""
    _, name, workflow = _thing(number)
    production = deployment_id(workflow) if number < len(WORKFLOWS) else _id(name, "production")
    yield _deployment_row(production, number, "production")
    if number % 2:
        yield _deployment_row(_id(name, "staging"), number, "staging")
    if number % 3 == 0:
        image = {"modal_image_id": "im-01SIMULATED", "modal_app_id": "ap-01SIMULATED"}
        yield {**_deployment_row(_id(name, "fluid"), number, "production"), **image}


def _id(*names: str) -> str:
    return str(stable_uuid("deployment", *names))


def _deployment_row(row_id: str, number: int, environment: str) -> Row:
    workflow_id, name, workflow = _thing(number)
    stamps = _stamps(number, "Z")
    nothing = dict.fromkeys(("share_slug", "description", "share_options", "showcase_media"))
    return {
        "id": row_id,
        **OWNER,
        "workflow_version_id": workflow.version_id,
        "workflow_id": workflow_id,
        "machine_id": workflow.machine_id,
        **nothing,
        "environment": environment,
        **stamps,
        "workflow": {"id": workflow_id, "name": name, "cover_url": None},
        "version": {"id": workflow.version_id, "version": 3, "workflow_api": {}, **stamps},
        "machine": None,
        "input_types": [],
        "output_types": [],
        "dub_link": None,
        "gpu": workflow.gpu,
        "machine_version_id": None,
        "modal_image_id": None,
        "concurrency_limit": 2,
        "run_timeout": 300,
        "idle_timeout": 0,
        "keep_warm": 0,
        "activated_at": None,
        "modal_app_id": None,
    }


def _machine_row(workflow: Workflow) -> Row:
    return {
        "id": workflow.machine_id,
        "user_id": OWNER["user_id"],
        "name": machine_name(workflow),
        **_stamps(0),
        "type": "comfy-deploy-serverless",
        "org_id": OWNER["org_id"],
        "status": "ready",
        "gpu": workflow.gpu,
        "machine_version": None,
        "machine_builder_version": "4",
        "comfyui_version": None,
        "import_failed_logs": None,
        "machine_version_id": None,
        "is_workspace": False,
    }
