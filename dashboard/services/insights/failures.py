"""What is known of the causes of failures, of all history and by an example. Reads only."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Count, Max, Min, OuterRef, Subquery
from django.db.models.functions import Lower

from dashboard.domain.insights.failure_causes import CauseFacts, CauseKey, VersionKey
from dashboard.domain.insights.runs import WORKSPACE
from dashboard.domain.run.facts import StoredError
from dashboard.models import Run, RunQuerySet
from dashboard.models.run import shown_error

ERRORS = ("error", "list_error", "log_error")


def facts_of(examples: Mapping[CauseKey, int]) -> dict[CauseKey, CauseFacts]:
    """When each of these causes was first and last seen, and what the run that stands for it says.

    Three queries, however many runs there are: of the examples, and of all runs with the same
    errors. Sessions in the editor are not among these.
    """
    if not examples:
        return {}
    seen = {key: row for key, row in _seen(examples) if key in examples}
    rows = {row["id"]: row for row in _examples(examples.values())}
    return {
        key: _facts(seen[key], rows[example])
        for key, example in examples.items()
        if key in seen and example in rows
    }


def _seen(keys: Iterable[CauseKey]) -> Iterator[tuple[CauseKey, dict[str, Any]]]:
    """What all runs of these causes come to."""
    digests = sorted({key.digest for key in keys} - {""})
    words = sorted({key.cause for key in keys if not key.digest} - {""})
    runs = Run.objects.exclude(origin=WORKSPACE).filter(created_at__isnull=False)
    # The conditions say what those of the indexes do, or SQLite reads all runs.
    for found, wanted in (
        (runs.exclude(error_digest="").filter(error_digest__in=digests), digests),
        (runs.exclude(error_cause="").filter(error_cause__in=words, error_digest=""), words),
    ):
        for row in _counted(found) if wanted else ():
            yield CauseKey(row["error_cause"], row["error_digest"]), row


def _counted(runs: RunQuerySet) -> Iterable[dict[str, Any]]:
    groups = runs.order_by().values("error_cause", "error_digest")
    return groups.annotate(
        first_seen=Min("created_at"),
        last_seen=Max("created_at"),
        count=Count("id"),
        versioned=Count("workflow_version_id"),
        low_version=Min("workflow_version_id"),
        high_version=Max("workflow_version_id"),
        low_workflow=Min("workflow_id"),
        high_workflow=Max("workflow_id"),
    )


def _examples(keys: Iterable[int]) -> Iterable[dict[str, Any]]:
    """The errors of these runs, and when the first run of their version and workflow was created.

    The first ones are looked up in the indexes, as there may be very many.
    """
    of_workflow = Run.objects.seen().filter(workflow_id=OuterRef("workflow_id"))
    of_version = of_workflow.filter(workflow_version_id=OuterRef("workflow_version_id"))
    return (
        Run.objects.filter(pk__in=list(keys))
        .annotate(
            word=Lower("status"),
            version_first=_first(of_version),
            workflow_first=_first(of_workflow),
        )
        .values(
            *("id", "word", "workflow_id", "workflow_version_id", *ERRORS),
            *("version_first", "workflow_first"),
        )
    )


def _first(runs: RunQuerySet) -> Subquery:
    known = runs.filter(created_at__isnull=False).order_by("sorted_at", "id")
    return Subquery(known.values("created_at")[:1])


def _facts(seen: Mapping[str, Any], row: Mapping[str, Any]) -> CauseFacts:
    error: StoredError = shown_error(row["word"], *(row[name] for name in ERRORS)) or {}
    facts = CauseFacts(
        first_seen=seen["first_seen"],
        last_seen=seen["last_seen"],
        error_type=error.get("exception_type") or "",
        message=error.get("message") or "",
        node_id=error.get("node_id") or "",
        node_type=error.get("node_type") or "",
    )
    workflow, version = row["workflow_id"], row["workflow_version_id"]
    if workflow is None or version is None or not _is_alone(seen):
        return facts
    return replace(
        facts,
        only_version=VersionKey(workflow, version),
        version_first=row["version_first"],
        workflow_first=row["workflow_first"],
    )


def _is_alone(seen: Mapping[str, Any]) -> bool:
    """Whether all runs of a cause are of one version of one workflow."""
    one = all(seen[f"low_{name}"] == seen[f"high_{name}"] for name in ("version", "workflow"))
    return one and bool(seen["versioned"] == seen["count"])
