"""The figures of failures as JSON."""

from collections.abc import Iterable, Mapping

from dashboard.domain.filters.fields import VERSION, WORKFLOW
from dashboard.domain.insights.failure_causes import MOST, FailureCause, VersionKey
from dashboard.domain.insights.failure_days import FailureDay
from dashboard.domain.insights.failures import FailureFigures, VersionShare
from dashboard.domain.insights.shares import Share
from dashboard.presentation.insights.failure_causes import error_text
from dashboard.views.responses import json_moment

Names = Mapping[tuple[str, str], str]


def failures_json(figures: FailureFigures, names: Names) -> dict[str, object]:
    """What failures.json tells beside its time and population."""
    before, untold = figures.before, figures.untold
    causes = [*figures.causes[:MOST], *([untold] if untold else [])]
    return {
        "share": {**_share(figures.now.share), "before": before.share.value if before else None},
        "days": [_day(day) for day in figures.days],
        "causes": [_cause(cause, names) for cause in causes],
        "versions": [_version(each, names) for each in figures.versions],
    }


def _share(share: Share) -> dict[str, object]:
    return {"value": share.value, **_ends(share), "n": share.n}


def _ends(share: Share) -> dict[str, float | None]:
    found = share.interval
    return {"low": found.low if found else None, "high": found.high if found else None}


def _day(day: FailureDay) -> dict[str, object]:
    return {"day": str(day.day), **_counts(day.share)}


def _counts(share: Share) -> dict[str, object]:
    return {"failed": share.part, "ended": share.n, **_ends(share)}


def _cause(cause: FailureCause, names: Names) -> dict[str, object]:
    facts = cause.facts
    return {
        "cause": cause.key.cause or None,
        "error": error_text(facts) or None,
        "node_type": facts.node_type or None if facts else None,
        "runs": len(cause.runs),
        "of_runs": _share(cause.of_runs) if cause.of_runs else None,
        "first_seen": json_moment(facts.first_seen) if facts else None,
        "last_seen": json_moment(facts.last_seen if facts else cause.runs[-1].created),
        "workflows": _workflows(cause.versions, names),
        "new_since": _named(names, VERSION, cause.new_since.version) if cause.new_since else None,
    }


def _workflows(versions: Iterable[VersionKey], names: Names) -> list[dict[str, object]]:
    own: dict[str | None, list[dict[str, str | None]]] = {}
    for key in versions:
        own.setdefault(key.workflow, []).append(_named(names, VERSION, key.version))
    return [{**_named(names, WORKFLOW, key), "versions": found} for key, found in own.items()]


def _version(each: VersionShare, names: Names) -> dict[str, object]:
    return {
        "workflow": _named(names, WORKFLOW, each.key.workflow),
        "version": _named(names, VERSION, each.key.version),
        **_counts(each.share),
    }


def _named(names: Names, kind: str, key: str | None) -> dict[str, str | None]:
    return {"id": key, "name": names.get((kind, key)) if key is not None else None}
