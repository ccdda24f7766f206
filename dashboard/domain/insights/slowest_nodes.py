"""The nodes that take longest in runs of many workflows."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from dashboard.domain.insights.percentiles import MEDIAN_FROM, TAIL_FROM, percentile
from dashboard.domain.nodes.sampled import FEWEST, Look

SAMPLED_FROM = 2.0  # seconds; what was seen while polling is exact to about as much


@dataclass(frozen=True, slots=True)
class NodeSeen:
    """One node of a run: its seconds, and whether the machine reported them."""

    id: str  # "" where only its type was seen
    type: str
    seconds: float
    reported: bool


@dataclass(frozen=True, slots=True)
class RunSeen:
    """A run whose nodes are known; `run` is how many seconds it ran."""

    workflow: str | None
    run: float
    nodes: tuple[NodeSeen, ...]


@dataclass(frozen=True, slots=True)
class SlowNode:
    """A node of a workflow over the runs that it was seen in; p25 and p75 None under twenty."""

    workflow: str | None
    id: str
    type: str
    reported: bool
    runs: int
    p50: float
    p25: float | None
    p75: float | None
    share: float | None  # its seconds of those of the runs that it was seen in


@dataclass(slots=True)
class _Times:
    seconds: list[float] = field(default_factory=list)
    run: float = 0.0


def slowest_nodes(runs: Iterable[RunSeen]) -> list[SlowNode]:
    """The nodes of each workflow, the slowest first; those that under five runs had are none.

    Of a workflow with reported times in five runs, these alone; else what was seen while
    polling, where nodes with a median under two seconds are left out.
    """
    of_workflows: dict[str | None, list[RunSeen]] = defaultdict(list)
    for run in runs:
        of_workflows[run.workflow].append(run)
    found = [
        node for workflow, seen in of_workflows.items() for node in _of_workflow(workflow, seen)
    ]
    return sorted(found, key=lambda node: (-node.p50, node.workflow or "", node.type, node.id))


def _of_workflow(workflow: str | None, runs: Sequence[RunSeen]) -> Iterable[SlowNode]:
    reported = sum(any(node.reported for node in run.nodes) for run in runs) >= MEDIAN_FROM
    times: dict[tuple[str, str], _Times] = defaultdict(_Times)
    for run in runs:
        of_run: dict[tuple[str, str], float] = defaultdict(float)
        for node in run.nodes:
            if node.reported == reported:
                of_run[node.type, node.id] += node.seconds  # a node may run several times
        for key, seconds in of_run.items():
            times[key].seconds.append(seconds)
            times[key].run += run.run
    for (kind, node_id), seen in times.items():
        if len(seen.seconds) < MEDIAN_FROM:
            continue
        ordered = sorted(seen.seconds)
        p50 = percentile(ordered, 50)
        if reported or p50 >= SAMPLED_FROM:
            tails = len(ordered) >= TAIL_FROM
            yield SlowNode(
                workflow=workflow,
                id=node_id,
                type=kind,
                reported=reported,
                runs=len(ordered),
                p50=p50,
                p25=percentile(ordered, 25) if tails else None,
                p75=percentile(ordered, 75) if tails else None,
                share=min(sum(ordered) / seen.run, 1.0) if seen.run > 0 else None,
            )


def sightings(looks: Iterable[Look], ended: datetime | None) -> tuple[NodeSeen, ...]:
    """The nodes that were seen while polling a run; none where fewer than three looks saw one.

    Each lasts from its first sighting to that of the next one, and no longer than to the end.
    """
    known = sorted(looks, key=lambda look: look.at)
    if sum(look.node is not None for look in known) < FEWEST:
        return ()
    stretches = [next(group) for _, group in groupby(known, key=lambda look: look.node)]
    ends = [*(look.at for look in stretches[1:]), ended]
    return tuple(
        NodeSeen("", first.node, max((_sooner(end, ended) - first.at).total_seconds(), 0.0), False)
        for first, end in zip(stretches, ends, strict=True)
        if first.node is not None and end is not None
    )


def _sooner(at: datetime, ended: datetime | None) -> datetime:
    return at if ended is None else min(at, ended)
