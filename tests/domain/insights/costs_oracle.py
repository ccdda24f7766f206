"""What runs cost, worked out once more in plain Python from the definitions of the design."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun

Tags = Mapping[int, Sequence[str]]


def dollars(micros: int | None) -> Fraction:
    return Fraction(micros or 0, 1_000_000)


def start_up(run: InsightRun, boot: float = 0.0) -> Fraction:
    """Cold start times price, to less than a millionth; unknown times cost nothing."""
    assert run.cost_micros is not None
    if run.cold_start is None or run.run is None:
        return dollars(run.cost_micros) if run.cold_start is not None else Fraction(0)
    seconds, work = Fraction(str(run.cold_start + boot)), Fraction(str(run.run))
    return dollars(run.cost_micros) * seconds / (seconds + work) if seconds + work else Fraction(0)


def sums(runs: Iterable[InsightRun], workflows_with_picks: set[str | None]) -> dict[str, Any]:
    """The figures of some runs: Estimate = (cold start + run) × price."""
    there = list(runs)
    paid = [run for run in there if run.cost_micros is not None]
    money = sum((dollars(run.cost_micros) for run in paid), Fraction(0))
    good = [run for run in paid if run.status == "success"]
    pick_money = sum(
        (dollars(run.cost_micros) for run in paid if run.workflow in workflows_with_picks),
        Fraction(0),
    )
    picked = sum(run.picked for run in paid)
    return {
        "runs": len(paid),
        "unpriced": len(there) - len(paid),
        "finished": len(good),
        "total": money,
        "start_up": sum((start_up(run) for run in paid), Fraction(0)),
        "not_finished": sum(
            (dollars(run.cost_micros) for run in paid if run.status != "success"), Fraction(0)
        ),
        "per_finished": money / len(good) if good else None,
        "picked": picked,
        "outputs": sum(run.outputs for run in paid),
        "pick_outputs": sum(run.outputs for run in paid if run.workflow in workflows_with_picks),
        "per_picked": pick_money / picked if picked >= 20 else None,
        "in_part": sum((run.cold_start is None) or (run.run is None) for run in paid),
    }


def with_picks(runs: Iterable[InsightRun]) -> set[str | None]:
    return {run.workflow for run in runs if run.cost_micros is not None and run.picked > 0}


def groups(
    runs: Sequence[InsightRun], keys: Callable[[InsightRun], Iterable[str | None]]
) -> dict[str | None, dict[str, Any]]:
    """The same of the runs with each key; a run of two keys is in both."""
    known = {key for run in runs for key in keys(run)}
    picks = with_picks(runs)
    return {key: sums([run for run in runs if key in keys(run)], picks) for key in known}


def days(runs: Sequence[InsightRun], period: Period) -> dict[date, dict[str, Any]]:
    """The same of each day of the zone."""
    picks = with_picks(runs)
    return {
        day: sums([r for r in runs if r.created.astimezone(period.zone).date() == day], picks)
        for day in period.days
    }
