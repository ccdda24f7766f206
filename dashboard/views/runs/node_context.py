"""What a run's page and its JSON say of its nodes."""

from dashboard.http import Context
from dashboard.models import Run
from dashboard.presentation.run.node_rows import node_table, sampled_rows
from dashboard.services.runs import details, nodes, versions
from dashboard.services.runs.nodes import REPORTED, SAMPLED


def nodes_context(run: Run) -> Context:
    """The table of a report or of looks; `nodes_absent` where it is known that there is none."""
    told = nodes.nodes_of(run)
    reported = None
    if told.reported:
        reported = node_table(told.reported, run.run, told.medians, versions.titles(run))
    return {
        "node_table": reported,
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
