"""A run's estimated cost in words."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.machines.cost import RunCost, run_cost
from dashboard.presentation.format import THIN
from dashboard.presentation.run.cost_text import CostText, cost_text, money

H100 = Decimal("0.002338")
TOLD = datetime(2026, 11, 26, 8, tzinfo=UTC)


def shown(cost: RunCost | None, **given: Any) -> CostText:
    assert cost is not None
    known = {"gpu": "H100", "seconds": (31.2, 12.4), "price_of": TOLD}
    return cost_text(cost, **{**known, **given})


def test_the_parts_are_those_of_the_design() -> None:
    told = shown(run_cost(H100, 31.2, 12.4))
    assert told.total == "$0.102"
    assert [(part.kind, part.times.replace(THIN, " "), part.amount) for part in told.parts] == [
        ("cold", "31.2 s × $0.002338", "$0.073"),
        ("run", "12.4 s × $0.002338", "$0.029"),
    ]
    assert told.price == "H100 price of 26 Nov 2026, in US dollars."
    assert shown(run_cost(H100, 1, 1), price_of=None).price == (
        "H100 price by the setting PRICES, in US dollars."
    )


def test_without_a_start_it_is_a_least() -> None:
    told = shown(run_cost(H100, None, 12.4), seconds=(None, 12.4))
    assert told.total.replace(THIN, " ") == "≥ $0.029"
    assert [part.kind for part in told.parts] == ["run"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, ""),
        (
            {"container": Decimal("0.141")},
            "Its container cost $0.141 with boot and idle time.",
        ),
        (
            {"container": Decimal("0.141"), "share": Decimal("0.112")},
            "Its container cost $0.141 with boot and idle time; this run’s share is $0.112.",
        ),
        (
            {"container": Decimal("0.141"), "share": Decimal("0.112"), "share_is_most": True},
            "Its container cost $0.141 with boot and idle time; "
            "this run’s share is at most $0.112.",
        ),
    ],
)
def test_the_container_is_told_with_the_share(given: dict[str, Any], said: str) -> None:
    assert shown(run_cost(H100, 31.2, 12.4), **given).container == said


@pytest.mark.parametrize(
    ("amount", "text"),
    [("0", "$0.0000"), ("0.00001", "<$0.0001"), ("0.0012", "$0.0012"), ("0.01", "$0.010"),
     ("1234.5", "$1,234.500")],
)  # fmt: skip
def test_money_has_the_places_that_its_size_needs(amount: str, text: str) -> None:
    assert money(Decimal(amount)) == text


@given(st.floats(0, 5000), st.floats(0, 5000))
def test_rounded_parts_add_up(start: float, run: float) -> None:
    told = shown(run_cost(H100, start, run), seconds=(start, run))
    amounts = [Decimal(part.amount.strip("<$").replace(",", "")) for part in told.parts]
    total = Decimal(told.total.strip("<$").replace(",", ""))
    if not any(text.startswith("<") for text in (told.total, *(p.amount for p in told.parts))):
        assert sum(amounts) == total
    assert sum(part.percent for part in told.parts) <= 100
