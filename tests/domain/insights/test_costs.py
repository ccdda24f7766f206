"""What runs cost, against an oracle; and parts that add up to the whole."""

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.insights.costs import (
    CostFigures,
    CostGroup,
    Tags,
    cost_figures,
    leaders,
    spent_on,
)
from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import InsightRun, LeftOut, Population, population_of
from dashboard.domain.insights.spent import Spent
from tests.domain.insights import costs_oracle as oracle
from tests.domain.insights.histories import PERIOD, cold_run, history, insight_run

MICRO = Fraction(1, 1_000_000)
AUTUMN = Period(
    datetime(2026, 10, 24, 22, tzinfo=UTC),
    datetime(2026, 10, 26, 23, tzinfo=UTC),
    ZoneInfo("Europe/Berlin"),
)
EXACT = ("runs", "finished", "in_part", "picked", "outputs", "pick_outputs")


def told(runs: list[InsightRun], period: Period = PERIOD, tags: Tags | None = None) -> CostFigures:
    now = population_of(run for run in runs if period.holds(run.created))
    before = population_of(run for run in runs if period.before.holds(run.created))
    return cost_figures(now, before, period, tags=tags or {}, boots={})


def tagged(runs: list[InsightRun]) -> Tags:
    dice = random.Random(3)
    picked = {run.id: dice.sample(("hero", "draft", "client"), dice.randrange(4)) for run in runs}
    return {key: tags for key, tags in picked.items() if tags}


def agrees(spent: Spent, right: Mapping[str, Any]) -> None:
    assert {name: getattr(spent, name) for name in EXACT} == {name: right[name] for name in EXACT}
    assert spent.unpriced.total == right["unpriced"]
    assert spent.total == right["total"] and spent.not_finished == right["not_finished"]
    assert abs(Fraction(spent.start_up) - right["start_up"]) <= MICRO * max(right["runs"], 1)
    for name in ("per_finished", "per_picked"):
        found, exact = getattr(spent, name), right[name]
        assert (found is None) == (exact is None), name
        assert found is None or abs(Fraction(found) - exact) <= MICRO


HISTORIES = {
    "50": history(50),
    "2,000": history(2_000),
    "none": [],
    "one": [insight_run()],
    "all cold": [cold_run(20.0 + n, id=n, cost_micros=70_140 + 2_338 * n) for n in range(30)],
    "none cold": [insight_run(id=n) for n in range(30)],
    "all unknown": [
        insight_run(id=n, start_kind="unknown", cold_start=None, run=None, cost_micros=None)
        for n in range(30)
    ],
    "no price": [insight_run(id=n, price=None, gpu=None, cost_micros=None) for n in range(30)],
}


@pytest.mark.parametrize("name", HISTORIES)
def test_every_figure_is_as_the_design_defines_it(name: str) -> None:
    runs = HISTORIES[name]
    tags = tagged(runs)
    figures = told(runs, tags=tags)
    counted = list(population_of(run for run in runs if PERIOD.holds(run.created)).runs)
    past = list(population_of(run for run in runs if PERIOD.before.holds(run.created)).runs)
    agrees(figures.all, oracle.sums(counted, oracle.with_picks(counted)))
    assert figures.before is not None
    agrees(figures.before, oracle.sums(past, oracle.with_picks(past)))
    right_days = oracle.days(counted, PERIOD)
    assert [day.day for day in figures.days] == list(right_days)
    for day in figures.days:
        agrees(day.spent, right_days[day.day])
    divisions = (
        (figures.workflows, lambda run: (run.workflow,)),
        (figures.people, lambda run: (run.user,)),
        (figures.tags, lambda run: tuple(tags.get(run.id, (None,)))),
    )
    for groups, keys in divisions:
        right = oracle.groups(counted, keys)
        assert {group.key for group in groups} == set(right)
        for group in groups:
            agrees(group.spent, right[group.key])


def test_a_day_of_25_hours_is_one_day() -> None:
    runs = [insight_run(id=n, created=AUTUMN.begin.replace(hour=22, minute=n)) for n in range(3)]
    runs += [insight_run(id=9, created=datetime(2026, 10, 25, 22, 59, tzinfo=UTC))]
    figures = told(runs, AUTUMN)
    assert [(str(day.day), day.spent.runs) for day in figures.days] == [
        ("2026-10-25", 4),
        ("2026-10-26", 0),
    ]
    assert figures.elapsed == Decimal(49) / 24
    assert figures.work_a_day == figures.all.work / (Decimal(49) / 24)


def test_without_the_time_before_nothing_is_said_of_it() -> None:
    figures = cost_figures(Population((), LeftOut()), None, PERIOD, tags={}, boots={})
    assert figures.before is None and figures.all.total == 0


def test_the_boot_of_a_machine_counts_as_start_up() -> None:
    run = insight_run(cold_start=2.0, run=10.0, cost_micros=2_338 * 20)
    spent = spent_on([run], {run.id: 8.0})
    assert (spent.start_up, spent.work) == (Decimal("0.023380"), Decimal("0.023380"))


RUNS = st.lists(
    st.builds(
        lambda n, hours, workflow, user, cost, cold, run, status, picked: insight_run(
            id=n,
            created=PERIOD.begin.replace(day=1 + hours // 24, hour=hours % 24),
            workflow=workflow,
            user=user,
            cost_micros=cost,
            cold_start=cold,
            run=run,
            status=status,
            outputs=picked,
            picked=picked,
        ),
        n=st.integers(1, 10**6),
        hours=st.integers(0, 28 * 24 - 1),
        workflow=st.sampled_from(("a", "b", None)),
        user=st.sampled_from(("user_a", "user_b", None)),
        cost=st.none() | st.integers(0, 10**15),
        cold=st.none() | st.floats(0, 1e7),
        run=st.none() | st.floats(0, 1e7),
        status=st.sampled_from(("success", "failed", "cancelled")),
        picked=st.integers(0, 9),
    ),
    max_size=30,
    unique_by=lambda run: run.id,
)


@given(RUNS, st.dictionaries(st.integers(1, 10**6), st.just(("x", "y"))))
def test_the_parts_of_every_division_add_up_to_the_microdollar(
    runs: list[InsightRun], boots: dict[int, Any]
) -> None:
    period = Period(PERIOD.begin.replace(day=1), PERIOD.end, UTC)
    tags = {run.id: ("hero", "draft")[: run.id % 3] for run in runs}
    figures = cost_figures(
        population_of(runs), None, period, tags=tags, boots=dict.fromkeys(boots, 3.5)
    )
    whole = sum(run.cost_micros or 0 for run in runs) * Decimal("0.000001")
    assert figures.all.total == whole == figures.all.start_up + figures.all.work
    assert min(figures.all.start_up, figures.all.work) >= 0
    for parts in (figures.days, figures.workflows, figures.people):
        for name in ("total", "start_up", "work", "not_finished", "pick_money", "runs"):
            there = sum(getattr(part.spent, name) for part in parts)
            assert there == getattr(figures.all, name), name
    twice = sum((run.cost_micros or 0) for run in runs if run.id % 3 == 2) * Decimal("0.000001")
    assert sum(tag.spent.total for tag in figures.tags) == whole + twice


def test_groups_come_by_money_and_those_without_a_key_last() -> None:
    runs = [
        insight_run(id=1, workflow="cheap", cost_micros=1),
        insight_run(id=2, workflow=None, cost_micros=900),
        insight_run(id=3, workflow="dear", cost_micros=500),
        insight_run(id=4, workflow="own", cost_micros=None, price=None),
    ]
    assert [group.key for group in told(runs).workflows] == ["dear", "cheap", "own", None]


def groups_of(*costs: tuple[str | None, int]) -> list[CostGroup]:
    return [
        CostGroup(key, spent_on([insight_run(workflow=key, cost_micros=cost)], {}))
        for key, cost in costs
    ]


@pytest.mark.parametrize(
    ("costs", "named"),
    [
        ([("a", 42), ("b", 31), ("c", 10), ("d", 17)], ["a", "b"]),
        ([("a", 60), ("b", 40)], ["a"]),
        ([("a", 40), ("b", 30), ("c", 30)], []),
        ([("a", 100)], []),
        ([("a", 100), ("b", 0)], []),
        ([(None, 60), ("b", 40)], []),
        ([(str(n), 10) for n in range(10)], []),
        ([], []),
    ],
)
def test_leaders_are_few_that_cost_half(
    costs: list[tuple[str | None, int]], named: list[str]
) -> None:
    groups = groups_of(*costs)
    whole = sum((group.spent.total for group in groups), Decimal(0))
    assert [group.key for group in leaders(groups, whole)] == named
