"""Machines and workflows, and what they lost."""

from dashboard.domain.insights.lost_time import warm_medians
from dashboard.domain.insights.runs import InsightRun
from dashboard.domain.insights.start_groups import by_machine, by_workflow, group_of
from dashboard.domain.insights.starts import starts_of
from tests.domain.insights.histories import PRICES, cold_run, insight_run

RUNS = [
    *[insight_run()] * 6,
    *[cold_run(22.0)] * 3,
    *[cold_run(42.0, workflow="portrait")] * 2,
    *[cold_run(90.0, machine="studio", gpu="L4", price=PRICES["L4"])] * 2,
    *[cold_run(30.0, machine="own", gpu=None, price=None)] * 9,
    insight_run(machine="wall", gpu=None, price=None, start_kind="unknown", cold_start=None),
]


def groups(of, runs: list[InsightRun] = RUNS):
    return of(runs, warm_medians(starts_of(runs)))


def test_the_most_money_comes_first_and_what_has_no_price_last() -> None:
    machines = groups(by_machine)
    assert [machine.id for machine in machines] == ["flux", "studio", "own", "wall"]
    assert [part.id for part in machines[0].parts] == ["portrait", "lighthouse"]
    assert [machine.priced for machine in machines] == [True, True, False, False]


def test_runs_without_a_reported_start_are_counted_apart() -> None:
    wall = groups(by_machine)[-1]
    assert (wall.runs, wall.share.n, wall.p50) == (1, 0, None)


def test_it_can_be_turned_round() -> None:
    lighthouse, portrait = groups(by_workflow)
    assert [part.id for part in lighthouse.parts] == ["flux", "studio", "own", "wall"]
    assert lighthouse.runs + portrait.runs == len(RUNS)


def test_what_is_not_reported_is_a_group_of_its_own() -> None:
    runs = [*RUNS, cold_run(15.0, machine=None)]
    assert {machine.id for machine in groups(by_machine, runs)} > {None}


def test_a_gpu_that_changed_is_the_newest_one() -> None:
    runs = [insight_run(gpu="A10G"), insight_run(gpu="L4"), insight_run(gpu=None)]
    assert group_of("flux", runs, warm_medians(())).gpu == "L4"


def test_the_spread_is_told_from_twenty_cold_starts_on() -> None:
    for count, told in ((19, False), (20, True)):
        group = group_of("flux", [cold_run(9.0)] * count, warm_medians(()))
        assert group.p50 == 9.0
        assert (group.p25 is not None, group.p90 is not None) == (told, told)
