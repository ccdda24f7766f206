"""Costs: exact, and parts that add up whatever the runs of a container."""

import json
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.machines.cost import (
    BusyTime,
    container_cost,
    container_shares,
    decimal_text,
    explains,
    run_cost,
)
from tests.builders import NOON
from tests.conftest import SAMPLES

H100 = Decimal("0.002338")


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def busy(*times: tuple[float, float]) -> list[BusyTime]:
    return [BusyTime(n, after(begin), after(end)) for n, (begin, end) in enumerate(times)]


def test_a_runs_own_seconds_cost_what_the_design_says() -> None:
    found = run_cost(H100, 31.2, 12.4)
    assert found is not None
    assert (found.start_up, found.work) == (Decimal("0.072946"), Decimal("0.028991"))
    assert (found.total, found.at_least) == (Decimal("0.101937"), False)
    assert found.micros == 101_937


@pytest.mark.parametrize(
    ("price", "start", "run", "told"),
    [
        (None, 1.0, 1.0, None),
        (H100, None, None, None),
        (H100, None, 10.0, (Decimal("0.023380"), True)),
        (H100, 10.0, None, (Decimal("0.023380"), True)),
        (H100, 0.0, 0.0, (Decimal("0.000000"), False)),
    ],
)
def test_what_is_not_known_makes_it_a_least(
    price: Decimal | None, start: float | None, run: float | None, told: object
) -> None:
    found = run_cost(price, start, run)
    assert (found and (found.total, found.at_least)) == told


def test_the_captured_container_costs_what_was_worked_out_by_hand() -> None:
    worked_out = json.loads((SAMPLES / "machines" / "container-example.json").read_text())[0]
    times = []
    for number, name in enumerate(("run-A", "run-B")):
        run = json.loads((SAMPLES / "machines" / f"{name}.json").read_text())
        moments = (datetime.fromisoformat(run[f"{at}_at"]) for at in ("started", "ended"))
        times.append(BusyTime(number, *moments))
    price = Decimal(str(worked_out["price_per_s"]))
    start, end = (datetime.fromisoformat(worked_out[name]) for name in ("start", "end"))
    cost = container_cost(price, start, end)
    assert cost == Decimal("0.002748") == Decimal(str(worked_out["cost_usd"]))
    shares = container_shares(cost, times)
    told = [Decimal(str(run["share_of_container_usd"])) for run in worked_out["runs"]]
    assert list(shares.values()) == told == [Decimal("0.001426"), Decimal("0.001322")]


@pytest.mark.parametrize(("start", "end"), [(None, NOON), (NOON, None), (after(1), NOON)])
def test_a_container_that_is_up_has_no_cost_yet(
    start: datetime | None, end: datetime | None
) -> None:
    assert container_cost(H100, start, end) is None
    assert container_cost(None, NOON, after(1)) is None


def test_runs_at_the_same_time_share_those_seconds() -> None:
    shares = container_shares(Decimal("0.4"), busy((0, 10), (5, 15), (20, 25)))
    assert shares == {0: Decimal("0.15"), 1: Decimal("0.15"), 2: Decimal("0.1")}


def test_without_a_busy_second_there_are_no_shares() -> None:
    assert container_shares(Decimal(1), []) == {}
    assert container_shares(Decimal(1), busy((3, 3))) == {}


@given(
    cost=st.decimals(0, 50, places=6),
    times=st.lists(st.tuples(st.floats(0, 5000), st.floats(0.001, 900)), min_size=1, max_size=12),
)
def test_shares_are_never_negative_and_add_up_to_the_cost(
    cost: Decimal, times: list[tuple[float, float]]
) -> None:
    shares = container_shares(cost, busy(*((begin, begin + long) for begin, long in times)))
    assert sum(shares.values()) == cost
    assert all(share >= 0 for share in shares.values())


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0.072946", "0.072946"), ("0.073", "0.0730"), ("1", "1.0000"), ("0.00005", "0.00005"),
     ("0", "0.0000")],
)  # fmt: skip
def test_json_has_four_to_six_places(amount: str, text: str) -> None:
    assert decimal_text(Decimal(amount)) == text
    assert decimal_text(None) is None


@pytest.mark.parametrize(
    ("runs", "ended", "idle", "known"),
    [
        ([(5, 20)], 80, 60, True),
        ([(5, 20)], 86, 60, False),  # up for longer than its idle time
        ([(5, 20), (70, 100)], 160, 60, True),
        ([(5, 20), (90, 100)], 160, 60, False),  # and in between
        ([(5, 20), (10, 90), (95, 100)], 160, 60, True),
        ([], 60, 60, False),
        ([(5, 20)], 80, None, False),
    ],
)
def test_whether_the_known_runs_explain_a_containers_life(
    runs: list[tuple[float, float]], ended: float, idle: int | None, known: bool
) -> None:
    held = [(after(begin), after(end)) for begin, end in runs]
    assert explains(NOON, after(ended), held, idle) == known
