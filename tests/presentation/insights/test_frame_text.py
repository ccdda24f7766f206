"""The words around every page of Insights."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dashboard.domain.insights.period import Period
from dashboard.domain.insights.runs import LeftOut
from dashboard.presentation.insights.frame_text import left_out_text, period_text

BERLIN = ZoneInfo("Europe/Berlin")


def at(*moment: int) -> datetime:
    return datetime(*moment, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("period", "text"),
    [
        (
            Period(at(2026, 10, 24, 22), at(2026, 11, 23, 13, 8), BERLIN),
            "25 Oct to 23 Nov 2026, 14:08 · Europe/Berlin",
        ),
        (Period(at(2026, 11, 1), at(2026, 11, 3), UTC), "1 Nov to 2 Nov 2026 · UTC"),
        (Period(at(2026, 11, 1), at(2026, 11, 2), UTC), "1 Nov 2026 · UTC"),
        (Period(at(2025, 12, 30), at(2026, 1, 2), UTC), "30 Dec 2025 to 1 Jan 2026 · UTC"),
    ],
)
def test_a_time_is_told_by_its_days(period: Period, text: str) -> None:
    assert period_text(period) == text


@pytest.mark.parametrize(
    ("left_out", "text"),
    [
        (LeftOut(), ""),
        (LeftOut(workspace=1), "1 more run is left out: 1 from workspace sessions."),
        (
            LeftOut(2, 1_000, 1),
            "1,003 more runs are left out: 2 from workspace sessions, 1,000 assumed to have timed "
            "out, 1 with a start time that can't be true.",
        ),
    ],
)
def test_what_is_left_out_is_counted_by_why(left_out: LeftOut, text: str) -> None:
    assert left_out_text(left_out) == text
