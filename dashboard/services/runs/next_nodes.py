"""Which node of a live run comes next: from an earlier run's report, else from the graph. Reads."""

import threading

from cachetools import TTLCache

from dashboard.domain.nodes.graph import titles_of
from dashboard.domain.nodes.next_node import Course, Step, followers
from dashboard.domain.nodes.node_times import from_stored
from dashboard.models import Run, RunNodes
from dashboard.presentation.run.headline import node_of
from dashboard.services.runs import versions

MOST_STEPS = 500  # of a longer run nothing is told
CACHE_SECONDS, MAX_CACHED = 60.0, 200

_courses: TTLCache[str, Course] = TTLCache(MAX_CACHED, CACHE_SECONDS)
_lock = threading.Lock()


def next_node(run: Run) -> str | None:
    """What the node after the running one is called; None where it is not known.

    The workflow's version is read at most once a minute in a process.
    """
    node = node_of(run.live_status) if run.status == "running" else None
    if not node or not run.workflow_version_id:
        return None
    return _course(run.workflow_version_id).after(node, run.progress)


def forget() -> None:
    """Empties the cache."""
    with _lock:
        _courses.clear()


def _course(version: str) -> Course:
    with _lock:
        known = _courses.get(version)
    if known is None:
        known = _read(version)
        with _lock:
            _courses[version] = known
    return known


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
