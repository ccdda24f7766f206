"""How long runs take: by workflow, version and GPU, and where that has changed.

Finished runs alone, and of one kind of start: a run after a cold start loads models.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from dashboard.domain.insights.change_points import LIMIT, SIDE, STEP, change_points, holm
from dashboard.domain.insights.hodges_lehmann import Difference, difference
from dashboard.domain.insights.percentiles import TAIL_FROM, p50, p90, percentile
from dashboard.domain.insights.runs import UNKNOWN, InsightRun

SUCCESS = "success"
NEAR = 5  # runs between a change and a version's first run, at most, to name the two together


@dataclass(frozen=True)
class SpeedGroup:
    """The runs of one workflow, version and GPU; None is "not reported".

    `earlier` is how many runs there are of its earlier versions on this GPU. `against` says how
    much longer it takes than they do; None where either has under twenty runs.
    """

    workflow: str | None
    version: str | None
    gpu: str | None
    seconds: tuple[float, ...]  # in rising order
    earlier: int = 0
    against: Difference | None = None

    @cached_property
    def p25(self) -> float | None:
        return percentile(self.seconds, 25) if len(self.seconds) >= TAIL_FROM else None

    @cached_property
    def p50(self) -> float | None:
        return p50(self.seconds)

    @cached_property
    def p90(self) -> float | None:
        return p90(self.seconds)


@dataclass(frozen=True, slots=True)
class Change:
    """Where run times of a series have changed: `at` is its first run after it, from 0.

    The medians and numbers of runs are of the stretches up to the next change on each side.
    `version` is the one whose first run is the first after the change (`exact`) or within five
    runs of it.
    """

    at: int
    before: float
    after: float
    runs_before: int
    runs_after: int
    difference: Difference
    p: float  # as it counts where all series were searched
    version: str | None = None
    exact: bool = False


@dataclass(frozen=True)
class Series:
    """The runs of one workflow and GPU in the order of their creation, and their changes."""

    workflow: str
    gpu: str
    runs: tuple[InsightRun, ...]
    changes: tuple[Change, ...] = ()

    @cached_property
    def seconds(self) -> tuple[float, ...]:
        return tuple(run.run for run in self.runs if run.run is not None)

    def moment(self, change: Change) -> datetime:
        return self.runs[change.at].created


@dataclass(frozen=True, slots=True)
class Speed:
    """Run times of one start kind.

    Finished runs are `runs`, those of another start (`other`), and those without times
    (`untold`). `series` are those that were searched for changes: of forty runs and more.
    """

    start_kind: str
    runs: tuple[InsightRun, ...]
    other: int
    untold: int
    groups: tuple[SpeedGroup, ...]
    series: tuple[Series, ...]

    @property
    def changed(self) -> list[tuple[Series, Change]]:
        """All changes, the newest first."""
        found = [(series, change) for series in self.series for change in series.changes]
        return sorted(found, key=lambda each: each[0].moment(each[1]), reverse=True)


def speed_of(
    runs: Sequence[InsightRun],
    start_kind: str,
    first_seen: Mapping[str, datetime] | None = None,
) -> Speed:
    """The run times of the runs of a population, in the order of their creation.

    `first_seen` is when the first run of a version was created, of all that are known; of a
    version that is not in it, the first of these runs counts.
    """
    finished = [run for run in runs if run.status == SUCCESS]
    untold = [run for run in finished if _is_untold(run, start_kind)]
    shown = tuple(
        run for run in finished if run.start_kind == start_kind and not _is_untold(run, start_kind)
    )
    firsts = _first_runs(runs) | dict(first_seen or {})
    return Speed(
        start_kind=start_kind,
        runs=shown,
        other=len(finished) - len(untold) - len(shown),
        untold=len(untold),
        groups=tuple(_groups(shown, firsts)),
        series=tuple(_searched(shown)),
    )


def _is_untold(run: InsightRun, start_kind: str) -> bool:
    return run.run is None or (run.start_kind == UNKNOWN != start_kind)


def _first_runs(runs: Iterable[InsightRun]) -> dict[str, datetime]:
    firsts: dict[str, datetime] = {}
    for run in runs:
        if run.version is not None:
            firsts[run.version] = min(firsts.get(run.version, run.created), run.created)
    return firsts


def _groups(runs: Sequence[InsightRun], firsts: Mapping[str, datetime]) -> Iterable[SpeedGroup]:
    """The groups, those of the workflow with most runs first; in it the GPU with most runs."""
    workflows: dict[str | None, list[InsightRun]] = defaultdict(list)
    for run in runs:
        workflows[run.workflow].append(run)
    for workflow in sorted(workflows, key=lambda key: (-len(workflows[key]), key or "")):
        gpus: dict[str | None, list[InsightRun]] = defaultdict(list)
        for run in workflows[workflow]:
            gpus[run.gpu].append(run)
        for gpu in sorted(gpus, key=lambda key: (-len(gpus[key]), key or "")):
            yield from _versions(workflow, gpu, gpus[gpu], firsts)


def _versions(
    workflow: str | None,
    gpu: str | None,
    runs: Iterable[InsightRun],
    firsts: Mapping[str, datetime],
) -> Iterable[SpeedGroup]:
    """A group for each version, the oldest first; each compared with all before it.

    Runs whose version is not reported come last. They are not compared, nor is anything where
    workflow or GPU is not reported: such runs need not be alike.
    """
    seconds: dict[str | None, list[float]] = defaultdict(list)
    for run in runs:
        if run.run is not None:
            seconds[run.version].append(run.run)
    known = sorted((key for key in seconds if key is not None), key=lambda key: (firsts[key], key))
    earlier: list[float] = []
    for version in known:
        own = sorted(seconds[version])
        alike = earlier if workflow is not None and gpu is not None else []
        against = difference(own, alike)
        yield SpeedGroup(workflow, version, gpu, tuple(own), len(alike), against)
        earlier = sorted([*earlier, *own])
    if unnamed := seconds.get(None):
        yield SpeedGroup(workflow, None, gpu, tuple(sorted(unnamed)))


def _searched(runs: Iterable[InsightRun]) -> list[Series]:
    """Each series of forty runs and more, with the changes that chance hardly makes.

    How likely chance makes a change counts over all series together, by Holm: each change that
    a search proposes is tried, and each series without one.
    """
    of: dict[tuple[str, str], list[InsightRun]] = defaultdict(list)
    for run in runs:
        if run.workflow is not None and run.gpu is not None:
            of[run.workflow, run.gpu].append(run)
    long = sorted((key for key in of if len(of[key]) >= 2 * SIDE), key=lambda key: -len(of[key]))
    series = [Series(workflow, gpu, tuple(of[workflow, gpu])) for workflow, gpu in long]
    found = [change_points(one.seconds) for one in series]
    tried = [
        (place, change.at, change.p) for place, changes in enumerate(found) for change in changes
    ]
    silent = [1.0 for changes in found if not changes]
    kept: list[dict[int, float]] = [{} for _ in series]
    for (place, at, _), p in zip(tried, holm([p for *_, p in tried] + silent), strict=False):
        if p < LIMIT:
            kept[place][at] = p
    return [_with_changes(one, places) for one, places in zip(series, kept, strict=True)]


def _with_changes(series: Series, places: Mapping[int, float]) -> Series:
    """The series with changes at these places, but for steps that turn out under 5 %."""
    left = sorted(places)
    while left:
        changes = [_change(series, places[at], *around) for at, around in _around(series, left)]
        steps = [abs(one.after - one.before) / one.before if one.before else 1.0 for one in changes]
        least = min(range(len(steps)), key=lambda n: steps[n])
        if steps[least] >= STEP:
            return Series(series.workflow, series.gpu, series.runs, tuple(changes))
        del left[least]
    return series


def _around(series: Series, places: Sequence[int]) -> list[tuple[int, tuple[int, int, int]]]:
    """Each place with where the stretch before it begins, itself, and where the next one ends."""
    marks = [0, *places, len(series.runs)]
    return [(at, (marks[n], at, marks[n + 2])) for n, at in enumerate(places)]


def _change(series: Series, p: float, begin: int, at: int, end: int) -> Change:
    before, after = sorted(series.seconds[begin:at]), sorted(series.seconds[at:end])
    told = difference(after, before)
    if told is None:
        raise ValueError("a change has twenty runs on each side")
    version = _version_at(series.runs, at)
    return Change(
        at=at,
        before=percentile(before, 50),
        after=percentile(after, 50),
        runs_before=len(before),
        runs_after=len(after),
        difference=told,
        p=p,
        version=series.runs[version].version if version is not None else None,
        exact=version == at,
    )


def _version_at(runs: Sequence[InsightRun], at: int) -> int | None:
    """The first run of a version that is nearest to this one, within five; not the first of all."""
    seen: set[str | None] = {run.version for run in runs[: max(at - NEAR, 1)]} | {None}
    firsts = []
    for place in range(max(at - NEAR, 1), min(at + NEAR + 1, len(runs))):
        if runs[place].version not in seen:
            seen.add(runs[place].version)
            firsts.append(place)
    return min(firsts, key=lambda place: (abs(place - at), place), default=None)
