"""The figures of Cold starts, against arithmetic that was written from their definitions."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.insights.cold_starts import ColdFigures, cold_figures
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, population_of
from dashboard.domain.insights.shares import Interval
from dashboard.domain.insights.start_groups import StartGroup
from tests.domain.insights import cold_oracle as oracle
from tests.domain.insights.histories import PERIOD, cold_run, history, insight_run

BERLIN = ZoneInfo("Europe/Berlin")
LONG_DAY = Period(
    datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 23, tzinfo=UTC), BERLIN
)
IN_BERLIN = Period(PERIOD.begin, PERIOD.end, BERLIN, PERIOD.history_from)


def every_half_hour(period: Period) -> list[InsightRun]:
    count = int((period.end - period.begin) / timedelta(minutes=30))
    return [
        cold_run(
            12.0 + n % 7,
            id=n,
            created=period.begin + n * timedelta(minutes=30),
            ended=period.begin + n * timedelta(minutes=30, seconds=20),
        )
        for n in range(count)
    ]


def changed(runs: list[InsightRun], **columns: object) -> list[InsightRun]:
    return [run._replace(**columns) for run in runs]


HISTORIES = {
    "few": (history(50), PERIOD),
    "many": (history(2_000), PERIOD),
    "many of another zone": (history(2_000, seed=2), IN_BERLIN),
    "none": ([], PERIOD),
    "one": ([insight_run()], PERIOD),
    "all cold": (changed(history(300), start_kind="cold", cold_start=20.5), PERIOD),
    "none cold": (changed(history(300), start_kind="warm", cold_start=1.5), PERIOD),
    "all unknown": (changed(history(300), start_kind="unknown", cold_start=None), PERIOD),
    "no price": (changed(history(300), price=None, cost_micros=None), PERIOD),
    "one machine of a thousand": (
        [run._replace(machine=f"m{run.id % 1000}") for run in history(2_000, seed=3)],
        PERIOD,
    ),
    "a day of 25 hours": (every_half_hour(LONG_DAY), LONG_DAY),
}


LARGE = "fifty thousand"


@pytest.fixture(params=[*HISTORIES, pytest.param(LARGE, marks=pytest.mark.slow)], scope="module")
def case(
    request: pytest.FixtureRequest,
) -> tuple[ColdFigures, list[InsightRun], list[InsightRun], Period]:
    large = request.param == LARGE
    all_runs, period = (history(50_000), PERIOD) if large else HISTORIES[request.param]
    now = population_of(run for run in all_runs if period.holds(run.created))
    before = population_of(run for run in all_runs if period.before.holds(run.created))
    return cold_figures(now, before, period), list(now.runs), list(before.runs), period


Case = tuple[ColdFigures, list[InsightRun], list[InsightRun], Period]


def test_runs_are_counted_by_how_they_started(case: Case) -> None:
    figures, runs, _, _ = case
    counts = figures.counts
    assert (counts.runs, counts.cold) == (len(runs), len(oracle.cold_of(runs)))
    assert counts.warm == len(oracle.warm_of(runs))
    unknown = [run for run in runs if run.start_kind == "unknown"]
    assert counts.unknown == len(unknown)
    assert counts.cancelled == sum(run.status == "cancelled" for run in unknown)
    assert counts.live == sum(run.status == "running" for run in unknown)


def test_the_cold_share_and_its_change(case: Case) -> None:
    figures, runs, past, _ = case
    share, n = figures.share, len(oracle.known_of(runs))
    assert (share.part, share.n) == (len(oracle.cold_of(runs)), n)
    if n >= 5:
        assert ends(share.interval) == pytest.approx(oracle.score(share.part, n), abs=1e-12)
    assert figures.share_before is not None and figures.share_before.n == len(oracle.known_of(past))
    expected = oracle.newcombe(runs, past)
    assert ends(figures.share_change) == (expected and pytest.approx(expected))


def ends(interval: Interval | None) -> tuple[float, float] | None:
    return interval and (interval.low, interval.high)


def test_times_of_starts_and_their_change(case: Case) -> None:
    figures, runs, past, period = case
    for of, times in ((oracle.cold_of, figures.cold_start), (oracle.warm_of, figures.warm_start)):
        now, before = of(runs), of(past)
        seconds = oracle.taken(now)
        assert times.n == len(seconds)
        assert times.p50 == approx(oracle.quantile(seconds, 0.5, 5))
        assert times.p90 == approx(oracle.quantile(seconds, 0.9, 20))
        assert times.p50_before == approx(oracle.quantile(oracle.taken(before), 0.5, 5))
        expected = oracle.drawn_change(now, before, period)
        assert (times.change is None) == (expected is None)
        if times.change and expected:
            width = max(expected[1] - expected[0], 1e-9)
            assert ends(times.change) == pytest.approx(expected, abs=0.2 * width)


def approx(value: float | Decimal | None) -> object:
    return None if value is None else pytest.approx(value)


def test_what_cold_starts_lost(case: Case) -> None:
    figures, runs, past, _ = case
    for lost, some in ((figures.lost, runs), (figures.lost_before, past)):
        assert lost is not None
        assert lost.seconds == approx(oracle.seconds_lost(some, some))
        assert lost.money == money(oracle.money_lost(some, some))
    costs = [run.cost_micros for run in runs if run.cost_micros is not None]
    assert figures.money_of_all == (Decimal(sum(costs)) / 10**6 if costs else None)


def money(value: Decimal | None) -> object:
    return None if value is None else pytest.approx(value, abs=Decimal("1e-6"))


def test_each_day_of_the_time(case: Case) -> None:
    figures, runs, past, period = case
    found = [
        (day.day, day.cold, day.warm, day.p50, day.week_p50, day.week_p95, day.week_warm)
        for day in figures.days
    ]
    expected = oracle.days_of(runs, past, period)
    assert len(found) == len(expected)
    for own, other in zip(found, expected, strict=True):
        assert own[:3] == other[:3]
        assert list(own[3:]) == [approx(value) for value in other[3:]]  # type: ignore[arg-type]


def test_machines_and_their_workflows(case: Case) -> None:
    figures, runs, _, _ = case
    assert {machine.id for machine in figures.machines} == {run.machine for run in runs}
    for machine in figures.machines:
        own = [run for run in runs if run.machine == machine.id]
        agree(machine, own, runs)
        assert {part.id for part in machine.parts} == {run.workflow for run in own}
        for part in machine.parts:
            agree(part, [run for run in own if run.workflow == part.id], runs)
    losses = [machine.lost.money for machine in figures.machines if machine.priced]
    assert losses == sorted(losses, key=lambda lost: -(lost or 0))
    assert figures.all.lost == figures.lost


def agree(group: StartGroup, own: list[InsightRun], runs: list[InsightRun]) -> None:
    cold = oracle.taken(oracle.cold_of(own))
    assert (group.runs, group.share.n) == (len(own), len(oracle.known_of(own)))
    assert group.share.part == len(cold)
    assert group.p25 == approx(oracle.quantile(cold, 0.25, 20))
    assert group.p50 == approx(oracle.quantile(cold, 0.5, 5))
    assert group.p90 == approx(oracle.quantile(cold, 0.9, 20))
    assert group.lost.seconds == approx(oracle.seconds_lost(own, runs))
    assert group.lost.money == money(oracle.money_lost(own, runs))
    assert group.priced == any(run.price is not None for run in own)


def test_workflows_and_their_machines_add_up_to_the_same(case: Case) -> None:
    figures, runs, _, _ = case
    assert {workflow.id for workflow in figures.workflows} == {run.workflow for run in runs}
    for groups in (figures.machines, figures.workflows):
        assert sum(group.runs for group in groups) == len(runs)
        known = [group.lost.seconds for group in groups if group.lost.seconds is not None]
        assert sum(known) == pytest.approx(figures.lost.seconds or 0)


def test_bars_of_a_second(case: Case) -> None:
    figures, runs, _, _ = case
    assert list(figures.histogram.cold) == oracle.bars_of(oracle.cold_of(runs))
    assert list(figures.histogram.warm) == oracle.bars_of(oracle.warm_of(runs))


def test_hours_of_the_week(case: Case) -> None:
    figures, runs, _, period = case
    expected = oracle.hours_of(runs, period)
    cold, n = len(oracle.cold_of(runs)), len(oracle.known_of(runs))
    assert len(figures.hours.hours) == 168
    for cell in figures.hours.hours:
        starts = expected.get((cell.weekday or 0, cell.hour), (0, 0))
        assert (cell.share.n, cell.share.part) == starts
        low, high = oracle.score(*starts[::-1], z=3.2905267314919255) if starts[0] else (0, 1)
        beyond = bool(n) and starts[0] >= 5 and not low - 1e-9 <= cold / n <= high + 1e-9
        assert cell.stands_out == beyond
    for cells in (figures.hours.pairs, figures.hours.of_day):
        assert sum(cell.share.n for cell in cells) == n


def test_idle_times_of_machines(case: Case) -> None:
    figures, runs, past, _ = case
    known = {run.machine for run in oracle.known_of(runs) if run.machine}
    assert {panel.machine for panel in figures.idle} == known
    for panel in figures.idle[:20]:
        bars, during, first = oracle.idle_of(panel.machine, runs, past)
        assert [(bar.part, bar.n) for bar in panel.bars] == bars
        assert (panel.during, panel.after_nothing) == (during, first)


def test_few_starts_are_told_one_by_one(case: Case) -> None:
    figures, runs, _, _ = case
    starts = oracle.known_of(runs)
    assert len(figures.few) == (len(starts) if len(starts) < 20 else 0)


def test_without_the_time_before_no_change_is_told() -> None:
    now = population_of(run for run in history(2_000) if PERIOD.holds(run.created))
    figures = cold_figures(now, None, PERIOD)
    assert figures.share_before is figures.share_change is figures.lost_before is None
    assert figures.cold_start.change is figures.warm_start.difference is None
    assert {panel.after_nothing for panel in figures.idle} == {1}
