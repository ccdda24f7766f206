"""Amounts and shares as Insights write them."""

from decimal import Decimal

import pytest

from dashboard.presentation.format import THIN
from dashboard.presentation.insights.cost_numbers import change_text, share_text


@pytest.mark.parametrize(
    ("after", "before", "told"),
    [
        ("40.75", "39.19", "+$1.56"),
        ("39.19", "40.75", "−$1.56"),
        ("0.5", "0.704", "−$0.204"),
        ("2", "2", "no change"),
        ("0", "0", "no change"),
    ],
)
def test_a_change_is_of_the_amounts_themselves(after: str, before: str, told: str) -> None:
    assert change_text(Decimal(after), Decimal(before)) == told


@pytest.mark.parametrize(
    ("share", "percent"), [(0.44, 44), (0.0, 0), (1.0, 100), (0.001, 1), (0.999, 99), (0.125, 13)]
)
def test_a_share_that_is_not_all_is_not_told_as_all(share: float, percent: int) -> None:
    assert share_text(share) == f"{percent}{THIN}%"


def test_a_share_of_nothing_is_not_told() -> None:
    assert share_text(None) == ""
