"""Waits that spread."""

from dashboard.services.jitter import jittered


def test_a_wait_grows_by_up_to_a_tenth_and_never_shrinks() -> None:
    assert jittered(30, lambda: 0.0) == 30
    assert jittered(30, lambda: 0.5) == 31.5
    assert jittered(30, lambda: 0.999) < 33
    drawn = {jittered(30) for _ in range(200)}
    assert min(drawn) >= 30 and max(drawn) < 33
    assert len(drawn) > 150
