"""The workspace's lists: workflows, deployments and machines, which may be renamed and deleted."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from dashboard.simulator.api import Request
from dashboard.simulator.http_replies import WRONG_METHOD, Reply, detail, json_reply
from dashboard.simulator.seeded_random import stable_uuid
from dashboard.simulator.things import (
    Place,
    Row,
    deployment_id,
    deployment_rows,
    index,
    machine_name,
    machine_row,
    workflow_row,
)
from dashboard.simulator.workflows import WORKFLOWS

__all__ = ["FORBIDDEN", "LISTS", "ODD", "Workspace", "deployment_id", "machine_name"]


LISTS = ("workflows", "deployments", "machines", "runs", "feed", "users", "containers", "prices")
FORBIDDEN = detail(403, "You are not authorized to access this resource")
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


@dataclass(slots=True)
class Workspace:
    """Answers the three lists: the demo's workflows first, then others up to `size`.

    `forbidden` holds what answers 403, of `LISTS`; `odd` puts rows of wrong types,
    without an ID and twice in each list, those of runs too.
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

    def known(self, kind: str, thing_id: str) -> Row | None:
        """The thing as it was made, even if it is deleted."""
        return index(self.size).singles.get((kind, thing_id))

    def deployment(self, deployment_id: str) -> Place | None:
        """Where this deployment stands, even if it is deleted."""
        return index(self.size).places.get(deployment_id)

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
        return self._present(workflow_row(number) for number in range(self.size))

    def _deployments(self) -> Iterator[Row]:
        rows = (row for number in range(self.size) for row in deployment_rows(number))
        return (row for row in self._present(rows) if self.has(str(row["workflow_id"])))

    def _machines(self) -> Iterator[Row]:
        return self._present(map(machine_row, WORKFLOWS))
