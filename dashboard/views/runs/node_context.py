"""What a run's page and its JSON say of its nodes."""

from django.http import HttpRequest

from dashboard.http import Context
from dashboard.models import Run
from dashboard.presentation.run.node_rows import NodeView, node_table, sampled_rows
from dashboard.services.runs import details, nodes, versions
from dashboard.services.runs.nodes import REPORTED, SAMPLED


def asked_nodes(request: HttpRequest) -> NodeView:
    """Which nodes a reader asks for."""
    word = request.GET.get("nodes")
    return NodeView(word) if word in set(NodeView) else NodeView.BRIEF


def nodes_context(run: Run, view: NodeView = NodeView.BRIEF) -> Context:
    """The table of a report or of looks; `nodes_absent` where it is known that there is none."""
    told = nodes.nodes_of(run)
    reported = None
    if told.reported:
        reported = node_table(told.reported, run.run, told.usual, versions.titles(run), view)
    return {
        "node_table": reported,
        "nodes_view": view,
        "sampled_nodes": sampled_rows(told.sampled) if told.source == SAMPLED else None,
        "looks": sum(node.looks for node in told.sampled),
        "nodes_absent": not told.source and run.nodes_state == details.NONE,
    }


def nodes_as_json(run: Run) -> dict[str, object]:
    """By the names that others rely on; seconds, and ranges where there was no report."""
    told = nodes.nodes_of(run)
    if told.source == REPORTED:
        titles = versions.titles(run)
        rows: list[dict[str, object]] = [
            {**node.stored(), "title": titles.get(node.id), "low": None, "high": None}
            for node in told.reported
        ]
    else:
        rows = [
            {
                "id": None,
                "type": node.type,
                "title": None,
                "seconds": None,
                "low": node.low,
                "high": node.high,
                "vram": None,
            }
            for node in told.sampled
        ]
    return {"source": told.source or None, "list": rows}
