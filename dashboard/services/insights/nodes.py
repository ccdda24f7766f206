"""The node times of runs that Insights are of, as far as they are known. Reads only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from dashboard.domain.insights.runs import InsightRun
from dashboard.domain.insights.slowest_nodes import NodeSeen, RunSeen, sightings
from dashboard.domain.json_types import JsonObject
from dashboard.domain.nodes.node_times import from_stored
from dashboard.domain.nodes.sampled import FEWEST
from dashboard.models import Run, RunNodes
from dashboard.models.keys import key_list
from dashboard.services.runs.nodes import looks_of

NEWEST = 2_000  # runs with node times that are read
LOOKED_AT = 10_000  # runs among which these are sought
PIECE = 2_000  # runs that are looked at together


@dataclass(frozen=True, slots=True)
class NodesRead:
    """The runs whose nodes are known, the newest first; `cut`: older ones were not read."""

    runs: tuple[RunSeen, ...] = ()
    cut: bool = False


def nodes_of(runs: Sequence[InsightRun]) -> NodesRead:
    """The nodes of the newest 2,000 of these runs that have any, of the newest 10,000.

    The runs are in the order of their creation. At most fifteen queries.
    """
    newest = runs[: -LOOKED_AT - 1 : -1]
    found: list[RunSeen] = []
    for begin in range(0, len(newest), PIECE):
        found += _seen(newest[begin : begin + PIECE])
        if len(found) > NEWEST:
            break
    return NodesRead(tuple(found[:NEWEST]), len(found) > NEWEST or len(runs) > len(newest))


def _seen(runs: Sequence[InsightRun]) -> Iterator[RunSeen]:
    keys = [run.id for run in runs]
    rows = RunNodes.objects.filter(pk__in=key_list(keys)).only("reported")
    reported = {row.pk: _reported(row.reported) for row in rows}
    left = [key for key in keys if not reported.get(key)]
    sampled = _sampled(left, {run.id: run for run in runs})
    for run in runs:
        nodes = reported.get(run.id) or sampled.get(run.id)
        if nodes and run.run is not None:
            yield RunSeen(run.workflow, run.run, nodes)


def _reported(rows: Iterable[JsonObject]) -> tuple[NodeSeen, ...]:
    return tuple(
        NodeSeen(node.id, node.type or node.id, node.seconds, True) for node in from_stored(rows)
    )


def _sampled(
    keys: Sequence[int], runs: Mapping[int, InsightRun]
) -> dict[int, tuple[NodeSeen, ...]]:
    """What was seen while polling; each look is a snapshot at least."""
    watched = Run.objects.filter(pk__in=key_list(keys), snapshot_count__gte=FEWEST)
    looks = looks_of(list(watched.values_list("pk", flat=True))) if keys else {}
    return {key: sightings(seen, runs[key].ended) for key, seen in looks.items()}
