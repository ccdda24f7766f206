"""New versions of workflows, and whether cold starts took another time since one of them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from dashboard.domain.insights.bootstrap import median_change
from dashboard.domain.insights.percentiles import percentile
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun
from dashboard.domain.insights.shares import Interval
from dashboard.domain.insights.starts import Start, seconds_by_day, seconds_of

SIDE = 20  # cold starts before and after
LEAST = 2.0  # seconds of change
JUDGED = 10  # of the largest changes, so that the time it takes is bounded


@dataclass(frozen=True, slots=True)
class VersionMarker:
    """The creation of the first run seen of a version, after runs of other versions."""

    workflow: str
    version: str
    at: datetime


@dataclass(frozen=True, slots=True)
class VersionStep:
    """How long cold starts of one workflow and GPU took before and since a version, in seconds."""

    marker: VersionMarker
    gpu: str
    n_before: int
    n_after: int
    p50_before: float
    p50_after: float
    change: Interval

    @property
    def difference(self) -> float:
        return self.p50_after - self.p50_before


def version_markers(
    now: Iterable[InsightRun], before: Iterable[InsightRun]
) -> tuple[VersionMarker, ...]:
    """The versions first seen in `now`, in order; a workflow's very first version is none."""
    past = [(run.workflow, run.version) for run in before]
    seen, workflows = set(past), {workflow for workflow, _ in past}
    markers = []
    for run in sorted(now, key=lambda run: (run.created, run.id)):
        if run.workflow is None or run.version is None:
            continue
        if run.workflow in workflows and (run.workflow, run.version) not in seen:
            markers.append(VersionMarker(run.workflow, run.version, run.created))
        seen.add((run.workflow, run.version))
        workflows.add(run.workflow)
    return tuple(markers)


def largest_step(
    starts: Iterable[Start], markers: Iterable[VersionMarker], period: Period
) -> VersionStep | None:
    """The largest change of the median cold start at a version that chance does not explain.

    Of one workflow and GPU, with 20 cold starts on both sides, and of 2 s at least.
    """
    groups: dict[tuple[str | None, str], list[Start]] = {}
    for start in starts:
        if start.cold and start.gpu is not None:
            groups.setdefault((start.workflow, start.gpu), []).append(start)
    found = [
        (marker, gpu, *sides)
        for marker in markers
        for (workflow, gpu), own in groups.items()
        if workflow == marker.workflow and (sides := _sides(own, marker))
    ]
    found.sort(key=lambda one: -abs(_median(one[3]) - _median(one[2])))
    return next(_beyond_chance(found[:JUDGED], period), None)


def _sides(starts: list[Start], marker: VersionMarker) -> tuple[list[Start], list[Start]] | None:
    before = [start for start in starts if start.created < marker.at]
    after = [start for start in starts if start.created >= marker.at]
    if min(len(before), len(after)) < SIDE or abs(_median(after) - _median(before)) < LEAST:
        return None
    return before, after


def _beyond_chance(
    found: list[tuple[VersionMarker, str, list[Start], list[Start]]], period: Period
) -> Iterator[VersionStep]:
    for marker, gpu, before, after in found:
        days = (list(seconds_by_day(side, period).values()) for side in (after, before))
        change = median_change(*days)
        if change is not None and not change.holds(0):
            medians = (_median(before), _median(after))
            yield VersionStep(marker, gpu, len(before), len(after), *medians, change)


def _median(starts: list[Start]) -> float:
    return percentile(seconds_of(starts), 50)
