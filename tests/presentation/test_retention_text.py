"""Until when a run is kept, in words."""

from datetime import UTC, datetime

import pytest

from dashboard.domain.retention import RetentionLimits
from dashboard.presentation.retention_text import retention_text

MADE = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
STARRED = " Starred runs stay."


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        (RetentionLimits(), "until the run is removed."),
        (RetentionLimits(days=90), "until 22 Feb 2027." + STARRED),
        (RetentionLimits(days=0.5), "until 25 Nov 2026." + STARRED),
        (
            RetentionLimits(runs=10_000),
            "until newer runs replace it (the limit is 10,000 runs)." + STARRED,
        ),
        (
            RetentionLimits(size=20 * 10**9),
            "until newer runs need its space (the limit is 20.0 GB)." + STARRED,
        ),
        (
            RetentionLimits(days=90, runs=100),
            "until 22 Feb 2027 or newer runs replace it (the limit is 100 runs),"
            " whichever comes first." + STARRED,
        ),
        (RetentionLimits(days=1e14), "until the run is removed."),
    ],
)
def test_the_limits_in_force_are_named(limits: RetentionLimits, told: str) -> None:
    assert retention_text(MADE, limits, starred=False) == told


def test_a_starred_run_stays_whatever_the_limits() -> None:
    limits = RetentionLimits(days=90, runs=100, size=10**9)
    assert retention_text(MADE, limits, starred=True) == "as long as the run is starred."
    assert retention_text(MADE, RetentionLimits(), starred=True) == "until the run is removed."
