"""What cold starts took beyond a warm one."""

from decimal import Decimal

import pytest

from dashboard.domain.insights.lost_time import Lost, lost_by, warm_medians
from dashboard.domain.insights.starts import Start, starts_of
from tests.domain.insights.histories import PRICES, cold_run, insight_run


def warm(count: int, seconds: float, **columns: object) -> list[Start]:
    return starts_of([insight_run(cold_start=seconds, **columns)] * count)


def test_each_is_measured_against_its_machines_median() -> None:
    medians = warm_medians([*warm(5, 2.0), *warm(5, 4.0, machine="studio")])
    cold = starts_of([cold_run(12.0), cold_run(24.0, machine="studio", price=PRICES["L4"])])
    lost = lost_by(cold, medians)
    assert lost.seconds == pytest.approx(30)
    assert lost.money == 10 * PRICES["H100"] + 20 * PRICES["L4"]


@pytest.mark.parametrize("machine", ["studio", None])
def test_a_machine_with_few_warm_starts_takes_the_median_of_all(machine: str | None) -> None:
    medians = warm_medians([*warm(5, 2.0), *warm(4, 9.0, machine=machine)])
    assert (medians.of("flux"), medians.of(machine)) == (2.0, 2.0)


def test_runs_without_a_machine_are_no_machine() -> None:
    medians = warm_medians([*warm(8, 2.0), *warm(6, 9.0, machine=None)])
    assert medians.of(None) == 2.0


def test_without_a_warm_start_nothing_is_known() -> None:
    medians = warm_medians(warm(4, 2.0))
    assert lost_by(starts_of([cold_run(20.0)]), medians) == Lost(None, None)


def test_without_a_cold_start_nothing_is_lost() -> None:
    starts = warm(4, 2.0)
    assert lost_by(starts, warm_medians(starts)) == Lost(0.0, Decimal(0))


def test_a_cold_start_shorter_than_a_warm_one_loses_nothing() -> None:
    starts = [*warm(5, 4.9), *starts_of([cold_run(4.0), cold_run(5.4)])]
    assert lost_by(starts, warm_medians(starts)).seconds == pytest.approx(0.5)


def test_cold_starts_without_a_price_are_told_and_not_in_the_money() -> None:
    medians = warm_medians(warm(5, 2.0))
    priced, own = cold_run(12.0), cold_run(22.0, price=None)
    lost = lost_by(starts_of([priced, own]), medians)
    assert (lost.seconds, lost.money, lost.unpriced) == (30.0, 10 * PRICES["H100"], 1)
    assert lost_by(starts_of([own]), medians) == Lost(20.0, None, 1)
