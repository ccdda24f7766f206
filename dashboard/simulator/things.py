"""The workspace's things as JSON: workflows, versions, deployments and machines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from dashboard.simulator.containers import IDLE_TIMEOUT
from dashboard.simulator.editor_workflows import editor_workflow, with_input_node
from dashboard.simulator.seeded_random import stable_uuid
from dashboard.simulator.workflows import ORG_ID, PEOPLE, Workflow, workflow_at

Row = dict[str, object]
OWNER: Row = {"user_id": PEOPLE[0], "org_id": ORG_ID}
NEWEST = datetime(2026, 10, 5, 8, 12, 44, 310_000, tzinfo=UTC)
FOREIGN_WORKFLOW = str(stable_uuid("workflow of another organisation"))
EDITED = {"created_at": "2026-10-05T08:12:44.310Z", "updated_at": "2026-10-05T08:12:44.310Z"}


def deployment_id(workflow: Workflow) -> str:
    """The deployment that the workflow's runs come from."""
    return str(stable_uuid("deployment", workflow.name))


def machine_name(workflow: Workflow) -> str:
    return f"{workflow.machine.split('-')[0]}-{workflow.gpu.lower()}"


@dataclass(frozen=True, slots=True)
class Place:
    """The workflow of a deployment, and whether runs come from it."""

    workflow_id: str
    runs: bool


@dataclass(frozen=True, slots=True)
class Index:
    """What a workspace of a size has: singles by kind and ID, and the places of deployments."""

    singles: dict[tuple[str, str], Row]
    places: dict[str, Place]


@cache
def index(size: int) -> Index:
    numbers = range(size)
    singles = {(kind, str(row["id"])): row for number in numbers for kind, row in _singles(number)}
    places = {str(row["id"]): _place(row) for n in numbers for row in deployment_rows(n)}
    return Index(singles, places)


def _place(row: Row) -> Place:
    workflow = row["workflow"]
    name = workflow["name"] if isinstance(workflow, dict) else ""
    runs = row["id"] == str(stable_uuid("deployment", name))
    return Place(str(row["workflow_id"]), runs)


def _singles(number: int) -> Iterator[tuple[str, Row]]:
    """A workflow, its version, machine and deployments; only the fields that are read."""
    workflow = workflow_at(number)
    yield "workflow", {"id": workflow.id, "name": workflow.name, "pinned": False, **EDITED}
    yield "workflow-version", _version(workflow)
    yield "machine", _machine(workflow)
    for row in deployment_rows(number):
        yield (
            "deployment",
            {
                "id": row["id"],
                "workflow_id": workflow.id,
                "environment": row["environment"],
                "workflow": {"id": workflow.id, "name": workflow.name},
                **EDITED,
            },
        )


def _version(workflow: Workflow) -> Row:
    graph = with_input_node(graph_of(workflow))
    return {
        "id": workflow.version_id,
        "workflow_id": workflow.id,
        "version": 3,
        "comment": "",
        "workflow_api": graph,
        "workflow": editor_workflow(graph),
        **EDITED,
    }


TITLES = {"UNETLoader": "Load FLUX.1-dev", "KSampler": "Sampler", "VAEDecode": "Decode"}
"""What the authors of the workflows called some of their nodes."""


def graph_of(workflow: Workflow) -> Row:
    """The workflow as ComfyUI takes it, its nodes in the order in which they run."""
    return {
        str(number): {
            "class_type": node,
            "inputs": {} if number == 1 else {"from": [str(number - 1), 0]},
            "_meta": {"title": TITLES.get(node, node)},
        }
        for number, node in enumerate(workflow.nodes, 1)
    }


def workflow_rows(workflow: Workflow) -> Row:
    """The version and the workflow, as each row of the older list of runs has them."""
    graph = graph_of(workflow)
    version = {"id": workflow.version_id, "version": 3, "workflow_api": graph, **EDITED}
    named = {"id": workflow.id, "name": workflow.name, **OWNER}
    return {"workflow_api": graph, "version": version, "workflow": named}


def _machine(workflow: Workflow) -> Row:
    return {
        "id": workflow.machine_id,
        "name": machine_name(workflow),
        "type": "comfy-deploy-serverless",
        "gpu": workflow.gpu,
        "auth_token": "FAKE-not-a-token",
        "keep_warm": 0,
        "idle_timeout": IDLE_TIMEOUT,
        "run_timeout": 300,
        "concurrency_limit": 2,
        "optimized_runner": False,
        "machine_version": None,
        "machine_version_id": str(stable_uuid("machine version", workflow.machine_id, 3)),
        **EDITED,
    }


def stamps(number: int, zone: str = "") -> Row:
    """When it was made and changed; lists name the zone or leave it out."""
    at = (NEWEST - timedelta(days=number)).replace(tzinfo=None)
    text = at.isoformat(timespec="microseconds") + zone
    return {"created_at": text, "updated_at": text}


def workflow_row(number: int) -> Row:
    workflow = workflow_at(number)
    return {
        "id": workflow.id,
        **OWNER,
        "name": workflow.name,
        "selected_machine_id": workflow.machine_id,
        **stamps(number),
        "pinned": False,
        "deleted": False,
        "description": None,
        "cover_image": None,
    }


def deployment_rows(number: int) -> Iterator[Row]:
    """Production; staging for every other workflow; a fluid one for every third."""
    workflow = workflow_at(number)
    name = workflow.name
    yield _deployment_row(deployment_id(workflow), number, "production")
    if number % 2:
        yield _deployment_row(_id(name, "staging"), number, "staging")
    if number % 3 == 0:
        image = {"modal_image_id": "im-01SIMULATED", "modal_app_id": "ap-01SIMULATED"}
        yield {**_deployment_row(_id(name, "fluid"), number, "production"), **image}


def _id(*names: str) -> str:
    return str(stable_uuid("deployment", *names))


def _deployment_row(row_id: str, number: int, environment: str) -> Row:
    workflow = workflow_at(number)
    edited = stamps(number, "Z")
    nothing = dict.fromkeys(("share_slug", "description", "share_options", "showcase_media"))
    return {
        "id": row_id,
        **OWNER,
        "workflow_version_id": workflow.version_id,
        "workflow_id": workflow.id,
        "machine_id": workflow.machine_id,
        **nothing,
        "environment": environment,
        **edited,
        "workflow": {"id": workflow.id, "name": workflow.name, "cover_url": None},
        "version": {"id": workflow.version_id, "version": 3, "workflow_api": {}, **edited},
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


def machine_row(workflow: Workflow) -> Row:
    return {
        "id": workflow.machine_id,
        "user_id": OWNER["user_id"],
        "name": machine_name(workflow),
        **stamps(0),
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
