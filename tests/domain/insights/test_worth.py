"""Amounts as people type them."""

from decimal import Decimal

import pytest

from dashboard.domain.insights.worth import read_worth


@pytest.mark.parametrize(
    ("text", "worth"),
    [("1.00", "1"), ("$ 2", "2"), ("0,5", "0.5"), (" 0.0125 ", "0.0125"), ("0", "0")],
)
def test_what_can_be_read(text: str, worth: str) -> None:
    assert read_worth(text) == Decimal(worth)


@pytest.mark.parametrize("text", ["", "-1", "1e3", "NaN", "1.", ".5", "1,000,000", "1.23456", "٣"])
def test_what_cannot(text: str) -> None:
    assert read_worth(text) is None
