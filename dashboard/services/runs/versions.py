"""Workflow versions: what they hold is kept when their number is asked for."""

from collections.abc import Collection
from datetime import datetime

from dashboard.domain.json_types import JsonObject
from dashboard.domain.nodes.editor_workflow import masked
from dashboard.domain.nodes.graph import NodeTitles, read_titles
from dashboard.domain.text.redaction import redact
from dashboard.models import Run, WorkflowVersion
from dashboard.upstream.directory import VersionDetail, read_version

LONGEST_BODY = 2_000_000  # bytes of an answer that is kept
GRAPHS_AT_ONCE = 10  # in memory together


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
    version = run.workflow_version_id or ""
    found = titles_by_version([version]) if version else {}
    return dict(found[version].by_id) if version in found else {}


def graphs_of(ids: Collection[str]) -> dict[str, JsonObject]:
    """The graphs of those of these versions that are known. Reads only."""
    rows = WorkflowVersion.objects.filter(pk__in=ids, graph__isnull=False)
    return {row.pk: row.graph for row in rows.only("graph") if row.graph} if ids else {}


def titles_by_version(ids: Collection[str]) -> dict[str, NodeTitles]:
    """What the nodes of these versions are called, by version; of those with any. Reads only."""
    rows = WorkflowVersion.objects.filter(pk__in=ids, graph__isnull=False)
    found = rows.values_list("pk", "graph").iterator(chunk_size=GRAPHS_AT_ONCE) if ids else ()
    titles = ((pk, read_titles(graph)) for pk, graph in found)
    return {pk: each for pk, each in titles if each}


def delete_unused() -> int:
    """Deletes versions without a stored run; returns how many. Writes only."""
    used = Run.objects.filter(workflow_version_id__isnull=False).values("workflow_version_id")
    return WorkflowVersion.objects.exclude(pk__in=used).delete()[0]
