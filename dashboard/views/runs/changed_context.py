"""What a run's page and its JSON say of the last good run before it, and of the same error."""

from dashboard.domain.changed.error_history import AlikeErrors
from dashboard.domain.changed.input_changes import InputChange, InputChangeKind
from dashboard.domain.changed.since_good import Changes
from dashboard.http import Context
from dashboard.models import Run
from dashboard.models.run_queryset import FAILED
from dashboard.presentation.run.changed_text import changed_text
from dashboard.presentation.run.error_before import error_before
from dashboard.services.runs.since_good import SinceGood


def changed_context(run: Run, since: SinceGood | None) -> Context:
    """The panel; empty where there is nothing to compare."""
    changes = since.changes if since else None
    return {
        "run": run,
        "since": since,
        "changed": changed_text(changes, since.names) if since and changes else None,
        "has_deployment": bool(run.deployment_id),
        "mark": run.status if run.status in FAILED else "clock",
    }


def error_context(run: Run, alike: AlikeErrors | None) -> Context:
    """The runs that failed in the same way."""
    return {"error_before": error_before(alike, run.uuid) if alike else None}


def changed_as_json(since: SinceGood | None) -> dict[str, object] | None:
    """By the names that others rely on; null for a good run, `since` null without a good one."""
    if since is None:
        return None
    return {
        "since": str(since.good.uuid) if since.good else None,
        "what": _what(since),
        "unknown": _unknown(since.changes),
    }


def _what(since: SinceGood) -> list[dict[str, object]]:
    if since.changes is None:
        return []
    facts: list[dict[str, object]] = [
        {
            "field": change.fact,
            "from": since.names.get(change.before, change.before),
            "to": since.names.get(change.after, change.after),
        }
        for change in since.changes.facts
    ]
    inputs = since.changes.inputs.changes if since.changes.inputs else ()
    return [*facts, *(_input(change) for change in inputs if _told(change))]


def _told(change: InputChange) -> bool:
    return change.kind is not InputChangeKind.HIDDEN


def _input(change: InputChange) -> dict[str, object]:
    return {"field": f"inputs.{change.name}", "from": change.before, "to": change.after}


def _unknown(changes: Changes | None) -> list[str]:
    """What cannot be compared: facts, inputs as a whole, or hidden ones by name."""
    if changes is None:
        return []
    if changes.inputs is None:
        return [*changes.unknown, "inputs"]
    hidden = [change.name for change in changes.inputs.changes if not _told(change)]
    return [*changes.unknown, *(f"inputs.{name}" for name in hidden)]
