"""The nodes of a run: what its machine reported, else what was seen of it. Reads only."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from dashboard.domain.nodes.node_times import NodeTime, from_stored
from dashboard.domain.nodes.sampled import Look, SampledNode, sampled_nodes
from dashboard.domain.run.usual import Band, band_of
from dashboard.models import Run, RunNodes
from dashboard.presentation.run.headline import node_of
from dashboard.services.remembered import Remembered

REPORTED, SAMPLED = "reported", "sampled"
NEWEST = 30  # runs that are compared with
CACHE_SECONDS, MAX_CACHED = 60.0, 500

Group = tuple[str | None, str | None, str]  # workflow, GPU, start kind


@dataclass(frozen=True, slots=True)
class RunNodeTimes:
    """`source` is "reported", "sampled" or "" where nothing is known."""

    source: str = ""
    reported: tuple[NodeTime, ...] = ()
    sampled: tuple[SampledNode, ...] = ()
    usual: Mapping[str, Band] = field(default_factory=dict)  # by node ID, of runs like it


_usual: Remembered[Group, Mapping[str, Band]] = Remembered(CACHE_SECONDS, MAX_CACHED)
forget = _usual.forget


def nodes_of(run: Run) -> RunNodeTimes:
    """What is known of the nodes of a run that has ended."""
    if not run.finished:
        return RunNodeTimes()
    row = RunNodes.objects.filter(pk=run.pk).first()
    if row is not None:
        return RunNodeTimes(REPORTED, from_stored(row.reported), usual=usual_for(run))
    sampled = sampled_nodes(_looks(run), run.started_at, run.ended_at)
    return RunNodeTimes(SAMPLED, sampled=sampled) if sampled else RunNodeTimes()


def _looks(run: Run) -> list[Look]:
    rows = run.snapshots.order_by("id").values_list("observed_at", "live_status", "status")
    return [
        Look(at, node_of(live_status) if status == "running" else None)
        for at, live_status, status in rows
    ]


def usual_for(run: Run) -> Mapping[str, Band]:
    """The seconds of each node in the newest runs like it; of five at least."""
    group = (run.workflow_id, run.gpu, run.start_kind)
    return _usual.get(group, lambda: _read(group))


def _read(group: Group) -> Mapping[str, Band]:
    workflow, gpu, start_kind = group
    rows = RunNodes.objects.filter(
        run__workflow_id=workflow, run__gpu=gpu, run__start_kind=start_kind, run__finished=True
    ).order_by("-run__sorted_at", "-pk")
    seconds: dict[str, list[float]] = {}
    for row in rows[:NEWEST]:
        for node in from_stored(row.reported):
            seconds.setdefault(node.id, []).append(node.seconds)
    bands = {node: band_of(times) for node, times in seconds.items()}
    return {node: band for node, band in bands.items() if band}
