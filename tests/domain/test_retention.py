"""The limits of retention."""

from dashboard.domain.retention import RetentionLimits


def test_zero_is_a_limit_and_none_is_not() -> None:
    assert not RetentionLimits().any
    assert RetentionLimits(runs=0).any and RetentionLimits(days=0.5).any
