"""The figures of Speed as JSON."""

from collections.abc import Mapping

from dashboard.domain.filters.fields import VERSION, WORKFLOW
from dashboard.domain.insights.hodges_lehmann import Difference
from dashboard.domain.insights.slowest_nodes import SlowNode
from dashboard.domain.insights.speed import Change, Series, Speed, SpeedGroup
from dashboard.presentation.insights.speed import KnownNodes
from dashboard.views.responses import json_moment

NODES = 200  # the slowest
Names = Mapping[tuple[str, str], str]


def speed_json(speed: Speed, nodes: KnownNodes, names: Names) -> dict[str, object]:
    """What speed.json tells beside its time and population."""
    return {
        "start": speed.start_kind,
        "finished": {"runs": len(speed.runs), "other_start": speed.other, "untold": speed.untold},
        "groups": [_group(group, names) for group in speed.groups],
        "searched": len(speed.series),
        "changes": [_change(series, change, names) for series, change in speed.changed],
        "nodes": {
            "runs": nodes.runs,
            "newest": nodes.newest or None,
            "list": [_node(node, names) for node in nodes.slowest[:NODES]],
        },
    }


def _named(names: Names, kind: str, key: str | None) -> dict[str, str | None]:
    return {"id": key, "name": names.get((kind, key)) if key is not None else None}


def _difference(difference: Difference | None) -> dict[str, object] | None:
    if difference is None:
        return None
    interval = difference.interval
    return {"value": difference.value, "low": interval.low, "high": interval.high}


def _group(group: SpeedGroup, names: Names) -> dict[str, object]:
    return {
        "workflow": _named(names, WORKFLOW, group.workflow),
        "version": _named(names, VERSION, group.version),
        "gpu": group.gpu,
        "n": len(group.seconds),
        "p25": group.p25,
        "p50": group.p50,
        "p90": group.p90,
        "earlier": group.earlier,
        "against_earlier": _difference(group.against),
    }


def _change(series: Series, change: Change, names: Names) -> dict[str, object]:
    return {
        "workflow": _named(names, WORKFLOW, series.workflow),
        "gpu": series.gpu,
        "at": json_moment(series.moment(change)),
        "version": _named(names, VERSION, change.version) if change.version is not None else None,
        "before": {"p50": change.before, "n": change.runs_before},
        "after": {"p50": change.after, "n": change.runs_after},
        "difference": _difference(change.difference),
        "p": change.p,
    }


def _node(node: SlowNode, names: Names) -> dict[str, object]:
    return {
        "id": node.id or None,
        "type": node.type,
        "workflow": _named(names, WORKFLOW, node.workflow),
        "source": "reported" if node.reported else "sampled",
        "n": node.runs,
        "p25": node.p25,
        "p50": node.p50,
        "p75": node.p75,
        "share": node.share,
    }
