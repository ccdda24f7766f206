"""The nodes of a run: what its machine reported, else what was seen of it. Reads only."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from dashboard.domain.nodes.node_times import NodeTime, from_stored
from dashboard.domain.nodes.sampled import FEWEST, Look, SampledNode, sampled_nodes
from dashboard.domain.run.usual import Band, band_of
from dashboard.models import Run, RunNodes, Snapshot
from dashboard.models.keys import key_list
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
    told = times_of([run]).get(run.pk, RunNodeTimes())
    return replace(told, usual=usual_for(run)) if told.source == REPORTED else told


def times_of(runs: Sequence[Run]) -> dict[int, RunNodeTimes]:
    """The same for several runs, by their keys, without what is usual; of those with any.

    Two queries, however many runs there are.
    """
    ended = {run.pk: run for run in runs if run.finished}
    rows = RunNodes.objects.filter(pk__in=key_list(ended)).only("reported") if ended else ()
    found = {row.pk: RunNodeTimes(REPORTED, from_stored(row.reported)) for row in rows}
    # Each look is a snapshot at least.
    seen = [pk for pk in ended if pk not in found and ended[pk].snapshot_count >= FEWEST]
    for pk, looks in looks_of(seen).items():
        if sampled := sampled_nodes(looks, ended[pk].started_at, ended[pk].ended_at):
            found[pk] = RunNodeTimes(SAMPLED, sampled=sampled)
    return found


def looks_of(runs: Sequence[int]) -> Mapping[int, Sequence[Look]]:
    """What was seen of live runs, by their keys. One query."""
    columns = ("run_id", "observed_at", "live_status", "status")
    rows = Snapshot.objects.filter(run_id__in=key_list(runs)).order_by("run_id", "id")
    found: dict[int, list[Look]] = defaultdict(list)
    for run, at, live_status, status in rows.values_list(*columns) if runs else ():
        found[run].append(Look(at, node_of(live_status) if status == "running" else None))
    return found


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
