"""What the JSON of one run and of a list of runs have in common, from a run's row alone."""

from django.conf import settings

from dashboard.domain.listing import DEPLOYMENT, MACHINE, VERSION, WORKFLOW
from dashboard.domain.logs.causes import cause_of
from dashboard.domain.run.facts import PHASES
from dashboard.models import Run
from dashboard.presentation.run.starter import Starter
from dashboard.views.responses import json_moment

STAMPS = ("created", "queued", "started", "ended", "updated")
FACTS = (
    "gpu",
    "origin",
    "machine_id",
    "machine_type",
    "workflow_id",
    "workflow_version_id",
    "deployment_id",
    "batch_id",
)
NAMED = (WORKFLOW, VERSION, DEPLOYMENT, MACHINE)


def facts_json(run: Run) -> dict[str, object]:
    """A run's own facts by the names that others rely on; null is "not known"."""
    return {
        "id": str(run.uuid),
        "url": settings.PUBLIC_URL + run.get_absolute_url(),
        "status": run.status,
        "finished": run.finished,
        "progress": run.progress,
        "live_status": run.live_status,
        "queue_position": run.queue_position,
        "durations": {name: getattr(run, name) for name in (*PHASES, "gpu_wait", "boot")},
        "start_kind": run.start_kind,
        "timestamps": {name: json_moment(getattr(run, f"{name}_at")) for name in STAMPS},
        "error": error_json(run),
        **{name: getattr(run, name) for name in FACTS},
        "warnings": run.warnings,
        "label": run.label or None,
        "starred": run.starred,
    }


def by_json(starter: Starter | None) -> dict[str, object] | None:
    return {"id": starter.id, "name": starter.name or None} if starter else None


def error_json(run: Run) -> dict[str, object] | None:
    """The shown error, with its cause and where it is from."""
    error = run.shown_error
    if not error:
        return None
    told = {name: error.get(name) for name in ("message", "node_id", "node_type", "traceback")}
    kind = error.get("exception_type")
    cause = cause_of(run.status, error.get("message") or "", kind or "", error.get("cause"))
    return {**told, "type": kind, "cause": cause, "source": run.error_source}
