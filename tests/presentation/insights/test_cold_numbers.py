"""Shares, seconds and dollars as the page of cold starts writes them."""

from decimal import Decimal

import pytest

from dashboard.domain.insights.shares import Interval, Share
from dashboard.presentation.format import GAP, THIN
from dashboard.presentation.insights import cold_numbers as numbers


def plain(text: str) -> str:
    return text.replace(THIN, " ").replace(GAP, " ")


def test_titles_of_shares() -> None:
    assert plain(numbers.share_title(Share(4, 116))) == "4 of 116 cold, 1 to 9 %"
    assert numbers.share_title(Share(1, 1)) == "1 start, too few"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (1.12, "+1.1 s"),
        (0.02, "+0.0 s"),
        (-2.5, "−2.5 s"),
        (236, "+3 m 56 s"),
        (59.96, "+1 m 00 s"),
    ],
)
def test_changes_of_seconds(seconds: float, text: str) -> None:
    assert plain(numbers.seconds_change(seconds)) == text


def test_other_changes() -> None:
    assert numbers.points_change(-0.0254) == "−2.5 points"
    assert numbers.dollars_change(Decimal("14.56"), Decimal("13.48")) == "+$1.08"
    assert numbers.dollars_change(Decimal("1"), Decimal("1")) == "+$0"


def test_the_tone_of_a_change() -> None:
    intervals = (Interval(0.1, 2), Interval(-2, -0.1), Interval(-1, 1), Interval(0, 1))
    assert [numbers.tone(one) for one in intervals] == ["up", "down", "same", "same"]
