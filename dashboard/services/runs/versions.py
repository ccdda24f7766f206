"""Workflow versions: what they hold is kept when their number is asked for."""

from datetime import datetime

from dashboard.domain.json_types import JsonObject
from dashboard.domain.nodes.editor_workflow import masked
from dashboard.domain.nodes.graph import titles_of
from dashboard.domain.text.redaction import redact
from dashboard.models import Run, WorkflowVersion
from dashboard.upstream.directory import VersionDetail, read_version

LONGEST_BODY = 2_000_000  # bytes of an answer that is kept


def store(version_id: str, body: bytes, now: datetime) -> None:
    """Keeps an answer about a version, with its secrets masked. Writes only."""
    told = read_version(body) if len(body) <= LONGEST_BODY else VersionDetail()
    defaults = {
        "graph": redact(told.graph),
        "workflow": masked(told.workflow, told.graph) if told.workflow else None,
        "made_with": redact(told.made_with),
        "read_at": now,
    }
    WorkflowVersion.objects.update_or_create(id=version_id, defaults=defaults)


def graph_of(version_id: str | None) -> JsonObject | None:
    """The graph of a version; None where it is not known. Reads only."""
    if not version_id:
        return None
    row = WorkflowVersion.objects.filter(pk=version_id).only("graph").first()
    return row.graph if row else None


def version_of(run: Run) -> WorkflowVersion | None:
    """The stored version of a run's workflow; None where it is not known. Reads only."""
    return WorkflowVersion.objects.filter(pk=run.workflow_version_id or "").first()


def titles(run: Run) -> dict[str, str]:
    """What the author of a run's workflow called its nodes, by node ID. Reads only."""
    return titles_of(graph_of(run.workflow_version_id))


def delete_unused() -> int:
    """Deletes versions without a stored run; returns how many. Writes only."""
    used = Run.objects.filter(workflow_version_id__isnull=False).values("workflow_version_id")
    return WorkflowVersion.objects.exclude(pk__in=used).delete()[0]
