"""Shares and dollars as every page of Insights writes them."""

from decimal import Decimal

import pytest

from dashboard.domain.insights.shares import Interval
from dashboard.presentation.format import THIN
from dashboard.presentation.insights.numbers import dollars, percent, percents


@pytest.mark.parametrize(
    ("share", "text"),
    [(0, "0 %"), (0.001, "1 %"), (0.125, "13 %"), (0.355, "36 %"), (0.9999, "99 %"), (1, "100 %")],
)
def test_what_is_neither_none_nor_all_reads_neither_so(share: float, text: str) -> None:
    assert percent(share).replace(THIN, " ") == text


def test_an_interval_is_told_by_its_ends() -> None:
    assert percents(Interval(0.321, 0.4)).replace(THIN, " ") == "32 to 40 %"
    assert percents(Interval(0.321, 0.323)).replace(THIN, " ") == "32 %"
    assert percents(None) == ""


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("1782.4", "$1,782"),
        ("999.996", "$1,000"),
        ("40.754", "$40.75"),
        ("14.558", "$14.56"),
        ("0.9996", "$1.00"),
        ("0.602", "$0.602"),
        ("0.4871", "$0.487"),
        ("0.00421", "$0.0042"),
        ("0.00001", "<$0.0001"),
        ("0", "$0"),
    ],
)
def test_an_amount_has_the_places_that_say_something(amount: str, told: str) -> None:
    assert dollars(Decimal(amount)) == told
