"""Amounts and shares as Insights write them."""

from decimal import Decimal

import pytest

from dashboard.presentation.format import THIN
from dashboard.presentation.insights.dollars import change_text, dollars, share_text


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("1782.4", "$1,782"),
        ("999.996", "$1,000"),
        ("40.754", "$40.75"),
        ("0.9996", "$1.00"),
        ("0.602", "$0.602"),
        ("0.00421", "$0.0042"),
        ("0.00001", "<$0.0001"),
        ("0", "$0.00"),
    ],
)
def test_an_amount_has_the_places_that_say_something(amount: str, told: str) -> None:
    assert dollars(Decimal(amount)) == told


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
