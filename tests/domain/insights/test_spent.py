"""A run's cost in its two parts, and why a run has none."""

from decimal import Decimal

import pytest

from dashboard.domain.insights.spent import CostParts, Tally, Unpriced, cost_parts, together
from dashboard.domain.machines.cost import run_cost
from tests.domain.insights.histories import PRICES, history, insight_run


@pytest.mark.parametrize(
    ("columns", "boot", "parts"),
    [
        # As a run's own page rounds each part.
        ({"cold_start": 31.2, "run": 12.4, "cost_micros": 101_937}, 0.0, (72_946, 28_991, False)),
        ({"cold_start": 1.2, "run": 12.4, "cost_micros": 101_937}, 30.0, (72_946, 28_991, False)),
        # Another price was paid than that of its GPU: by seconds.
        ({"cold_start": 30.0, "run": 10.0, "cost_micros": 400}, 0.0, (300, 100, False)),
        (
            {"cold_start": 30.0, "run": 10.0, "cost_micros": 400, "price": None},
            0.0,
            (300, 100, False),
        ),
        ({"cold_start": 0.0, "run": 0.0, "cost_micros": 3}, 0.0, (0, 3, False)),
        ({"cold_start": None, "run": 10.0, "cost_micros": 23_380}, 0.0, (0, 23_380, True)),
        ({"cold_start": 10.0, "run": None, "cost_micros": 23_380}, 0.0, (23_380, 0, True)),
    ],
)
def test_a_cost_in_its_parts(
    columns: dict[str, object], boot: float, parts: tuple[int, int, bool]
) -> None:
    assert cost_parts(insight_run(**columns), boot) == CostParts(*parts)


def test_without_a_cost_there_are_no_parts() -> None:
    assert cost_parts(insight_run(cost_micros=None)) is None


def test_the_parts_are_those_of_the_runs_own_page() -> None:
    for run in history(500):
        own = run_cost(run.price, run.cold_start, run.run)
        if own is None or own.start_up is None or own.work is None:
            continue
        found = cost_parts(run._replace(cost_micros=own.micros))
        assert found and found.start_up * Decimal("0.000001") == own.start_up
        assert found.work * Decimal("0.000001") == own.work


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ({"finished": False, "status": "running", "price": None}, Unpriced(live=1)),
        (
            {"status": "cancelled", "cold_start": None, "run": None, "price": None},
            Unpriced(not_started=1),
        ),
        ({"price": None}, Unpriced(no_price=1)),
        ({"cold_start": None, "run": None, "price": PRICES["L4"]}, Unpriced(unknown=1)),
        ({}, Unpriced(unknown=1)),
    ],
)
def test_why_a_run_has_no_cost(columns: dict[str, object], why: Unpriced) -> None:
    tally = Tally()
    run = insight_run(cost_micros=None, **columns)
    tally.add(run, cost_parts(run), picks=False)
    assert tally.spent().unpriced == why and tally.spent().runs == 0


def test_a_price_of_a_pick_needs_twenty_and_one_of_a_run_one() -> None:
    tally = Tally()
    for n in range(1, 21):
        run = insight_run(picked=1, outputs=2, status="success" if n == 20 else "failed")
        tally.add(run, cost_parts(run), picks=True)
        spent = tally.spent()
        assert (spent.per_picked is None) == (n < 20)
        assert (spent.per_finished is None) == (n < 20)
    assert spent.per_picked == Decimal("0.028056")
    assert spent.per_finished == Decimal("0.561120")
    assert spent.not_finished == Decimal("0.028056") * 19


def test_groups_together_are_the_sums_of_theirs() -> None:
    runs = history(300)
    tallies = [Tally(), Tally()]
    both = Tally()
    for run in runs:
        for tally in (tallies[run.id % 2], both):
            tally.add(run, cost_parts(run), picks=run.workflow == "lighthouse")
    assert together(tally.spent() for tally in tallies) == both.spent()
    assert together([]) == Tally().spent()
