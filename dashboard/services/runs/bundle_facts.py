"""What a reproduction bundle tells of a run's versions and outputs; what is unknown is absent."""

import hashlib
from collections.abc import Mapping

from dashboard.domain.listing import DEPLOYMENT, MACHINE, VERSION, WORKFLOW
from dashboard.domain.media.stored_files import name_in_link, safe_name
from dashboard.domain.text.redaction import MASK
from dashboard.models import (
    Container,
    Deployment,
    Output,
    Run,
    StoredFile,
    UsedMachine,
    WorkflowVersion,
)
from dashboard.presentation.run.file_text import REASONS
from dashboard.services.machines import queue_splits
from dashboard.services.runs import names
from dashboard.services.runs.belonging import as_uuid

SETTINGS = ("idle_timeout", "keep_warm", "run_timeout", "concurrency_limit")
LINKED = "Runboard has no copy of this file, only ComfyDeploy's link."
MASKED = "Secrets in this text are masked."
Told = dict[str, object]


def versions_of(run: Run, version: WorkflowVersion | None) -> Told:
    """Workflow version, deployment, machine and GPU."""
    known = names.of_run(run)
    container = queue_splits.container_of(run)
    return _known(
        {
            "run": _known({"id": str(run.uuid), "origin": run.origin}),
            "workflow": _known({"id": run.workflow_id, "name": known.get(WORKFLOW)}),
            "workflow_version": _known(
                {
                    "id": run.workflow_version_id,
                    "name": known.get(VERSION),
                    **((version and version.made_with) or {}),
                }
            ),
            "deployment": _deployment(run, known),
            "machine": _machine(run, known, container),
            "gpu": (container and container.gpu) or run.gpu,
        }
    )


def _known(told: Mapping[str, object]) -> Told:
    return {name: value for name, value in told.items() if value not in (None, "", {}, [])}


def _deployment(run: Run, known: Mapping[str, str]) -> Told:
    uuid = as_uuid(run.deployment_id)
    row = Deployment.objects.filter(pk=uuid).first() if uuid else None
    told = {"environment": row.environment, "fluid": row.fluid} if row else {}
    return _known({"id": run.deployment_id, "name": known.get(DEPLOYMENT), **told})


def _machine(run: Run, known: Mapping[str, str], container: Container | None) -> Told:
    """The version is the run's own; the settings are the newest, with the version they are of."""
    row = UsedMachine.objects.filter(pk=run.machine_id or "").first()
    return _known(
        {
            "id": run.machine_id,
            "name": known.get(MACHINE),
            "type": run.machine_type,
            "version_id": container and container.machine_version_id,
            "settings": _settings(row) if row and row.settings_of else None,
        }
    )


def _settings(row: UsedMachine) -> Told:
    return _known(
        {
            "read_at": row.settings_of and row.settings_of.isoformat(),
            "machine_version": row.version,
            "machine_version_id": row.version_id,
            **{name: getattr(row, name) for name in SETTINGS},
            "optimized_runner": row.optimised,
            "build": row.build,
        }
    )


def outputs_of(run: Run) -> list[Told]:
    """Every output in its order; the hash is null where it is not known, and `why` says why."""
    kept = {each.identity: each for each in run.stored_files.all()}
    return [_output(each, kept.get(each.identity)) for each in run.outputs.all()]


def _output(output: Output, kept: StoredFile | None) -> Told:
    name = safe_name(output.filename or name_in_link(output.url or ""), output.key or "output")
    head = {"name": name, "kind": output.kind, "node": output.node_id}
    head |= {"node_class": output.node_class}
    if kept is not None and not kept.reason:
        return {**head, "type": kept.type, "size": kept.length, "sha256": kept.sha256 or None}
    if output.text is not None and not output.url:
        return {**head, **_text(output.text)}
    why = REASONS.get(kept.reason, LINKED) if kept is not None else LINKED
    return {**head, "size": None, "sha256": None, "why": why}


def _text(text: str) -> Told:
    if MASK in text:
        return {"size": None, "sha256": None, "why": MASKED}
    body = text.encode("utf-8", "replace")
    return {"size": len(body), "sha256": hashlib.sha256(body).hexdigest()}
