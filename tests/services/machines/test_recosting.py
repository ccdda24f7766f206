"""Costs of stored runs that are worked out in the background."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from dashboard.models import Run
from dashboard.services.machines import costs, prices, recosting
from dashboard.services.machines.recosting import work_out
from dashboard.services.walks import Walk
from tests.builders import answer, running, store

pytestmark = pytest.mark.django_db
OLD, NEW = Decimal("0.001"), Decimal("0.002")


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recosting, "BATCH", 2)
    monkeypatch.setattr(recosting, "WALK", Walk("costs", pause=0))


@pytest.fixture
def runs(now: datetime) -> list[Run]:
    """Five runs of the last five days, oldest first, and one that is live."""
    made = [store(answer(created=now - timedelta(days=days))) for days in range(5, 0, -1)]
    return [*made, store(running(created=now))]


def stored(runs: list[Run]) -> list[int | None]:
    found = dict(Run.objects.values_list("pk", "cost_micros"))
    told = {pk: cost.micros for pk, cost in costs.costs_of(list(Run.objects.all())).items()}
    assert {pk: micros for pk, micros in found.items() if micros is not None} == told
    return [found[run.pk] for run in runs]


def test_after_an_update_all_are_worked_out_once(now: datetime, runs: list[Run]) -> None:
    prices.store({"H100": OLD}, now)
    Run.objects.update(cost_micros=None)
    assert work_out() == 6
    assert stored(runs) == [43_500] * 5 + [None]
    assert work_out() == 0


def test_they_are_worked_out_newest_first_and_on_from_there(now: datetime, runs: list[Run]) -> None:
    prices.store({"H100": OLD}, now)
    turns = iter([False, True])
    assert work_out(lambda: next(turns)) == 2
    known = Run.objects.filter(cost_micros__isnull=False)
    assert list(known) == [runs[4]]
    assert work_out() == 4
    assert stored(runs) == [43_500] * 5 + [None]


def test_a_price_that_is_learnt_later_counts_for_the_runs_it_is_of(
    now: datetime, runs: list[Run]
) -> None:
    work_out()
    assert stored(runs) == [None] * 6
    prices.store({"H100": OLD}, now - timedelta(days=2, hours=12))
    assert work_out() == 6
    assert stored(runs) == [43_500] * 5 + [None], "the first price is that of the runs before it"
    prices.store({"H100": NEW}, now - timedelta(days=1, hours=12))
    assert work_out() == 6
    assert stored(runs) == [43_500] * 4 + [87_000, None]
    prices.store({"H100": NEW, "T4": OLD}, now)
    assert work_out() == 6
    prices.store({"H100": NEW, "T4": OLD}, now + timedelta(days=1))
    assert work_out() == 0, "no price is new"


def test_another_setting_counts_for_all(now: datetime, runs: list[Run], settings: Any) -> None:
    prices.store({"H100": OLD}, now)
    work_out()
    settings.PRICES = {"H100": NEW}
    assert work_out() == 6
    assert stored(runs) == [87_000] * 5 + [None]
    settings.PRICES = {}
    work_out()
    assert stored(runs) == [43_500] * 5 + [None]


def test_other_rules_count_for_all(runs: list[Run], monkeypatch: pytest.MonkeyPatch) -> None:
    work_out()
    monkeypatch.setattr(costs, "COST_RULES", 99)
    assert work_out() == 6


def test_what_is_right_is_not_written(
    now: datetime, runs: list[Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    prices.store({"H100": OLD}, now)
    work_out()
    written: list[Any] = []
    monkeypatch.setattr(recosting, "update_rows", lambda _, rows: written.extend(rows))
    monkeypatch.setattr(costs, "COST_RULES", 99)
    assert (work_out(), written) == (6, [])
