"""How long a machine was idle before a start."""

from datetime import timedelta

import pytest

from dashboard.domain.insights.idle_times import IdlePanel, Verdict, idle_panels
from dashboard.domain.insights.runs import InsightRun
from dashboard.domain.insights.shares import Share
from dashboard.domain.insights.starts import starts_of
from tests.domain.insights.histories import PERIOD, insight_run


def run(at: float, lasts: float | None = 10, **columns: object) -> InsightRun:
    created = PERIOD.begin + timedelta(seconds=at)
    ended = None if lasts is None else created + timedelta(seconds=lasts)
    return insight_run(created=created, ended=ended, **columns)


def panel_of(*runs: InsightRun, before: tuple[InsightRun, ...] = ()) -> IdlePanel:
    [panel] = idle_panels(starts_of(runs), starts_of(before))
    return panel


def counted(panel: IdlePanel) -> list[int]:
    return [bar.n for bar in panel.bars]


@pytest.mark.parametrize(
    ("idle", "bar"),
    [(0, 0), (14.9, 0), (15, 1), (30, 2), (60, 3), (239, 4), (240, 5), (600, 6), (1800, 7)],
)
def test_idle_time_is_from_the_last_end_to_the_creation(idle: float, bar: int) -> None:
    panel = panel_of(run(0), run(10 + idle))
    assert [at for at, n in enumerate(counted(panel)) if n] == [bar]
    assert (panel.starts, panel.after_nothing, panel.during) == (1, 1, 0)


def test_a_start_during_another_run_has_none() -> None:
    """Not the run before alone: a long one may go on behind it."""
    panel = panel_of(run(0, 500), run(20, 10), run(100), run(520))
    assert (panel.during, panel.starts) == (2, 1)
    assert counted(panel)[1] == 1


def test_a_live_run_goes_on() -> None:
    live = run(0, None, status="running", finished=False)
    assert panel_of(live, run(60)).during == 1
    assert panel_of(run(0, None), run(60)).after_nothing == 2  # ended, but not known when


def test_runs_before_and_of_no_known_start() -> None:
    assert panel_of(run(40), before=(run(-30),)).after_nothing == 0
    unknown = run(20, start_kind="unknown", cold_start=None)
    assert counted(panel_of(run(0), unknown, run(110)))[3] == 1


def test_each_machine_has_its_own_panel() -> None:
    runs = [run(0), run(5, machine="studio"), run(9, machine=None), run(60)]
    panels = idle_panels(starts_of(runs), ())
    assert [(panel.machine, panel.starts) for panel in panels] == [("flux", 1), ("studio", 0)]


def bars(*counts: tuple[int, int]) -> IdlePanel:
    return IdlePanel("flux", tuple(Share(*one) for one in counts), 0, 0)


WARM, COLD, FEW = (2, 60), (40, 40), (1, 2)


@pytest.mark.parametrize(
    ("panel", "verdict"),
    [
        (bars(WARM, WARM, WARM, COLD, COLD, COLD, COLD, COLD), "goes-cold"),
        (bars(WARM, WARM, WARM, FEW, COLD, COLD, COLD, COLD), "goes-cold"),
        (bars(WARM, WARM, WARM, WARM, COLD, COLD, COLD, COLD), "still-warm"),
        (bars(COLD, COLD, COLD, COLD, COLD, COLD, COLD, COLD), None),
        (bars(WARM, WARM, WARM, FEW, FEW, FEW, FEW, FEW), None),
        (bars(WARM, WARM, WARM, (10, 20), COLD, COLD, COLD, COLD), None),
        (bars(FEW, FEW, (0, 0), COLD, COLD, COLD, COLD, COLD), None),
    ],
)
def test_whether_it_goes_cold_when_its_time_is_over(
    panel: IdlePanel, verdict: Verdict | None
) -> None:
    assert panel.verdict(60) == verdict


def test_a_time_within_a_bar_leaves_that_bar_out() -> None:
    panel = bars(WARM, WARM, WARM, (30, 60), COLD, COLD, COLD, COLD)
    assert panel.verdict(90) == "goes-cold"
    assert panel.verdict(3_600) is None
