"""The nodes of a run: what its machine reported, else what was seen of it. Reads only."""

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from statistics import median

from cachetools import TTLCache

from dashboard.domain.nodes.node_times import NodeTime, from_stored
from dashboard.domain.nodes.sampled import Look, SampledNode, sampled_nodes
from dashboard.models import Run, RunNodes
from dashboard.presentation.run.headline import node_of

REPORTED, SAMPLED = "reported", "sampled"
NEWEST, FEWEST = 30, 5  # earlier runs that are compared with
CACHE_SECONDS, MAX_CACHED = 60.0, 500

Group = tuple[str | None, str | None, str]  # workflow, GPU, start kind


@dataclass(frozen=True, slots=True)
class RunNodeTimes:
    """`source` is "reported", "sampled" or "" where nothing is known."""

    source: str = ""
    reported: tuple[NodeTime, ...] = ()
    sampled: tuple[SampledNode, ...] = ()
    medians: Mapping[str, float] = field(default_factory=dict)  # by node ID, of earlier runs


_medians: TTLCache[Group, Mapping[str, float]] = TTLCache(MAX_CACHED, CACHE_SECONDS)
_lock = threading.Lock()


def nodes_of(run: Run) -> RunNodeTimes:
    """What is known of the nodes of a run that has ended."""
    if not run.finished:
        return RunNodeTimes()
    row = RunNodes.objects.filter(pk=run.pk).first()
    if row is not None:
        return RunNodeTimes(REPORTED, from_stored(row.reported), medians=medians_for(run))
    sampled = sampled_nodes(_looks(run), run.started_at, run.ended_at)
    return RunNodeTimes(SAMPLED, sampled=sampled) if sampled else RunNodeTimes()


def _looks(run: Run) -> list[Look]:
    rows = run.snapshots.order_by("id").values_list("observed_at", "live_status", "status")
    return [
        Look(at, node_of(live_status) if status == "running" else None)
        for at, live_status, status in rows
    ]


def medians_for(run: Run) -> Mapping[str, float]:
    """The median seconds of each node in earlier runs like it; of five at least."""
    group = (run.workflow_id, run.gpu, run.start_kind)
    with _lock:
        known = _medians.get(group)
    if known is None:
        known = _read(group)
        with _lock:
            _medians[group] = known
    return known


def _read(group: Group) -> Mapping[str, float]:
    workflow, gpu, start_kind = group
    rows = RunNodes.objects.filter(
        run__workflow_id=workflow, run__gpu=gpu, run__start_kind=start_kind, run__finished=True
    ).order_by("-run__sorted_at", "-pk")
    seconds: dict[str, list[float]] = {}
    for row in rows[:NEWEST]:
        for node in from_stored(row.reported):
            seconds.setdefault(node.id, []).append(node.seconds)
    return {node: median(times) for node, times in seconds.items() if len(times) >= FEWEST}


def forget() -> None:
    """Empties the cache."""
    with _lock:
        _medians.clear()
