"""What a warm time comes to, worked out by hand."""

from datetime import date
from decimal import Decimal

from dashboard.domain.insights.replay import Job, Rules
from dashboard.domain.insights.warm_times import replayed_times

S = 1_000_000
# Two runs a day, the second 50 s after the first has ended; a boot takes 30 s, a run 10 s.
DAYS = [date(2026, 11, day) for day in (1, 2, 3, 4) for _ in range(2)]
JOBS = [
    Job(day * 86_400 * S + at, 30 * S, 10 * S) for day in (1, 2, 3, 4) for at in (0, 90 * S)
]  # fmt: skip


def test_a_longer_time_avoids_every_second_boot() -> None:
    rules = {seconds: Rules(seconds * S) for seconds in (30, 60)}
    today, longer = replayed_times(JOBS, DAYS, rules, 30, Decimal("0.01"), 4.0)
    # Each run: 30 s boot, 10 s run, 30 s warm. Then: 30 + 10 + 50, and 10 + 60.
    assert (today.share, today.waiting, today.cost) == (1.0, 60.0, Decimal("1.4"))
    assert (longer.share, longer.waiting, longer.cost) == (0.5, 30.0, Decimal("1.6"))
    assert (longer.avoided, longer.extra, longer.per_minute) == (
        30.0,
        Decimal("0.2"),
        Decimal("0.4"),
    )
    assert longer.avoided_interval and longer.avoided_interval.low == 30
    assert longer.is_beyond_chance and not today.is_beyond_chance
    assert today.per_minute is None and today.avoided == 0 and today.extra == 0


def test_two_days_have_no_interval() -> None:
    (only,) = replayed_times(JOBS[:4], DAYS[:4], {30: Rules(30 * S)}, None, None, 2.0)
    assert only.interval is only.avoided is only.avoided_interval is only.cost is None
