"""Names, shares and moments of failures."""

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.insights.failure_causes import CauseKey, VersionKey
from dashboard.domain.insights.shares import Interval
from dashboard.domain.logs.causes import Cause
from dashboard.presentation.insights.failure_words import (
    OTHER_CAUSE,
    cause_name,
    fine_percent,
    fine_percents,
    full_name,
    listed,
    moment_text,
)
from tests.domain.insights.histories import PERIOD
from tests.presentation.insights.failing import NAMES, plain


@pytest.mark.parametrize(
    ("share", "text"),
    [
        *((0, "0 %"), (0.0002, "< 0.1 %"), (0.0566, "5.7 %"), (0.0994, "9.9 %")),
        *((0.0996, "10 %"), (0.214, "21 %"), (0.996, "99 %"), (1, "100 %")),
    ],
)
def test_small_shares_are_told_to_tenths(share: float, text: str) -> None:
    assert plain(fine_percent(share)) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        *((0.0452, 0.0709, "4.5 to 7.1 %"), (0.14, 0.31, "14 to 31 %")),
        *((0, 0.086, "0 to 8.6 %"), (0.02, 0.02, "2.0 %"), (0.095, 0.12, "10 to 12 %")),
    ],
)
def test_intervals(low: float, high: float, text: str) -> None:
    assert plain(fine_percents(Interval(low, high))) == text


def test_every_known_cause_has_a_name() -> None:
    assert OTHER_CAUSE not in {cause_name(CauseKey(word, "")) for word in Cause}
    assert cause_name(CauseKey("", "digest")) == OTHER_CAUSE
    assert cause_name(CauseKey("of-a-newer-release", "")) == OTHER_CAUSE


def test_names() -> None:
    assert full_name(NAMES, VersionKey("lighthouse", "v15")) == "lighthouse-flux v15"
    assert full_name(NAMES, VersionKey(None, None)) == "not reported not reported"
    assert [listed(names) for names in (["a"], ["a", "b"], ["a", "b", "c"])] == [
        *("a", "a and b", "a, b and c")
    ]


def test_moments_are_of_the_page_and_name_another_year() -> None:
    at = datetime(2026, 9, 25, 8, 28, tzinfo=UTC)
    berlin = replace(PERIOD, zone=ZoneInfo("Europe/Berlin"))
    assert moment_text(at, berlin) == "25 Sep, 10:28"
    assert moment_text(at.replace(year=2025), PERIOD) == "25 Sep 2025, 08:28"
