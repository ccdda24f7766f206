"""Which node of a live run comes next: from an earlier run's report, else from the graph. Reads."""

from dashboard.domain.nodes.graph import titles_of
from dashboard.domain.nodes.next_node import Course, Step, followers
from dashboard.domain.nodes.node_times import from_stored
from dashboard.models import Run, RunNodes
from dashboard.presentation.run.headline import node_of
from dashboard.services.remembered import Remembered
from dashboard.services.runs import versions

MOST_STEPS = 500  # of a longer run nothing is told
CACHE_SECONDS, MAX_CACHED = 60.0, 200

_courses: Remembered[str, Course] = Remembered(CACHE_SECONDS, MAX_CACHED)
forget = _courses.forget


def next_node(run: Run) -> str | None:
    """What the node after the running one is called; None where it is not known.

    The workflow's version is read at most once a minute in a process.
    """
    node = node_of(run.live_status) if run.status == "running" else None
    if not node or not run.workflow_version_id:
        return None
    version = run.workflow_version_id
    return _courses.get(version, lambda: _read(version)).after(node, run.progress)


def _read(version: str) -> Course:
    graph = versions.graph_of(version) or {}
    titles = titles_of(graph)
    earlier = Run.objects.filter(
        workflow_version_id=version, status="success", nodes_state="reported"
    )
    newest = earlier.newest().values_list("pk", flat=True).first()
    row = RunNodes.objects.filter(pk=newest).first() if newest else None
    if row is not None and len(row.reported) <= MOST_STEPS:
        nodes = from_stored(row.reported)
        return Course(
            [Step(node.type or "", titles.get(node.id) or node.type or "") for node in nodes]
        )
    return Course(followers=followers(graph, titles))
