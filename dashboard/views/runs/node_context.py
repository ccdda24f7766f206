"""What a run's page and its JSON say of its nodes."""

from collections.abc import Sequence

from django.http import HttpRequest

from dashboard.domain.nodes.graph import NodeTitles
from dashboard.http import Context
from dashboard.models import Run
from dashboard.presentation.run.node_rows import NodeView, node_table, sampled_rows
from dashboard.services.runs import details, nodes, versions
from dashboard.services.runs.nodes import REPORTED, SAMPLED, RunNodeTimes


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
    return nodes_of_several([run])[run.pk]


def nodes_of_several(runs: Sequence[Run]) -> dict[int, dict[str, object]]:
    """The same for several runs, by their keys."""
    told = nodes.times_of(runs)
    reported = [run for run in runs if run.pk in told and told[run.pk].source == REPORTED]
    ids = {run.workflow_version_id for run in reported if run.workflow_version_id}
    titles = versions.titles_by_version(ids)
    nothing = RunNodeTimes()
    return {
        run.pk: _as_json(told.get(run.pk, nothing), titles.get(run.workflow_version_id or ""))
        for run in runs
    }


def _as_json(told: RunNodeTimes, titles: NodeTitles | None) -> dict[str, object]:
    called = titles.by_id if titles else {}
    if told.source == REPORTED:
        rows: list[dict[str, object]] = [
            {**node.stored(), "title": called.get(node.id), "low": None, "high": None}
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
