"""All figures of the Cold starts page: how many starts were cold, and what they cost."""

from dataclasses import dataclass
from decimal import Decimal

from dashboard.domain.insights.hour_map import HourMap, hour_map
from dashboard.domain.insights.idle_times import IdlePanel, idle_panels
from dashboard.domain.insights.lost_time import Lost, lost_by, warm_medians
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, LeftOut, Population
from dashboard.domain.insights.shares import Interval, Share, difference
from dashboard.domain.insights.start_days import StartDay, start_days
from dashboard.domain.insights.start_groups import StartGroup, by_machine, by_workflow, group_of
from dashboard.domain.insights.start_histogram import StartHistogram, start_histogram
from dashboard.domain.insights.starts import (
    Start,
    StartTimes,
    cold_share,
    start_times,
    starts_of,
)
from dashboard.domain.insights.version_steps import (
    VersionMarker,
    VersionStep,
    largest_step,
    version_markers,
)

CANCELLED = "cancelled"
FEW = 20  # starts, under which each is drawn instead of figures


@dataclass(frozen=True, slots=True)
class StartCounts:
    """The runs of the time by how they started; the unknown ones by why that is not known."""

    runs: int
    cold: int
    warm: int
    cancelled: int  # before it was known
    live: int  # and not started yet
    unreported: int
    left_out: LeftOut

    @property
    def unknown(self) -> int:
        return self.cancelled + self.live + self.unreported


@dataclass(frozen=True, slots=True)
class ColdFigures:
    """Of the runs of a time; what is of the time `before` is None where that is not known."""

    counts: StartCounts
    share: Share
    share_before: Share | None
    share_change: Interval | None
    cold_start: StartTimes
    warm_start: StartTimes
    lost: Lost
    lost_before: Lost | None
    money_of_all: Decimal | None  # dollars that all runs cost, as far as known
    few: tuple[Start, ...]  # every start, where they are fewer than 20
    days: tuple[StartDay, ...]
    markers: tuple[VersionMarker, ...]
    step: VersionStep | None
    histogram: StartHistogram
    machines: tuple[StartGroup, ...]
    workflows: tuple[StartGroup, ...]
    all: StartGroup
    idle: tuple[IdlePanel, ...]  # in the order of `machines`
    hours: HourMap


def cold_figures(now: Population, before: Population | None, period: Period) -> ColdFigures:
    """What the page says of the runs of a period; `before` are those of the time before it."""
    runs, past_runs = _in_order(now.runs), _in_order(before.runs if before else ())
    starts, past = starts_of(runs), starts_of(past_runs)
    medians, known = warm_medians(starts), before is not None
    share, share_before = cold_share(starts), cold_share(past) if known else None
    markers = version_markers(runs, past_runs)
    machines = by_machine(runs, medians)
    return ColdFigures(
        counts=_counts(runs, share, now.left_out),
        share=share,
        share_before=share_before,
        share_change=None if share_before is None else difference(share, share_before),
        cold_start=_times(starts, past if known else None, period, cold=True),
        warm_start=_times(starts, past if known else None, period, cold=False),
        lost=lost_by(starts, medians),
        lost_before=lost_by(past, warm_medians(past)) if known else None,
        money_of_all=_money_of_all(runs),
        few=tuple(starts) if len(starts) < FEW else (),
        days=start_days(starts, past, period),
        markers=markers,
        step=largest_step(starts, markers, period),
        histogram=start_histogram(starts),
        machines=machines,
        workflows=by_workflow(runs, medians),
        all=group_of(None, runs, medians),
        idle=_idle(starts, past, machines),
        hours=hour_map(starts, period),
    )


def _in_order(runs: tuple[InsightRun, ...]) -> list[InsightRun]:
    return sorted(runs, key=lambda run: (run.created, run.id))


def _counts(runs: list[InsightRun], share: Share, left_out: LeftOut) -> StartCounts:
    unknown = [run for run in runs if not starts_of([run])]
    live = sum(not run.finished for run in unknown)
    cancelled = sum(run.finished and run.status == CANCELLED for run in unknown)
    return StartCounts(
        runs=len(runs),
        cold=share.part,
        warm=share.n - share.part,
        cancelled=cancelled,
        live=live,
        unreported=len(unknown) - live - cancelled,
        left_out=left_out,
    )


def _times(
    starts: list[Start], past: list[Start] | None, period: Period, *, cold: bool
) -> StartTimes:
    now = [start for start in starts if start.cold is cold]
    before = None if past is None else [start for start in past if start.cold is cold]
    return start_times(now, before, period)


def _money_of_all(runs: list[InsightRun]) -> Decimal | None:
    costs = [run.cost_micros for run in runs if run.cost_micros is not None]
    return Decimal(sum(costs)) / 1_000_000 if costs else None


def _idle(
    starts: list[Start], past: list[Start], machines: tuple[StartGroup, ...]
) -> tuple[IdlePanel, ...]:
    panels = {panel.machine: panel for panel in idle_panels(starts, past)}
    return tuple(panels[machine.id] for machine in machines if machine.id in panels)
