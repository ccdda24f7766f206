"""Starts by machine and by workflow, with what each lost."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from dashboard.domain.insights.lost_time import Lost, WarmMedians, lost_by
from dashboard.domain.insights.percentiles import TAIL_FROM, p50, p90, percentile
from dashboard.domain.insights.runs import InsightRun
from dashboard.domain.insights.shares import Share
from dashboard.domain.insights.starts import cold_share, seconds_of, starts_of

Key = Callable[[InsightRun], str | None]


@dataclass(frozen=True, slots=True)
class StartGroup:
    """The runs of one machine or workflow: cold starts in seconds, and what they lost.

    `id` is None where that is not reported. `runs` counts those without a reported start too.
    """

    id: str | None
    gpu: str | None  # of its newest run that tells one
    runs: int
    share: Share
    p25: float | None
    p50: float | None
    p90: float | None
    lost: Lost
    priced: bool  # whether any of its runs has a price
    parts: tuple["StartGroup", ...] = ()


def by_machine(runs: Iterable[InsightRun], medians: WarmMedians) -> tuple[StartGroup, ...]:
    """The machines, and the workflows of each, those that lost most money first."""
    return _groups(runs, medians, lambda run: run.machine, lambda run: run.workflow)


def by_workflow(runs: Iterable[InsightRun], medians: WarmMedians) -> tuple[StartGroup, ...]:
    """The workflows, and the machines of each, those that lost most money first."""
    return _groups(runs, medians, lambda run: run.workflow, lambda run: run.machine)


def group_of(id: str | None, runs: list[InsightRun], medians: WarmMedians) -> StartGroup:
    """One group of runs, in the order of their creation."""
    starts = starts_of(runs)
    cold = seconds_of(start for start in starts if start.cold)
    return StartGroup(
        id=id,
        gpu=next((run.gpu for run in reversed(runs) if run.gpu), None),
        runs=len(runs),
        share=cold_share(starts),
        p25=percentile(cold, 25) if len(cold) >= TAIL_FROM else None,
        p50=p50(cold),
        p90=p90(cold),
        lost=lost_by(starts, medians),
        priced=any(run.price is not None for run in runs),
    )


def _groups(
    runs: Iterable[InsightRun], medians: WarmMedians, outer: Key, inner: Key
) -> tuple[StartGroup, ...]:
    groups = (
        replace(group_of(id, own, medians), parts=_sorted(_parts(own, medians, inner)))
        for id, own in _by(runs, outer).items()
    )
    return _sorted(groups)


def _parts(runs: list[InsightRun], medians: WarmMedians, key: Key) -> Iterable[StartGroup]:
    return (group_of(id, own, medians) for id, own in _by(runs, key).items())


def _by(runs: Iterable[InsightRun], key: Key) -> dict[str | None, list[InsightRun]]:
    groups: dict[str | None, list[InsightRun]] = {}
    for run in runs:
        groups.setdefault(key(run), []).append(run)
    return groups


def _sorted(groups: Iterable[StartGroup]) -> tuple[StartGroup, ...]:
    """Most money first; then most seconds, most starts, and those that are not known last."""

    def order(group: StartGroup) -> tuple[float, float, int, int, str]:
        lost = group.lost
        money = -1.0 if lost.money is None or not group.priced else float(lost.money)
        seconds = -1.0 if lost.seconds is None else lost.seconds
        return -money, -seconds, -group.share.n, -group.runs, group.id or ""

    return tuple(sorted(groups, key=order))
